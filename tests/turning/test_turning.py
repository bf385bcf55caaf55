"""A request said in another dialect: what is carried comes back, what is not is told, nothing gets lost between the two."""

import copy
import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import catalogue
from playground.catalogue.problems import problems
from playground.turning import DIALECTS, REASONS, folded, meaning, turn
from playground.turning.source import leaves_of

FULL = {
    "openai-chat": "full-chat",
    "openai-responses": "full-responses",
    "anthropic-messages": "full-messages",
    "gemini": "full-v1beta",
}
WAYS = list(permutations(DIALECTS, 2))
ROWS = [row for row in catalogue.operations() if row.kind == "operation" and row.dialect in DIALECTS and row.example]
BOTH_WAYS = [(row.id, target) for row in ROWS for target in DIALECTS if target != row.dialect]


def example(id: str) -> Any:
    return json.loads(json.dumps(catalogue.find(id).example))


def without(body: Any, pointers: set[str]) -> Any:
    """The body without these leaves, and without what holds nothing once they are gone."""
    return _kept(body, "", pointers)[1]


def _kept(value: Any, pointer: str, gone: set[str]) -> tuple[bool, Any]:
    if isinstance(value, dict) and value:
        inner = {
            name: _kept(one, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", gone)
            for name, one in value.items()
        }
        kept = {name: one for name, (is_there, one) in inner.items() if is_there}
        return bool(kept), kept
    if isinstance(value, list) and value:
        kept = [
            one
            for is_there, one in (_kept(one, f"{pointer}/{index}", gone) for index, one in enumerate(value))
            if is_there
        ]
        return bool(kept), kept
    return pointer not in gone, value


# These are told as left, and yet the text or the call that they belong to is carried: only a finer point is lost.
FINER = ("role", "by_id")
FINER_FACTS = {"voice", "name"}


def lost(turned: Any) -> set[str]:
    """The leaves that were left together with what they belong to."""
    return {left.pointer for left in turned.left if left.reason not in FINER}


def changed(body: Any, pointer: str) -> Any:
    """The body with another value at one leaf."""
    other = copy.deepcopy(body)
    *above, last = [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]
    holder = other
    for name in above:
        holder = holder[int(name) if isinstance(holder, list) else name]
    key = int(last) if isinstance(holder, list) else last
    value = holder[key]
    holder[key] = not value if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else value + 1
    return other


def said(dialect: str, body: Any) -> tuple[Any, ...]:
    middle = meaning(dialect, body)
    values = [[(piece.kind, piece.role, {name: held.value for name, held in piece.facts.items()}) for piece in pieces]
              for pieces in (middle.system, middle.said, middle.tools)]  # fmt: skip
    return {name: held.value for name, held in middle.settings.items()}, *values


def assert_comes_back(first: tuple[Any, ...], back: tuple[Any, ...]) -> None:
    """All that was said is said again; what the other dialect needed may have come to it."""
    assert first[0].items() <= back[0].items()
    for pieces, again in zip(first[1:], back[1:], strict=True):
        assert [(kind, role) for kind, role, _ in pieces] == [(kind, role) for kind, role, _ in again]
        for (kind, _, facts), (_, _, returned) in zip(pieces, again, strict=True):
            lasting = {name: value for name, value in facts.items() if kind == "tool" or name not in FINER_FACTS}
            assert lasting.items() <= returned.items()


@pytest.mark.parametrize(("id", "target"), BOTH_WAYS)
def test_every_leaf_of_every_example_is_carried_or_told(id, target):
    row, body = catalogue.find(id), example(id)

    turned = turn(row.dialect, target, body, model="m")

    told = {left.pointer for left in turned.left}
    assert turned.carried | told == set(leaves_of(body)) and not turned.carried & told
    assert {left.reason for left in turned.left} <= REASONS.keys()


@pytest.mark.parametrize(("id", "target"), BOTH_WAYS)
def test_what_is_carried_really_stands_in_the_other_request(id, target):
    row, body = catalogue.find(id), example(id)
    turned = turn(row.dialect, target, body, model="m")

    for pointer in turned.carried:
        other = turn(row.dialect, target, changed(body, pointer), model="m")
        assert (other.body, other.model, other.streams) != (turned.body, turned.model, turned.streams), pointer


@pytest.mark.parametrize(("id", "target"), BOTH_WAYS)
def test_what_is_carried_comes_back_the_same(id, target):
    row, body = catalogue.find(id), example(id)
    carried = without(body, lost(turn(row.dialect, target, body)))

    there = turn(row.dialect, target, carried)
    back = turn(target, row.dialect, there.body, model=there.model, streams=there.streams)

    assert not lost(there)
    assert_comes_back(said(row.dialect, carried), said(row.dialect, back.body))


@pytest.mark.parametrize(("id", "target"), BOTH_WAYS)
def test_the_other_request_is_one_that_the_other_dialect_describes(id, target):
    row = catalogue.find(id)

    body = turn(row.dialect, target, example(id), model="m").body

    errors = [one for one in problems(catalogue.find(FULL[target]), body) if one.level == "error"]
    assert not errors


NAMES = st.sampled_from([
    "model", "messages", "role", "content", "type", "text", "input", "instructions", "system", "contents", "parts",
    "systemInstruction", "tools", "function", "name", "parameters", "tool_calls", "id", "arguments", "tool_call_id",
    "image_url", "url", "source", "data", "media_type", "functionCall", "functionResponse", "args", "response",
    "generationConfig", "temperature", "thinking", "budget_tokens", "tool_choice", "response_format", "json_schema",
    "schema", "output_config", "format", "inlineData", "mimeType", "stop", "max_tokens", "a/b", "~", "", "é",
])  # fmt: skip
WORDS = st.sampled_from([
    "user", "assistant", "system", "developer", "model", "tool", "text", "image_url", "function", "tool_use", "tool_result",
    "image", "base64", "url", "function_call", "message", "input_text", "auto", "ANY", "enabled", "adaptive",
    "json_schema", "data:image/png;base64,AAAA", "@file:cat.png", '{"a": 1}', "[1]", "NaN", "", "https://e.com/x.mp4",
])  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | st.floats(allow_nan=False) | WORDS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)


