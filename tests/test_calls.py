"""A call made from what a person filled in: sent as given, or refused by name with a way on."""

import base64
import json
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import catalogue
from playground.calls import Attachment, BadCall, Call, call_from, with_key
from playground.calls.bad_call import SENTENCES
from playground.calls.json_text import MOST_BYTES, MOST_LEVELS, MOST_VALUES
from playground.catalogue import Operation

CALLED = [row for row in catalogue.operations() if row.kind == "operation"]
CAT = Attachment("cat.png", "image/png", b"\x89PNG cat")


def call(id: str = "chat-basic", stream: bool | None = None, files: tuple[Attachment, ...] = (), **given_: Any) -> Call:
    operation = catalogue.find(id)
    if operation.path_values:
        given_.setdefault("path", dict(operation.path_values))
    if operation.example and "body_text" not in given_:
        given_.setdefault("body", operation.example)
    return call_from(operation, given_, stream, {file.name: file for file in files})


def refused(*args: Any, **given_: Any) -> tuple[str, str, str]:
    """The reason, the field and the sentence of a refusal."""
    with pytest.raises(BadCall) as bad:
        call(*args, **given_)
    return bad.value.reason, bad.value.field, bad.value.message


# The examples of the document


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


# The body


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


# Streaming


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("{}", '{"stream": true}'),
        ("{ }", '{"stream": true }'),
        ('{"a":1}', '{"a":1,"stream":true}'),
        ('{\n  "a": 1.0,\n  "b": {}\n}\n', '{\n  "a": 1.0,\n  "b": {},\n  "stream": true\n}\n'),
        ('{"stream" :  false , "a": 1}', '{"stream" :  true , "a": 1}'),
        ('{"str\\u0065am": null}', '{"str\\u0065am": true}'),
        ('{"stream": 1}', '{"stream": true}'),
        ('{"a": {"stream": false}}', '{"a": {"stream": false},"stream": true}'),
        ('{"stream": true}', '{"stream": true}'),
    ],
)
def test_stream_is_set_by_the_least_edit(typed: str, sent: str):
    assert call(stream=True, body_text=typed).body.decode() == sent


def test_stream_is_taken_back_only_where_it_stands():
    assert call(stream=False, body_text='{"a": 1, "stream": true}').body == b'{"a": 1, "stream": false}'
    assert call(stream=False, body_text='{"a": 1}').body == b'{"a": 1}'


def test_a_body_that_is_no_object_cannot_be_made_to_stream():
    assert refused(stream=True, body_text="[]")[:2] == ("not_an_object", "body")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
names = st.sampled_from(["stream", "model", "a", 'quo"te', "back\\slash", "}", ","]) | st.text(
    st.characters(codec="utf-8"), max_size=4
)


@settings(max_examples=300, deadline=None)
@given(
    body=st.dictionaries(names, json_values, max_size=6),
    indent=st.sampled_from([None, 0, 2, "\t"]),
    escaped=st.booleans(),
    separators=st.sampled_from([(",", ":"), (" , ", " :\t"), (",\r\n", ": ")]),
)
def test_whatever_the_body_all_other_bytes_stay_when_stream_is_set(
    body: dict[str, Any], indent: Any, escaped: bool, separators: tuple[str, str]
):
    typed = json.dumps(body, indent=indent, ensure_ascii=escaped, separators=separators)

    sent = call(stream=True, body_text=typed).body.decode()

    assert json.loads(sent) == {**body, "stream": True}
    before, after = common_ends(typed, sent)
    assert typed.startswith(before) and typed.endswith(after)
    edited = typed[len(before) : len(typed) - len(after)]
    if "stream" not in body:
        assert edited == ""
    else:
        spelled = json.dumps(body["stream"], indent=indent, ensure_ascii=escaped, separators=separators)
        # The value's own lines are indented deeper inside the object.
        assert len("".join(edited.split())) <= len("".join(spelled.split()))


def test_speech_streams_by_its_own_field():
    assert json.loads(call("audio-speech", stream=True).body)["stream_format"] == "sse"
    assert not call("audio-speech").streaming


