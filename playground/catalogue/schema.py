"""A parameter table spelled as JSON Schema (draft 2020-12).

Alternatives are told apart by JSON type and by discriminator, never by trying them all (`anyOf`), so that every
error points at the very field that is wrong. Objects refuse unknown fields here; whoever reads the errors decides
that an unknown field is only a hint.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from playground.catalogue.operation import NamedObject, Parameter, ParameterTable
from playground.catalogue.shapes import Shape, read_shapes

Schema = dict[str, Any]

JSON_TYPES = {
    "string": "string",
    "base64": "string",
    "file": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "array": "array",
    "object": "object",
    "map": "object",
    "ref": "object",
}
TAGS = ("type", "role")


def json_schema(table: ParameterTable) -> Schema:
    """The schema of the body that a table describes."""
    writer = _Writer(table.objects)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **writer.fields(table.of("body")),
        "$defs": {name: writer.fields(named.fields) for name, named in table.objects.items()},
    }


class _Writer:
    """Writes schemas that may refer to the named objects of one table."""

    def __init__(self, objects: Mapping[str, NamedObject]) -> None:
        self.objects = objects

    def fields(self, parameters: Iterable[Parameter]) -> Schema:
        """An object with these fields; dotted names nest."""
        heads: dict[str, Parameter] = {}
        below: dict[str, list[Parameter]] = {}
        for parameter in parameters:
            head, dot, rest = parameter.name.partition(".")
            if dot:
                below.setdefault(head, []).append(replace(parameter, name=rest))
            else:
                heads[head] = parameter
        return {
            "type": "object",
            "properties": {name: self.value(parameter, below.get(name, [])) for name, parameter in heads.items()},
            "required": [name for name, parameter in heads.items() if parameter.required],
            "additionalProperties": False,
        }

    def value(self, parameter: Parameter, inner: Sequence[Parameter]) -> Schema:
        """What one field may hold; `inner` are the fields of a nested object."""
        return self.shapes(read_shapes(parameter.type), parameter, inner, nullable=parameter.nullable)

    def shapes(
        self, shapes: tuple[Shape, ...], rules: Parameter, inner: Sequence[Parameter] = (), nullable: bool = False
    ) -> Schema:
        """One of these shapes, within the limits of the parameter they belong to."""
        if any(shape.kind == "any" for shape in shapes):
            return {}
        types = list(dict.fromkeys(JSON_TYPES[shape.kind] for shape in shapes))
        schema: Schema = {"type": [*types, "null"] if nullable else types}
        if "array" in types:
            schema |= self.array([shape for shape in shapes if shape.kind == "array"], rules)
        if "object" in types:
            schema |= _only_objects(self.object([s for s in shapes if JSON_TYPES[s.kind] == "object"], rules, inner))
        if not set(types) <= {"array", "object"}:
            schema |= _scalar_limits(rules)
        return schema

    def array(self, arrays: list[Shape], rules: Parameter) -> Schema:
        limits = {"minItems": rules.min_items, "maxItems": rules.max_items}
        within = tuple(shape for array in arrays for shape in array.of)
        inside = replace(rules, min_items=None, max_items=None)
        return {"items": self.shapes(within, inside)} | _given(limits)

    def object(self, shapes: list[Shape], rules: Parameter, inner: Sequence[Parameter]) -> Schema:
        if inner:
            return self.fields(inner)
        if any(shape.kind == "object" for shape in shapes):
            return {}
        maps = [shape for shape in shapes if shape.kind == "map"]
        if maps:
            within = tuple(shape for map_ in maps for shape in map_.of)
            return {} if len(maps) < len(shapes) else {"additionalProperties": self.shapes(within, rules)}
        return self.choice([shape.object for shape in shapes])

    def choice(self, names: list[str]) -> Schema:
        """One of several named objects, told apart by the value of their tag (`type` or `role`)."""
        names = list(dict.fromkeys(names))
        if len(names) == 1:
            return {"$ref": f"#/$defs/{names[0]}"}
        tags = [tag for tag in TAGS if any(self.marks(name, tag) for name in names)]
        if not tags:
            return self.merged(names)
        return self.by_tag(names, tags[0])

    def by_tag(self, names: list[str], tag: str) -> Schema:
        marked: dict[Any, list[str]] = {}
        for name in names:
            for mark in self.marks(name, tag):
                marked.setdefault(mark, []).append(name)
        unmarked = [name for name in names if not self.needs(name, tag)]
        cases = [
            {"if": _tagged(tag, mark), "then": self.choice(those) if len(those) == 1 else self.merged(those)}
            for mark, those in marked.items()
        ]
        return {
            "if": {"required": [tag]},
            "then": {"properties": {tag: {"enum": list(marked)}}, "allOf": cases},
            "else": self.choice(unmarked)
            if len(unmarked) == 1
            else self.merged(unmarked)
            if unmarked
            else {"required": [tag]},
        }

    def marks(self, name: str, tag: str) -> tuple[Any, ...]:
        """The values of the tag by which an object is known."""
        named = self.objects[name]
        if tag in named.discriminator:
            return (named.discriminator[tag],)
        return next((field.enum for field in named.fields if field.name == tag), ())

    def needs(self, name: str, tag: str) -> bool:
        return any(field.name == tag and field.required for field in self.objects[name].fields)

    def merged(self, names: list[str]) -> Schema:
        """Objects that nothing tells apart: all their fields, required where all require them."""
        spellings: dict[str, list[Parameter]] = {}
        for name in names:
            for field in self.objects[name].fields:
                spellings.setdefault(field.name, []).append(field)
        return self.fields(_one_of(fields, required=len(fields) == len(names)) for fields in spellings.values())


def _one_of(fields: list[Parameter], required: bool) -> Parameter:
    """A field that may hold whatever one of these fields may hold."""
    closed = all(field.enum for field in fields)
    return replace(
        fields[0],
        type=" | ".join(dict.fromkeys(field.type for field in fields)),
        enum=tuple(dict.fromkeys(value for field in fields for value in field.enum)) if closed else (),
        required=required and all(field.required for field in fields),
        nullable=any(field.nullable for field in fields),
    )


def _only_objects(schema: Schema) -> Schema:
    """A schema that leaves every other JSON type alone; plain object keywords do so by themselves."""
    if set(schema) <= {"type", "properties", "required", "additionalProperties"}:
        return {keyword: value for keyword, value in schema.items() if keyword != "type"}
    return {"if": {"type": "object"}, "then": schema}


def _scalar_limits(rules: Parameter) -> Schema:
    limits = _given(
        {
            "minimum": rules.minimum,
            "maximum": rules.maximum,
            "minLength": rules.min_length,
            "maxLength": rules.max_length,
        }
    )
    if rules.enum:
        # Other types of the same field, null among them, are not bound by the list.
        kinds = sorted({_json_type(value) for value in rules.enum})
        limits["allOf"] = [{"if": {"type": kinds}, "then": {"enum": list(rules.enum)}}]
    return limits


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


def _tagged(tag: str, mark: Any) -> Schema:
    return {"properties": {tag: {"const": mark}}, "required": [tag]}


def _given(limits: dict[str, Any]) -> Schema:
    return {keyword: value for keyword, value in limits.items() if value is not None}
