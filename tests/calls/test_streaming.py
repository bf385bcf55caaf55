"""A call streams by the least edit of what was typed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calls.made import call, refused


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


def common_ends(one: str, other: str) -> tuple[str, str]:
    """The longest common beginning, and the longest common end of what is left."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest = min(len(one), len(other)) - start
    end = next((i for i in range(rest) if one[-1 - i] != other[-1 - i]), rest)
    return one[:start], one[len(one) - end :]