def test_gemini_streams_by_its_path():
    plain, streamed = call("full-v1beta"), call("full-v1beta", stream=True)

    assert (plain.path, plain.query, plain.streaming) == ("/v1beta/models/gemini-2.5-flash:generateContent", (), False)
    assert (streamed.path, streamed.query, streamed.streaming) == (
        "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
        (("alt", "sse"),),
        True,
    )
    assert streamed.body == plain.body


def test_an_operation_that_cannot_stream_is_sent_as_given():
    assert call("embeddings", stream=True) == call("embeddings")


# Path and query


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-2.5-flash:fast", "gemini-2.5-flash:fast:generateContent"),
        ("gemini-2.5-flash:fast:fault-reset", "gemini-2.5-flash:fast:fault-reset:generateContent"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash:generateContent"),
        ("模型 1%2F", "%E6%A8%A1%E5%9E%8B%201%252F:generateContent"),
    ],
)
def test_a_path_value_is_percent_encoded_but_keeps_its_colons(model: str, path: str):
    assert call("gemini-chat", path={"model": model}).path == f"/v1beta/models/{path}"


def test_the_model_is_read_from_the_body_or_the_path():
    assert [call("chat-basic").model, call("gemini-chat").model, call("token-balance").model] == [
        "gpt-4.1-mini",
        "gemini-2.5-flash",
        "",
    ]


@pytest.mark.parametrize("value", [None, "", "."])
def test_a_path_without_its_value_is_refused(value: Any):
    assert refused("video-status", path={"video_id": value}) == (
        "path_missing",
        "path.video_id",
        "The path needs a value for video_id. Fill it in.",
    )


@pytest.mark.parametrize(
    "value", ["a/b", "..", "../api", "a\\b", "a?b", "a#b", "a\nb", "a\0", "a\x7f", "a\x85b", "models/"]
)
def test_a_path_value_that_would_lead_elsewhere_is_refused(value: str):
    assert refused("video-status", path={"video_id": value})[:2] == ("path_value", "path.video_id")


def test_a_path_value_without_a_place_is_refused():
    assert refused("chat-basic", path={"model": "m"})[:2] == ("path_unknown", "path.model")


def test_query_values_become_text_pairs():
    made = call("list-models-gemini", query={"pageSize": 10, "tags": ["a", "b c"], "deep": True})

    assert made.query == (("pageSize", "10"), ("tags", "a"), ("tags", "b c"), ("deep", "true"))


def test_the_query_of_the_document_gives_way_to_ones_own():
    assert call("gemini-stream").query == (("alt", "sse"),)
    assert call("gemini-stream", query={"alt": "json"}).query == (("alt", "json"),)


@pytest.mark.parametrize("name", ["key", "KEY", "api_key", "access_token"])
def test_a_key_never_stands_in_the_address(name: str):
    assert refused("list-models-gemini", query={name: "sk-secret"})[:2] == ("query_key", f"query.{name}")


@pytest.mark.parametrize("part", ["path", "query", "headers"])
def test_parts_of_the_wrong_shape_are_refused(part: str):
    assert refused("video-status", **{part: ["x"]}) == ("wrong_shape", part, f"{part} must be an object.")


def test_a_query_value_of_the_wrong_shape_is_refused():
    assert refused("list-models", query={"a": {"b": 1}})[:2] == ("wrong_shape", "query.a")


# Headers


def test_headers_are_sent_as_given_without_the_space_around_them():
    assert call(headers={"X-Sandbox-Strict": " 1 ", "x-name": "a\tb"}).headers == (
        ("X-Sandbox-Strict", "1"),
        ("x-name", "a\tb"),
    )


OURS = [
    "Host",
    "content-length",
    "Transfer-Encoding",
    "CONNECTION",
    "Upgrade",
    "TE",
    "Trailer",
    "Keep-Alive",
    "Proxy-Authorization",
    "proxy-anything",
    "Expect",
    "Accept-Encoding",
]


