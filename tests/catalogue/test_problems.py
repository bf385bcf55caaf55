"""What is said about a body that does not fit its parameter table."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from playground import catalogue
from playground.catalogue import Operation
from playground.catalogue.examples import sendable
from playground.catalogue.problems import MOST, Problem, problems
from playground.catalogue.schema import json_schema

WITH_BODY = [row for row in catalogue.operations() if row.kind == "operation" and row.content_type != "none"]


def said(id: str, body: Any) -> list[tuple[str, str, str]]:
    return [(p.level, p.pointer, p.message) for p in problems(catalogue.find(id), body)]


def about_chat(**fields: Any) -> list[tuple[str, str, str]]:
    return said("chat-basic", {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields})


@pytest.mark.parametrize("row", WITH_BODY, ids=lambda row: row.id)
def test_every_table_makes_a_valid_schema(row: Operation):
    Draft202012Validator.check_schema(json_schema(catalogue.parameters(row)))


@pytest.mark.parametrize("row", WITH_BODY, ids=lambda row: row.id)
def test_every_example_is_without_problems_and_so_is_its_sendable_form(row: Operation):
    assert problems(row, row.example) == []
    assert problems(row, sendable(row)) == []
    if row.alternative_example:
        assert problems(row, row.alternative_example) == []


def test_a_missing_parameter_is_named():
    assert said("chat-basic", {"messages": [{"role": "user", "content": "Hi"}]}) == [
        ("error", "/model", "model is missing.")
    ]


def test_a_wrong_type_says_what_was_wanted_and_what_was_found():
    assert about_chat(n="2", stop=5) == [
        ("error", "/n", "n should be a whole number, not a text."),
        ("error", "/stop", "stop should be a text or a list, not a whole number."),
    ]


def test_true_is_no_number():
    assert about_chat(temperature=True) == [
        ("error", "/temperature", "temperature should be a number, not true or false.")
    ]


def test_null_fits_only_where_the_document_allows_it():
    assert about_chat(temperature=None, model=None) == [("error", "/model", "model should be a text, not null.")]


def test_a_number_out_of_range_says_the_limit():
    assert about_chat(temperature=2.5, logit_bias={"50256": -101}) == [
        ("error", "/logit_bias/50256", "logit_bias.50256 must be at least -100."),
        ("error", "/temperature", "temperature must be at most 2."),
    ]


def test_a_limit_of_one_is_told_of_one():
    one, many = (Problem("/stop", "stop", "max_items", details={"limit": limit}).message for limit in (1, 4))

    assert (one, many) == ("stop must have at most 1 entry.", "stop must have at most 4 entries.")


def test_a_closed_list_names_its_values():
    assert about_chat(audio={"voice": "alloy", "format": "ogg"}) == [
        ("error", "/audio/format", "audio.format must be one of: wav, aac, mp3, flac, opus, pcm16.")
    ]


def test_any_model_may_be_named():
    assert about_chat(model="somebody/else-7b:free") == []


def test_an_unknown_parameter_is_a_hint():
    assert about_chat(top_q=1) == [("hint", "/top_q", "top_q is not in the document. It is sent as it stands.")]


def test_a_message_is_known_by_its_role():
    assert about_chat(messages=[{"role": "usr", "content": "Hi"}, {"role": "tool", "content": "21"}]) == [
        (
            "error",
            "/messages/0/role",
            "messages[0].role must be one of: developer, system, user, assistant, tool, function.",
        ),
        ("error", "/messages/1/tool_call_id", "messages[1].tool_call_id is missing."),
    ]


def test_the_very_field_is_pointed_at_inside_lists_of_alternatives():
    parts = [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"detail": "low"}}]

    assert about_chat(messages=[{"role": "user", "content": parts}]) == [
        ("error", "/messages/0/content/1/image_url/url", "messages[0].content[1].image_url.url is missing.")
    ]


def test_an_element_without_its_mark_is_told_to_have_one():
    assert about_chat(messages=[{"content": "Hi"}]) == [("error", "/messages/0/role", "messages[0].role is missing.")]


def test_an_input_item_may_go_without_its_type():
    assert said("codex-model", {"model": "m", "input": [{"role": "user", "content": "Hi"}]}) == []


def test_a_pointer_escapes_what_pointers_escape():
    assert about_chat(**{"a/b~c": 1})[0][1] == "/a~1b~0c"


def test_a_form_may_spell_numbers_as_text_and_lists_with_brackets():
    body = {"model": "gpt-image-1", "prompt": "x", "image[]": ["@file:a.png"], "n": "2", "stream": "false"}

    assert said("image-edit", body) == []
    assert said("image-edit", {**body, "n": "two"}) == [("error", "/n", "n should be a whole number, not a text.")]


def test_a_problem_of_a_repeated_field_stands_where_the_form_has_it():
    assert said("image-edit", {"model": "m", "prompt": "x", "image[]": ["@file:a.png", 5]}) == [
        ("error", "/image[]/1", "image[][1] should be a text, not a whole number.")
    ]


def test_a_body_that_is_no_object_is_told_so():
    assert said("chat-basic", []) == [("error", "", "The body should be an object, not a list.")]


def test_a_body_wrong_throughout_gets_a_bounded_answer():
    assert len(about_chat(messages=[{"role": "nobody"}] * 1000)) == MOST


def test_an_operation_without_a_body_has_no_problems():
    assert said("list-models", None) == []


def test_a_problem_is_told_in_the_readers_language():
    chinese = {
        "{name} should be {kinds}, not {given}.": "{name} 应为{kinds}，而不是{given}。",
        "a text": "文本",
        "a list": "列表",
        " or ": "或",
        "null": "null",
    }

    (problem,) = problems(catalogue.find("embeddings"), {"model": "m", "input": None})

    assert problem.told(lambda text: chinese[text]) == "input 应为文本或列表，而不是null。"
