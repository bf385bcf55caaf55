"""Anthropic messages: blocks of every kind, streamed and whole."""

from playground import frames

from . import JSON, Recording, body, call, events, text, thought, tokens

START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "usage": {
            "input_tokens": 12,
            "cache_creation_input_tokens": 3,
            "cache_read_input_tokens": 5,
            "output_tokens": 1,
        },
    },
}
STOP = {"type": "message_stop"}
PING = {"type": "ping"}
SEARCH = {
    "type": "web_search_tool_result",
    "tool_use_id": "srv_1",
    "content": [{"type": "web_search_result", "url": "https://example.com/a", "title": "A", "encrypted_content": "x"}],
}
CITATION = {"type": "web_search_result_location", "url": "https://example.com/a", "title": "A", "cited_text": "q"}


def start(index: int, block: dict) -> dict:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, kind: str, **fields) -> dict:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **fields}}


def stop(index: int) -> dict:
    return {"type": "content_block_stop", "index": index}


def said(piece: str, index: int = 0) -> dict:
    return delta(index, "text_delta", text=piece)


def ending(reason: str = "end_turn", usage: dict | None = None, **more) -> dict:
    return {
        "type": "message_delta",
        "delta": {"stop_reason": reason, "stop_sequence": None, **more},
        "usage": usage or {"output_tokens": 42},
    }


COUNTED = tokens(20, 42, None, 5)

STREAM = (
    START,
    start(0, {"type": "thinking", "thinking": "", "signature": ""}),
    PING,
    delta(0, "thinking_delta", thinking="先想"),
    delta(0, "thinking_delta", thinking="一下"),
    delta(0, "signature_delta", signature="EqQB"),
    stop(0),
    start(1, {"type": "redacted_thinking", "data": "zzz"}),
    stop(1),
    start(2, {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}}),
    delta(2, "input_json_delta", partial_json='{"query":'),
    delta(2, "input_json_delta", partial_json='"x"}'),
    stop(2),
    start(3, SEARCH),
    stop(3),
    start(4, {"type": "text", "text": ""}),
    said("你", 4),
    said("好", 4),
    delta(4, "citations_delta", citation=CITATION),
    stop(4),
    start(5, {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}}),
    stop(5),
    ending("tool_use"),
    STOP,
)

WHOLE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "content": [
        {"type": "thinking", "thinking": "先想一下", "signature": "EqQB"},
        {"type": "redacted_thinking", "data": "zzz"},
        {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "x"}},
        SEARCH,
        {"type": "text", "text": "你好", "citations": [CITATION]},
        {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}},
    ],
    "stop_reason": "tool_use",
    "usage": {"input_tokens": 12, "cache_creation_input_tokens": 3, "cache_read_input_tokens": 5, "output_tokens": 42},
}

EVERYTHING = [
    thought("先想一下"),
    {**thought(""), "redacted": True},
    call(0, "srv_1", "web_search", '{"query":"x"}'),
    frames.citation("https://example.com/a", "A"),
    text("你好"),
    frames.citation("https://example.com/a", "A", "q"),
    call(1, "toolu_1", "now", "{}"),
    COUNTED,
]


def stream(name: str, *values, **more) -> Recording:
    expected = more.pop("frames")
    return Recording(f"messages: {name}", "anthropic-messages", events(*values, named=True), expected, **more)


def whole(name: str, value: dict, expected: list, **more) -> Recording:
    return Recording(f"messages whole: {name}", "anthropic-messages", body(value), expected, content_type=JSON, **more)