@pytest.mark.parametrize("name", OURS)
def test_headers_of_the_connection_are_refused(name: str):
    assert refused(headers={name: "x"})[:2] == ("header_own", f"headers.{name}")


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key", "x-goog-api-key", "Cookie", "mj-api-secret"])
def test_headers_that_carry_a_key_are_refused(name: str):
    reason, field, message = refused(headers={name: "sk-secret"})

    assert (reason, field) == ("header_key", f"headers.{name}")
    assert "sk-secret" not in message


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_refused_header_is_refused_in_any_case(data: st.DataObject):
    name = data.draw(st.sampled_from([*OURS, "Authorization", "Cookie", "X-Api-Key"]))
    spelled = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in name)

    assert refused(headers={spelled: "x"})[1] == f"headers.{spelled}"


@settings(max_examples=200, deadline=None)
@given(
    st.text(min_size=1).filter(
        lambda name: not all(c in "!#$%&'*+-.^_`|~" or (c.isascii() and c.isalnum()) for c in name)
    )
)
def test_a_name_that_is_no_token_is_refused(name: str):
    assert refused(headers={name: "x"})[:2] == ("header_name", f"headers.{name}")


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["\r", "\n", "\0", "\x1b", "\x7f", "é", "你", "\ud83d", "\u2028"]), st.text())
def test_a_value_no_header_can_carry_is_refused(before: str, bad: str, after: str):
    assert refused(headers={"X-Name": before + bad + after})[:2] == ("header_value", "headers.X-Name")


def test_a_header_given_twice_is_refused():
    assert refused(headers={"X-A": "1", "x-a": "2"})[:2] == ("header_twice", "headers.x-a")


def test_a_header_of_no_reasonable_length_is_refused():
    assert refused(headers={"X-A": "x" * 16_385})[0] == "header_long"


# The key


@pytest.mark.parametrize(
    ("id", "headers"),
    [
        ("chat-basic", [("Content-Type", "application/json"), ("Authorization", "Bearer sk-1")]),
        (
            "claude-chat",
            [("Content-Type", "application/json"), ("anthropic-version", "2023-06-01"), ("x-api-key", "sk-1")],
        ),
        ("gemini-chat", [("Content-Type", "application/json"), ("x-goog-api-key", "sk-1")]),
        ("list-models", [("Authorization", "Bearer sk-1")]),
    ],
)
def test_the_key_is_spelled_as_the_dialect_wants_it(id: str, headers: list[tuple[str, str]]):
    assert with_key(call(id), "sk-1") == headers


def test_a_chosen_version_is_kept():
    made = call("claude-chat", headers={"Anthropic-Version": "2024-01-01"})

    assert [value for name, value in with_key(made, "sk-1") if name.lower() == "anthropic-version"] == ["2024-01-01"]


def test_a_key_that_would_break_the_header_is_refused_without_showing_it():
    with pytest.raises(BadCall) as bad:
        with_key(call(), "sk-1\r\nX-Evil: 1")

    assert bad.value.reason == "key_value"
    assert "sk-1" not in bad.value.message


# Files


def test_a_form_carries_fields_and_files():
    mask = Attachment('ma"sk\n.png', "image/png", b"\r\n--mask\x00")
    body = {
        "model": "m",
        "image[]": ["@file:cat.png"],
        "mask": f"@file:{mask.name}",
        "n": 2,
        "stream": False,
        "user": None,
    }

    made = call("image-edit", files=(CAT, mask), body=body)

    assert parts_of(made) == [
        ("model", None, b"m"),
        ("image[]", "cat.png", CAT.content),
        ("mask", "ma%22sk%0A.png", mask.content),
        ("n", None, b"2"),
        ("stream", None, b"false"),
    ]
    assert made.model == "m"


