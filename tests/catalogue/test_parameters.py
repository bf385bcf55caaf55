"""The parameter tables: complete, readable, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from playground import catalogue
from playground.catalogue import Operation, Parameter, ParameterTable
from playground.catalogue.operation import GROUPS
from playground.catalogue.shapes import Shape, read_shapes

CALLED = [row for row in catalogue.operations() if row.kind == "operation"]
FULL = ["full-chat", "full-responses", "full-messages", "full-v1beta"]


def table_of(id: str) -> ParameterTable:
    return catalogue.parameters(catalogue.find(id))


def all_fields(table: ParameterTable) -> Iterator[Parameter]:
    yield from table.parameters
    for named in table.objects.values():
        yield from named.fields


@pytest.mark.parametrize("row", catalogue.operations(), ids=lambda row: row.id)
def test_every_field_of_a_row_is_named_typed_and_told_in_both_languages(row: Operation):
    for field in all_fields(catalogue.parameters(row)):
        assert field.name and field.en and field.zh
        assert read_shapes(field.type)
        assert field.group in GROUPS
        assert all(set(words) == {"en", "zh"} for words in (field.applies_to, field.note) if words)


@pytest.mark.parametrize("row", CALLED, ids=lambda row: row.id)
def test_every_object_a_type_names_is_there(row: Operation):
    table = catalogue.parameters(row)

    named = {name for field in all_fields(table) for name in objects_in(read_shapes(field.type))}

    assert named <= set(table.objects)


@pytest.mark.parametrize("row", CALLED, ids=lambda row: row.id)
def test_every_field_of_an_example_is_in_the_table(row: Operation):
    table = catalogue.parameters(row)

    unknown = [name for name in row.example or {} if table.find(name) is None]

    assert unknown == []


@pytest.mark.parametrize("row", CALLED, ids=lambda row: row.id)
def test_a_table_names_each_parameter_once(row: Operation):
    for fields in (
        catalogue.parameters(row).parameters,
        *(o.fields for o in catalogue.parameters(row).objects.values()),
    ):
        names = [(field.place, field.name) for field in fields]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("row", [row for row in catalogue.operations() if row.kind == "schema"], ids=lambda row: row.id)
def test_every_data_model_has_its_fields_and_the_models_they_name(row: Operation):
    table = catalogue.parameters(row)

    assert table.parameters
    assert {name for field in all_fields(table) for name in objects_in(read_shapes(field.type))} == set(table.objects)


@pytest.mark.parametrize("id", FULL)
def test_a_full_example_carries_every_top_level_parameter_of_its_dialect(id: str):
    row = catalogue.find(id)

    body = [p.name for p in catalogue.parameters(row).of("body") if "." not in p.name and not p.gateway]

    assert sorted(body) == sorted(row.example)


def test_streaming_and_plain_gemini_share_one_table():
    assert table_of("gemini-stream") is table_of("gemini-chat")


def test_a_guide_has_no_parameters():
    assert table_of("use-in-codex").parameters == ()


def test_what_is_younger_than_the_document_is_marked():
    chat = table_of("chat-basic")

    assert {p.name for p in chat.parameters if p.newer and "." not in p.name} == {"moderation", "prompt_cache_options"}


def test_what_needs_a_beta_header_is_marked():
    messages = table_of("claude-chat")

    assert [messages.find(name).beta for name in ("mcp_servers", "thread", "max_tokens")] == [True, True, False]


def test_what_gateways_add_is_marked():
    chat = table_of("chat-basic")

    assert [chat.find(name).gateway for name in ("enable_thinking", "temperature")] == [True, False]


@pytest.mark.parametrize(
    ("id", "name", "group"),
    [
        ("chat-basic", "model", "common"),
        ("chat-basic", "temperature", "sampling"),
        ("chat-basic", "audio.voice", "output"),
        ("chat-basic", "tools", "tools"),
        ("chat-basic", "metadata", "advanced"),
        ("gemini-chat", "generationConfig.topP", "sampling"),
        ("claude-chat", "system", "common"),
    ],
)
def test_parameters_are_grouped_by_data(id: str, name: str, group: str):
    assert table_of(id).find(name).group == group


def test_parameters_say_where_they_stand():
    messages = table_of("claude-chat")

    assert [p.name for p in messages.of("header")] == [
        "anthropic-version",
        "anthropic-user-profile-id",
        "anthropic-workspace-id",
        "anthropic-beta",
    ]


def test_a_default_of_null_differs_from_none_given():
    chat = table_of("chat-basic")

    assert [(p.has_default, p.default) for p in map(chat.find, ("frequency_penalty", "seed"))] == [
        (True, 0),
        (False, None),
    ]


def test_the_multipart_spelling_of_a_list_finds_its_parameter():
    assert table_of("image-edit").find("image[]").name == "image"


def test_a_type_is_read_into_its_alternatives():
    assert read_shapes("string | array<object:tool | map<string,any>>") == (
        Shape("string"),
        Shape("array", (Shape("ref", object="tool"), Shape("map", (Shape("any"),)))),
    )


def test_a_type_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no such type: 'text'"):
        read_shapes("array<text>")


def objects_in(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.object:
            yield shape.object
        yield from objects_in(shape.of)