@given(JSON, st.sampled_from(WAYS))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_is_given_nothing_gets_lost_without_a_word(body, way):
    turned = turn(*way, body)

    assert turned.carried | {left.pointer for left in turned.left} == set(leaves_of(body))
    json.dumps(turned.body)


def spoiled(draw: Any, id: str) -> Any:
    """A full example with some leaves taken away or replaced."""
    body = example(id)
    leaves = list(leaves_of(body))
    for pointer in draw(st.lists(st.sampled_from(leaves), max_size=6, unique=True)):
        *above, last = [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]
        holder = body
        for name in above:
            holder = holder[int(name) if isinstance(holder, list) else name]
        holder[int(last) if isinstance(holder, list) else last] = draw(JSON)
    return body


@given(st.data(), st.sampled_from(WAYS))
@settings(max_examples=250, deadline=None, derandomize=True)
def test_of_a_spoiled_request_too_all_that_is_carried_comes_back(data, way):
    source, target = way
    body = spoiled(data.draw, FULL[source])

    first = turn(source, target, body)
    there = turn(source, target, without(body, lost(first)))
    back = turn(target, source, there.body, model=there.model, streams=there.streams)

    assert first.carried | {left.pointer for left in first.left} == set(leaves_of(body))
    assert_comes_back(said(source, without(without(body, lost(first)), lost(there))), said(source, back.body))


CHAT = {
    "model": "gpt-5.1",
    "temperature": 0.5,
    "max_tokens": 100,
    "stream": True,
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
        {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": 1}'}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "a cat"},
    ],
    "tools": [{"type": "function", "function": {"name": "look", "description": "Look.", "parameters": {"type": "object"}}}],
    "tool_choice": "required",
    "stop": "END",
}  # fmt: skip


def test_a_chat_as_messages():
    turned = turn("openai-chat", "anthropic-messages", CHAT)

    assert turned.body == {
        "model": "gpt-5.1", "max_tokens": 100, "temperature": 0.5, "stop_sequences": ["END"], "stream": True, "system": "Be brief.",
        "messages": [
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
            ]},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "look", "input": {"at": 1}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "a cat"}]},
        ],
        "tools": [{"name": "look", "description": "Look.", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "any"},
    }  # fmt: skip
    assert (turned.left, turned.added) == ((), ())


def test_a_chat_as_gemini_names_model_and_stream_for_the_path():
    turned = turn("openai-chat", "gemini", CHAT)

    assert (turned.model, turned.streams, turned.left) == ("gpt-5.1", True, ())
    assert turned.body == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "What is this?"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
            {"role": "model", "parts": [{"functionCall": {"id": "c1", "name": "look", "args": {"at": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"id": "c1", "name": "look", "response": {"output": "a cat"}}}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "look", "description": "Look.", "parametersJsonSchema": {"type": "object"}}]}],
        "generationConfig": {"maxOutputTokens": 100, "temperature": 0.5, "stopSequences": ["END"]},
        "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
    }  # fmt: skip


