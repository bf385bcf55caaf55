"""The same answer, streamed or whole, is told by the same frames."""

import pytest

from playground.dialects import open_decoder

from .joining import play
from .recordings import ALL, EVENT_STREAM, JSON, Recording, body, call, events, gemini, messages, responses, tokens
from .recordings.chat.pieces import PIXEL, STOP, USAGE, answer, chunk, said, tool, tools

CALLS = [tool(0, "a", "f", '{"x":1}'), tool(1, "b", "g", "[]")]
CITED = [{"type": "url_citation", "url_citation": {"url": "https://example.com/a", "title": "A"}}]
PICTURES = [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}]
SOUND = {"id": "s", "transcript": "Hi", "data": "SUQzBAAA"}

CHAT_STREAM = events(
    chunk({"role": "assistant", "content": None, "reasoning_content": "Hm"}),
    chunk({"reasoning_content": "m"}),
    chunk({"content": "Ye"}),
    chunk({"content": "s"}),
    chunk({"refusal": "No"}),
    chunk({"annotations": CITED}),
    chunk({"images": PICTURES}),
    chunk({"audio": {"id": "s", "transcript": "Hi"}}),
    chunk({"audio": {"data": "SUQz"}}),
    chunk({"audio": {"data": "BAAA"}}),
    tools(tool(0, "a", "f", "")),
    tools(tool(0, None, None, '{"x":1}')),
    tools(tool(1, "b", "g", "[]")),
    chunk({}, "tool_calls"),
    {"choices": [], "usage": USAGE},
    "[DONE]",
)
CHAT_WHOLE = answer(
    {
        "reasoning_content": "Hmm",
        "content": "Yes",
        "refusal": "No",
        "annotations": CITED,
        "images": PICTURES,
        "audio": SOUND,
        "tool_calls": CALLS,
    },
    "tool_calls",
    usage=USAGE,
)

PAIRS = {
    "openai-chat": (CHAT_STREAM, CHAT_WHOLE),
    "openai-responses": (events(*responses.STREAM, named=True), body(responses.response(output=responses.OUTPUT))),
    "anthropic-messages": (events(*messages.STREAM, named=True), body(messages.WHOLE)),
    "gemini": (events(*gemini.STREAM), body(gemini.WHOLE)),
}


@pytest.mark.parametrize("dialect", PAIRS)
def test_a_whole_answer_is_told_as_its_stream_is(dialect: str) -> None:
    streamed, whole = PAIRS[dialect]

    told = play(Recording("stream", dialect, streamed, []))
    assert play(Recording("whole", dialect, whole, [], content_type=JSON)).frames == told.frames
    assert play(Recording("whole, mislabelled", dialect, whole, [], content_type=EVENT_STREAM)).frames == told.frames
    assert play(Recording("stream, mislabelled", dialect, streamed, [], content_type=JSON)).frames == told.frames
    assert {"reasoning", "text", "tool_call", "usage"} <= {frame["kind"] for frame in told.frames}


def test_every_end_names_its_reason() -> None:
    reasons = {str(recording): play(recording).end_reason for recording in ALL}

    assert reasons["chat: a plain stream with usage at the end"] == "stop"
    assert reasons["chat: cut by length is a clean end"] == "length"
    assert reasons["responses: cut by a limit is a clean end"] == "max_output_tokens"
    assert reasons["messages: every block kind"] == "tool_use"
    assert reasons["gemini: cut by a limit is a clean end"] == "MAX_TOKENS"


def test_usage_is_told_once() -> None:
    repeated = [*(said(str(n)) | {"usage": {"prompt_tokens": 1, "completion_tokens": n}} for n in range(50))]

    told = play(Recording("x", "openai-chat", events(*repeated, STOP, "[DONE]"), []))

    assert [frame for frame in told.frames if frame["kind"] == "usage"] == [tokens(1, 49)]


def test_a_tool_call_is_named_once() -> None:
    decoder = open_decoder("openai-chat", 200, EVENT_STREAM)

    told = decoder.decode(
        events(tools(tool(0, "a", "f", "{")), tools(tool(0, "a", "f", "}")), tools(tool(0, "a", "f", "")))
    )

    assert told == [call(0, "a", "f", "{"), call(0, None, None, "}")]