def test_a_form_spells_lists_and_objects_with_brackets():
    body = {
        "file": "@file:cat.png",
        "model": "whisper-1",
        "timestamp_granularities": ["word", "segment"],
        "chunking_strategy": {"type": "server_vad"},
    }

    made = call("audio-transcribe", files=(CAT,), body=body)

    assert [(name, content) for name, filename, content in parts_of(made) if filename is None] == [
        ("model", b"whisper-1"),
        ("timestamp_granularities[]", b"word"),
        ("timestamp_granularities[]", b"segment"),
        ("chunking_strategy[type]", b"server_vad"),
    ]


def test_a_file_that_was_not_uploaded_is_refused():
    assert refused("image-edit") == (
        "file_missing",
        "image[]",
        "There is no uploaded file “input.png” for image[]. Choose the file again.",
    )


def test_a_form_is_an_object_and_sets_its_own_content_type():
    assert refused("image-edit", body_text="[]")[0] == "not_an_object"
    assert refused("image-edit", headers={"Content-Type": "multipart/form-data"})[0] == "header_form"


BARE = base64.b64encode(CAT.content).decode()
URL = f"data:image/png;base64,{BARE}"


@pytest.mark.parametrize(
    ("id", "holder", "sent"),
    [
        ("chat-vision-base64", {"url": "@file:cat.png"}, {"url": URL}),
        ("chat-pdf", {"file_data": "@file:cat.png"}, {"file_data": URL}),
        ("full-chat", {"input_audio": {"data": "@file:cat.png"}}, {"input_audio": {"data": BARE}}),
        ("full-responses", {"image_url": "@file:cat.png"}, {"image_url": URL}),
        ("claude-vision", {"type": "base64", "data": "@file:cat.png"}, {"type": "base64", "data": BARE}),
        ("gemini-vision", {"inlineData": {"data": "@file:cat.png"}}, {"inlineData": {"data": BARE}}),
        ("mj-blend", {"base64Array": ["@file:cat.png"]}, {"base64Array": [URL]}),
        ("chat-basic", {"content": "@file:cat.png"}, {"content": "@file:cat.png"}),
    ],
)
def test_a_file_is_put_where_the_dialect_wants_it_and_nowhere_else(id: str, holder: Any, sent: Any):
    assert json.loads(call(id, files=(CAT,), body={"x": holder}).body) == {"x": sent}


def test_a_text_source_carries_the_text_itself():
    notes = Attachment("notes.txt", "text/plain", '正文 "1"'.encode())
    source = {"type": "text", "data": "@file:notes.txt"}

    assert json.loads(call("claude-vision", files=(notes,), body=source).body)["data"] == '正文 "1"'
    assert refused("claude-vision", files=(CAT,), body={"type": "text", "data": "@file:cat.png"})[0] == "file_not_text"


def test_a_typed_body_keeps_its_spelling_around_a_file():
    typed = '{ "@file:cat.png" : "@file:cat.png", "n": 1.50,\n "url": "\\u0040file:cat.png", "url2":"@file:cat.png" }'

    sent = call(files=(CAT,), body_text=typed).body.decode()

    assert sent == typed.replace('"\\u0040file:cat.png"', f'"{URL}"')


def test_a_missing_file_of_a_json_body_is_refused():
    assert refused("chat-vision-base64", body={"url": "@file:dog.png"})[:2] == ("file_missing", "url")


# Sentences


def test_a_refusal_is_told_in_the_readers_language():
    chinese = {SENTENCES["path_missing"]: "路径缺少 {name} 的值。"}

    with pytest.raises(BadCall) as bad:
        call("video-status", path={})

    assert bad.value.told(lambda text: chinese[text]) == "路径缺少 video_id 的值。"


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in texts_in(item)]


def parts_of(made: Call) -> list[tuple[str, str | None, bytes]]:
    """The parts of a form as another program reads them."""
    head = f"Content-Type: {made.content_type}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + made.body).get_payload()
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_payload(decode=True),
        )
        for part in parts
    ]


def common_ends(one: str, other: str) -> tuple[str, str]:
    """The longest common beginning, and the longest common end of what is left."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest = min(len(one), len(other)) - start
    end = next((i for i in range(rest) if one[-1 - i] != other[-1 - i]), rest)
    return one[:start], one[len(one) - end :]