def test_a_chat_as_responses():
    turned = turn("openai-chat", "openai-responses", CHAT)

    assert turned.body == {
        "model": "gpt-5.1", "max_output_tokens": 100, "temperature": 0.5, "stream": True, "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": [
                {"type": "input_text", "text": "What is this?"}, {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"},
            ]},
            {"type": "function_call", "call_id": "c1", "name": "look", "arguments": '{"at": 1}'},
            {"type": "function_call_output", "call_id": "c1", "output": "a cat"},
        ],
        "tools": [{"type": "function", "name": "look", "description": "Look.", "parameters": {"type": "object"}, "strict": False}],
        "tool_choice": "required",
    }  # fmt: skip
    assert [(one.pointer, one.reason) for one in turned.added] == [
        ("/input/0/content/1/detail", "detail"),
        ("/tools/0/strict", "strict"),
    ]
    assert [(left.pointer, left.reason) for left in turned.left] == [("/stop", "no_place")]


@pytest.mark.parametrize(
    ("source", "target", "body", "pointer", "reason"),
    [
        ("openai-chat", "anthropic-messages", {"temperature": 1.5}, "/temperature", "range"),
        ("openai-chat", "anthropic-messages", {"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]}, "/messages/1/content", "late_system"),
        ("openai-chat", "gemini", {"messages": [{"role": "developer", "content": "a"}]}, "/messages/0/role", "role"),
        ("openai-chat", "gemini", {"reasoning_effort": "xhigh"}, "/reasoning_effort", "value"),
        ("openai-chat", "gemini", {"max_tokens": 1, "max_completion_tokens": 2}, "/max_tokens", "twice"),
        ("openai-chat", "openai-responses", {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "A", "format": "mp3"}}]}]}, "/messages/0/content/0/input_audio/data", "audio"),
        ("anthropic-messages", "openai-chat", {"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}]}]}, "/messages/0/content/0/thinking", "thinking"),
        ("gemini", "openai-chat", {"tools": [{"googleSearch": {}}]}, "/tools/0/googleSearch", "tool"),
        ("openai-responses", "gemini", {"input": [{"type": "function_call", "name": "f", "call_id": "1", "arguments": "{broken"}]}, "/input/0/arguments", "not_json"),
    ],
)  # fmt: skip
def test_what_is_left_says_why(source, target, body, pointer, reason):
    assert {left.pointer: left.reason for left in turn(source, target, body).left}[pointer] == reason


def test_what_the_other_dialect_needs_is_added_and_said():
    turned = turn("openai-chat", "anthropic-messages", {"messages": []})

    assert turned.body["max_tokens"] == 4096 and [(one.pointer, one.reason) for one in turned.added] == [
        ("/max_tokens", "max_tokens")
    ]


def test_the_mark_of_an_uploaded_file_stays_a_mark():
    body = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "@file:cat.jpg"}}]}]}

    there = turn("openai-chat", "anthropic-messages", body).body

    assert there["messages"][0]["content"][0]["source"] == {
        "type": "base64",
        "media_type": "image/jpeg",
        "data": "@file:cat.jpg",
    }
    assert (
        turn("anthropic-messages", "openai-chat", there).body["messages"][0]["content"][0]["image_url"]["url"]
        == "@file:cat.jpg"
    )


def test_geminis_calls_without_ids_get_them_and_answers_find_their_calls():
    body = {"contents": [
        {"role": "model", "parts": [{"functionCall": {"name": "a", "args": {}}}, {"functionCall": {"name": "b"}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "b", "response": {"x": 1}}}, {"functionResponse": {"name": "a", "response": {"output": "ok"}}}]},
    ]}  # fmt: skip

    messages = turn("gemini", "openai-chat", body).body["messages"]

    assert [call["id"] for call in messages[0]["tool_calls"]] == ["call_1", "call_2"]
    assert [(one["tool_call_id"], one["content"]) for one in messages[1:]] == [("call_2", '{"x":1}'), ("call_1", "ok")]


def test_the_given_request_is_not_changed():
    for source, target in WAYS:
        body = example(FULL[source])
        turn(source, target, body)
        assert body == example(FULL[source])


def test_what_was_left_whole_is_told_once():
    body = {
        "audio": {"voice": "alloy", "format": "mp3"},
        "user": "u",
        "messages": [{"role": "user", "content": "a", "name": "b"}],
    }
    turned = turn("openai-chat", "gemini", body)

    assert [one.pointer for one in folded(turned.left, turned.carried)] == ["/audio", "/user", "/messages/0/name"]
