"""Values made from a schema obey it, as the reference validator sees it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from playground.sandbox.schema import value_for
from playground.sandbox.seed import Seed

SCHEMAS: dict[str, Any] = {
    "bounds": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 6}}},
    "exclusive bounds": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "exclusive whole": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    "below zero": {"type": "integer", "maximum": -4},
    "steps": {"type": "integer", "multipleOf": 7, "minimum": 10},
    "lengths": {"type": "string", "minLength": 100, "maxLength": 110},
    "short": {"type": "string", "maxLength": 2},
    "pattern": {"type": "string", "pattern": "^[A-Z]{2}-\\d{4}(-x)?$"},
    "pattern of words": {"type": "string", "pattern": "^(red|green) \\w+$", "minLength": 12},
    "enum": {"enum": [3, 4]},
    "const": {"const": {"a": [1]}},
    "list of types": {"type": ["null", "integer"]},
    "many items": {"type": "array", "items": {"type": "boolean"}, "minItems": 5},
    "unique items": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "uniqueItems": True},
    "unique words": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
    "no items": {"type": "array", "items": {"type": "string"}, "maxItems": 0},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False, "minItems": 2},
    "alternatives": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["x"]}]},
    "one of": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    "all of": {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a"], "type": "object"}]},
    "nothing said": {},
    "dates": {"type": "string", "format": "date-time"},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
    "reference": {
        "type": "object",
        "properties": {"who": {"$ref": "#/$defs/person"}},
        "required": ["who"],
        "additionalProperties": False,
        "$defs": {"person": {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}},
    },
    "tree": {
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                    "parent": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                },
                "required": ["name", "children", "parent"],
                "additionalProperties": False,
            }
        },
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("prompt", ["", "Order 12 red apples for Alice, 3 euros", "张三，28 岁，会 Python 和 Go。"])
def test_a_value_obeys_its_schema(name: str, prompt: str) -> None:
    value = value_for(SCHEMAS[name], Seed(name), prompt)

    assert list(Draft202012Validator(SCHEMAS[name]).iter_errors(value)) == []


def leaves() -> st.SearchStrategy[Any]:
    low = st.integers(-50, 50)
    return st.one_of(
        low.flatmap(lambda n: st.just({"type": "integer", "minimum": n, "maximum": n + 9})),
        low.flatmap(lambda n: st.just({"type": "number", "minimum": n})),
        st.integers(0, 30).map(lambda n: {"type": "string", "minLength": n, "maxLength": n + 5}),
        st.just({"type": "boolean"}),
        st.just({"type": ["string", "null"]}),
        st.lists(st.text(min_size=1), min_size=1, max_size=3, unique=True).map(lambda words: {"enum": words}),
    )


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(st.sampled_from(["name", "city", "age", "tags", "when", "total"]), inner, max_size=4)
    closed = {"type": "object", "additionalProperties": False}
    return st.one_of(
        properties.map(lambda known: {**closed, "properties": known, "required": list(known)}),
        st.tuples(inner, st.integers(0, 4)).map(lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1]}),
        st.lists(inner, min_size=1, max_size=3).map(lambda choices: {"anyOf": choices}),
    )


@given(schema=st.recursive(leaves(), objects, max_leaves=12), prompt=st.text(max_size=80))
def test_values_obey_any_schema(schema: Any, prompt: str) -> None:
    value = value_for(schema, Seed("any"), prompt)

    assert list(Draft202012Validator(schema).iter_errors(value)) == []


def test_a_schema_in_geminis_spelling_is_understood() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {
            "b": {"type": "INTEGER", "minimum": 2},
            "a": {"type": "ARRAY", "items": {"type": "STRING"}, "minItems": "3"},
        },
        "propertyOrdering": ["a", "b"],
    }

    value = value_for(schema, Seed("gemini"), "hello")

    assert list(value) == ["a", "b"] and (len(value["a"]), value["b"]) == (3, 3)
