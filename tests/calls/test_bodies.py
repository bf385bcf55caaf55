"""The examples of the document make calls, and a body is sent as typed or refused by name."""

import json
from typing import Any

import pytest

from playground.calls import Attachment, BadCall, call_from
from playground.calls.json_text import MOST_BYTES, MOST_LEVELS, MOST_VALUES
from playground.catalogue import Operation
from tests.calls.made import CALLED, call, refused, texts_in


@pytest.mark.parametrize("row", CALLED, ids=lambda row: row.id)
def test_every_example_makes_a_call(row: Operation):
    files = [name.removeprefix("@file:") for name in texts_in(row.example) if name.startswith("@file:")]
    attachments = {name: Attachment(name, "image/png", b"x") for name in files}

    made = call_from(row, {"path": row.path_values, "headers": row.headers, "body": row.example}, None, attachments)

    assert (made.operation, made.method, made.dialect, made.auth) == (row.id, row.method, row.dialect, row.auth)
    assert "{" not in made.path
    assert made.model == (row.models[0] if row.models else "")
    assert bool(made.body) == (row.content_type != "none")


@pytest.mark.parametrize("row", [row for row in CALLED if row.streaming == "either"], ids=lambda row: row.id)
def test_whatever_can_do_both_streams_when_asked_and_does_not_when_asked_not_to(row: Operation):
    files = [name.removeprefix("@file:") for name in texts_in(row.example) if name.startswith("@file:")]
    attachments = {name: Attachment(name, "image/png", b"x") for name in files}
    asked = {"path": row.path_values, "body": row.example}

    assert [call_from(row, asked, stream, attachments).streaming for stream in (True, False)] == [True, False]


@pytest.mark.parametrize("row", [row for row in CALLED if row.streaming == "sse"], ids=lambda row: row.id)
def test_whatever_always_streams_streams(row: Operation):
    assert call_from(row, {"path": row.path_values, "body": row.example}).streaming


def test_a_guide_is_no_call():
    assert refused("use-in-codex")[:2] == ("not_a_call", "operation")


@pytest.mark.parametrize(
    "text", ['{"model":"m"}', '{ "b" : 1.0e+2,\n"a": "\\u00e9\\/", "n": 12345678901234567890123 }\n', "[1, 2]"]
)
def test_a_typed_body_is_sent_byte_for_byte(text: str):
    assert call(body_text=text).body == text.encode()


def test_a_typed_body_wins_over_a_value_beside_it():
    assert call(body={"model": "a"}, body_text='{"model": "b"}').model == "b"


def test_a_value_is_written_without_escapes_it_does_not_need():
    assert call(body={"model": "m", "messages": []}).body == b'{"model":"m","messages":[]}'
    assert call(body={"text": "你好"}).body == '{"text":"你好"}'.encode()


def test_a_body_is_json_by_its_content_type_unless_one_is_chosen():
    assert call().content_type == "application/json"
    assert (
        call(headers={"content-type": "application/json; charset=utf-8"}).content_type
        == "application/json; charset=utf-8"
    )


def test_an_operation_that_needs_a_body_says_so():
    assert refused(body=None)[:2] == ("body_missing", "body")
    assert refused(body_text=" \n")[:2] == ("body_missing", "body")


@pytest.mark.parametrize("nothing", [{}, {"body": None}, {"body": {}}, {"body_text": ""}])
def test_an_operation_without_a_body_sends_none(nothing: dict[str, Any]):
    made = call("list-models", **nothing)

    assert (made.body, made.content_type) == (b"", "")


def test_an_operation_without_a_body_refuses_one():
    assert refused("list-models", body={"model": "m"})[:2] == ("body_unwanted", "body")


@pytest.mark.parametrize(
    ("text", "reason", "details"),
    [
        ('{"a": 1,}', "not_json", {"line": 1, "column": 9}),
        ('{"a":\n"b', "not_json", {"line": 2, "column": 1}),
        ("\ufeff{}", "byte_order_mark", {}),
        ('{"a": "b\0"}', "nul", {}),
        ('{"a": NaN}', "not_a_number", {"value": "NaN"}),
        ('{"a": [-Infinity]}', "not_a_number", {"value": "-Infinity"}),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', "duplicate_key", {"name": "b"}),
        ('{"a": "\\ud83d."}', "surrogate", {"half": "\\ud83d"}),
        ('{"\\uDE00": 1}', "surrogate", {"half": "\\ude00"}),
        ('{"a": "\ud83d"}', "surrogate", {"half": "\\ud83d"}),
        ("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1), "too_deep", {"limit": 200}),
        ('{"a": [' + "0," * (MOST_VALUES + 1) + "0]}", "too_many", {"limit": "1,000,000"}),
        ('{"a": [' + '"",' * (MOST_VALUES + 1) + '""]}', "too_many", {"limit": "1,000,000"}),
        ("[" * 900_000, "too_deep", {"limit": 200}),
        ('{"a":' * 900_000, "too_deep", {"limit": 200}),
        ('"' + '\\"' * 500_000, "not_json", {"line": 1, "column": 1}),
        ('{"a": "' + "x" * MOST_BYTES + '"}', "too_large", {"limit": 32}),
        ('{"a": "' + "你" * (MOST_BYTES // 3) + '"}', "too_large", {"limit": 32}),
    ],
)
def test_a_body_that_upstreams_would_misread_is_refused(text: str, reason: str, details: dict[str, Any]):
    with pytest.raises(BadCall) as bad:
        call(body_text=text)

    assert (bad.value.reason, bad.value.field, bad.value.details) == (reason, "body", details)
    assert bad.value.code == ("too_large" if reason == "too_large" else "bad_call")


def test_a_body_of_just_the_largest_size_is_sent():
    text = '{"a":"' + "x" * (MOST_BYTES - 8) + '"}'

    assert len(call(body_text=text).body) == MOST_BYTES


def test_nesting_up_to_the_limit_is_sent_and_brackets_in_texts_do_not_count():
    nested = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    quoted = json.dumps({"a": "[{" * 1000 + '"]' + "," * (MOST_VALUES + 1)})

    assert call(body_text=nested).body == nested.encode()
    assert call(body_text=quoted).body == quoted.encode()


@pytest.mark.parametrize(
    "text", ['{"a": "\\u0000"}', '{"a": "\\ud83d\\ude00"}', '{"a": 1e999}', '{"a": ' + "9" * 5000 + "}"]
)
def test_what_json_permits_is_sent(text: str):
    assert call(body_text=text).body == text.encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [({"a": float("nan")}, "not_a_number"), ({"a": "\ud83d"}, "surrogate"), ({"a": {1, 2}}, "wrong_shape")],
)
def test_a_value_that_no_json_can_spell_is_refused(body: Any, reason: str):
    assert refused(body=body)[:2] == (reason, "body")


def test_a_value_nested_too_deep_is_refused():
    body: Any = []
    for _ in range(5000):
        body = [body]

    assert refused(body=body)[:2] == ("too_deep", "body")