RECORDINGS = (
    stream("every block kind", *STREAM, frames=EVERYTHING),
    Recording("messages: events without names", "anthropic-messages", events(*STREAM), EVERYTHING),
    Recording(
        "messages: CRLF and a byte order mark",
        "anthropic-messages",
        b"\xef\xbb\xbf" + events(*STREAM, named=True, end="\r\n"),
        EVERYTHING,
    ),
    stream(
        "tool calls interleaved",
        START,
        start(0, {"type": "tool_use", "id": "a", "name": "f", "input": {}}),
        start(1, {"type": "tool_use", "id": "b", "name": "g", "input": {}}),
        delta(0, "input_json_delta", partial_json="{"),
        delta(1, "input_json_delta", partial_json="{"),
        delta(0, "input_json_delta", partial_json="}"),
        delta(1, "input_json_delta", partial_json="}"),
        stop(0),
        stop(1),
        ending("tool_use"),
        STOP,
        frames=[
            call(0, "a", "f", ""),
            call(1, "b", "g", ""),
            call(0, None, None, "{"),
            call(1, None, None, "{"),
            call(0, None, None, "}"),
            call(1, None, None, "}"),
            COUNTED,
        ],
    ),
    stream(
        "a tool input whole in its start",
        START,
        start(0, {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}}),
        stop(0),
        ending("tool_use"),
        STOP,
        frames=[call(0, "a", "f", '{"x":1}'), COUNTED],
    ),
    stream(
        "text that stands in its start",
        START,
        start(0, {"type": "text", "text": "Well, "}),
        said("yes"),
        stop(0),
        ending(),
        STOP,
        frames=[text("Well, yes"), COUNTED],
    ),
    stream(
        "the input is known only at the end",
        {"type": "message_start", "message": {"usage": {"input_tokens": 0, "output_tokens": 0}}},
        said("a"),
        ending(usage={"input_tokens": 31, "output_tokens": 7, "output_tokens_details": {"thinking_tokens": 2}}),
        STOP,
        frames=[text("a"), tokens(31, 7, 2)],
    ),
    stream(
        "cut by a limit is a clean end", START, said("Once"), ending("max_tokens"), STOP, frames=[text("Once"), COUNTED]
    ),
    stream(
        "a refusal",
        START,
        said("I"),
        ending("refusal", stop_details={"type": "refusal", "explanation": "Not this."}),
        STOP,
        frames=[text("I"), {**frames.refusal("Not this."), "reason": "refusal"}, COUNTED],
    ),
    stream(
        "cut without message_stop",
        START,
        said("Once"),
        ending(),
        frames=[text("Once"), COUNTED],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "an error inside",
        START,
        said("Once"),
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        frames=[text("Once"), tokens(20, 1, None, 5)],
        outcome="failed",
        problem="overloaded",
    ),
    stream(
        "an error in OpenAI's shape inside",
        START,
        said("Once"),
        {"error": {"message": "gone", "type": "server_error"}},
        frames=[text("Once"), tokens(20, 1, None, 5)],
        outcome="failed",
        problem="server_error",
    ),
    stream(
        "unknown events, blocks and deltas",
        START,
        {"type": "brand_new"},
        start(0, {"type": "brand_new"}),
        delta(0, "brand_new_delta", x=1),
        start(1, {"type": "text", "text": ""}),
        said("a", 1),
        "{bad",
        ending(),
        STOP,
        frames=[text("a"), COUNTED],
        unreadable=1,
    ),
    stream(
        "a delta that is none",
        START,
        {"type": "content_block_delta", "index": 0},
        said("a"),
        ending(),
        STOP,
        frames=[text("a"), COUNTED],
        unreadable=1,
    ),
    whole("every block kind", WHOLE, EVERYTHING),
    whole(
        "an error under 200",
        {"type": "error", "error": {"type": "api_error", "message": "gone"}},
        [],
        outcome="failed",
        problem="server_error",
    ),
    whole(
        "an error in OpenAI's shape",
        {"error": {"message": "无效的令牌", "type": "new_api_error", "code": ""}},
        [],
        outcome="failed",
        problem="bad_key",
    ),
    whole("content that is a text", {"type": "message", "content": "Hi", "stop_reason": "end_turn"}, [text("Hi")]),
)
