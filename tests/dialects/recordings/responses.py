"""Responses: streams with every item kind, and whole answers."""

from playground import frames

from . import JSON, Recording, body, call, events, text, thought, tokens
from .chat.pieces import PIXEL

USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"cached_tokens": 2},
    "output_tokens": 25,
    "output_tokens_details": {"reasoning_tokens": 16},
    "total_tokens": 35,
}
COUNTED = tokens(10, 25, 16, 2)

REASONING = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "先想"}, {"type": "summary_text", "text": "再说"}],
}
ANNOTATION = {"type": "url_citation", "url": "https://example.com/a", "title": "A", "start_index": 0, "end_index": 2}
MESSAGE = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "你好。", "annotations": [ANNOTATION]}],
}
CALL = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "call_1",
    "name": "get_weather",
    "arguments": '{"city":"北京"}',
}
PICTURE = {
    "type": "image_generation_call",
    "id": "ig_1",
    "status": "completed",
    "result": PIXEL,
    "output_format": "png",
}
OUTPUT = [REASONING, MESSAGE, CALL, PICTURE]


def response(status: str = "completed", output: list | None = None, **more) -> dict:
    return {
        "id": "resp_1",
        "object": "response",
        "status": status,
        "model": "m",
        "output": output or [],
        "error": None,
        "usage": USAGE,
        **more,
    }


def ended(status: str = "completed", output: list | None = None, **more) -> dict:
    return {"type": f"response.{status}", "response": response(status, output, **more)}


def part(kind: str, delta: str, at: int = 0, item: str = "msg_1", **more) -> dict:
    return {"type": f"response.{kind}.delta", "output_index": at, "item_id": item, "delta": delta, **more}


def said(delta: str, at: int = 1) -> dict:
    return part("output_text", delta, at, content_index=0)


STREAM = (
    {"type": "response.created", "response": response("in_progress", usage=None)},
    {"type": "response.in_progress", "response": response("in_progress", usage=None)},
    {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {"type": "reasoning", "id": "rs_1", "summary": []},
    },
    part("reasoning_summary_text", "先", 0, "rs_1", summary_index=0),
    part("reasoning_summary_text", "想", 0, "rs_1", summary_index=0),
    {
        "type": "response.reasoning_summary_text.done",
        "output_index": 0,
        "item_id": "rs_1",
        "summary_index": 0,
        "text": "先想",
    },
    part("reasoning_summary_text", "再说", 0, "rs_1", summary_index=1),
    {"type": "response.output_item.done", "output_index": 0, "item": REASONING},
    {
        "type": "response.output_item.added",
        "output_index": 1,
        "item": {"type": "message", "id": "msg_1", "content": []},
    },
    said("你"),
    said("好。"),
    {
        "type": "response.output_text.annotation.added",
        "output_index": 1,
        "item_id": "msg_1",
        "content_index": 0,
        "annotation_index": 0,
        "annotation": ANNOTATION,
    },
    {"type": "response.output_text.done", "output_index": 1, "item_id": "msg_1", "content_index": 0, "text": "你好。"},
    {"type": "response.output_item.done", "output_index": 1, "item": MESSAGE},
    {"type": "response.output_item.added", "output_index": 2, "item": {**CALL, "arguments": ""}},
    part("function_call_arguments", '{"city":', 2, "fc_1"),
    part("function_call_arguments", '"北京"}', 2, "fc_1"),
    {
        "type": "response.function_call_arguments.done",
        "output_index": 2,
        "item_id": "fc_1",
        "arguments": CALL["arguments"],
    },
    {"type": "response.output_item.done", "output_index": 2, "item": CALL},
    {"type": "response.output_item.added", "output_index": 3, "item": {"type": "image_generation_call", "id": "ig_1"}},
    {"type": "response.output_item.done", "output_index": 3, "item": PICTURE},
    ended(output=OUTPUT),
)

EVERYTHING = [
    thought("先想\n\n再说"),
    text("你好。"),
    frames.citation("https://example.com/a", "A"),
    call(0, "call_1", "get_weather", '{"city":"北京"}'),
    frames.media("image/png", data=PIXEL),
    COUNTED,
]


def stream(name: str, body: bytes, expected: list, **more) -> Recording:
    return Recording(f"responses: {name}", "openai-responses", body, expected, **more)


def whole(name: str, value: dict, expected: list, **more) -> Recording:
    return Recording(f"responses whole: {name}", "openai-responses", body(value), expected, content_type=JSON, **more)


RECORDINGS = (
    stream("every item kind", events(*STREAM, named=True), EVERYTHING),
    stream("events without names", events(*STREAM), EVERYTHING),
    stream("CRLF and a DONE that a gateway adds", events(*STREAM, "[DONE]", named=True, end="\r\n"), EVERYTHING),
    stream("only the closing event", events(ended(output=OUTPUT), named=True), EVERYTHING),
    stream(
        "finished items without deltas",
        events(
            {"type": "response.output_item.done", "output_index": 1, "item": MESSAGE},
            {"type": "response.output_item.done", "output_index": 2, "item": CALL},
            ended(output=OUTPUT),
        ),
        [
            EVERYTHING[1],
            EVERYTHING[2],
            EVERYTHING[3],
            thought("先想\n\n再说"),
            frames.media("image/png", data=PIXEL),
            COUNTED,
        ],
    ),
    stream(
        "only finished parts",
        events(
            {"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "你好。"},
            ended(output=[MESSAGE]),
        ),
        [text("你好。"), COUNTED],
    ),
    stream(
        "deltas that name no item",
        events(
            {"type": "response.output_text.delta", "delta": "你好。"},
            {
                "type": "response.output_item.done",
                "output_index": 0,
                "item": {**MESSAGE, "content": [{"type": "output_text", "text": "你好。"}]},
            },
            ended(output=[MESSAGE]),
        ),
        [text("你好。"), COUNTED],
    ),
    stream(
        "raw reasoning text",
        events(part("reasoning_text", "Hm", content_index=0), said("Yes"), ended()),
        [thought("Hm"), text("Yes"), COUNTED],
    ),
    stream(
        "a refusal",
        events(part("refusal", "I can", content_index=0), part("refusal", "not.", content_index=0), ended()),
        [frames.refusal("I cannot."), COUNTED],
    ),
    stream(
        "a custom tool call",
        events(
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {"type": "custom_tool_call", "id": "c", "call_id": "call_2", "name": "shell", "input": ""},
            },
            part("custom_tool_call_input", "ls"),
            part("custom_tool_call_input", " -l"),
            {"type": "response.custom_tool_call_input.done", "output_index": 0, "input": "ls -l"},
            ended(),
        ),
        [call(0, "call_2", "shell", "ls -l"), COUNTED],
    ),
    stream(
        "an mcp call",
        events(
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {"type": "mcp_call", "id": "mcp_1", "name": "ask", "server_label": "s", "arguments": ""},
            },
            part("mcp_call_arguments", "{}"),
            {"type": "response.mcp_call.completed", "output_index": 0},
            ended(),
        ),
        [call(0, "mcp_1", "ask", "{}"), COUNTED],
    ),
    stream(
        "arguments only when done",
        events(
            {"type": "response.output_item.added", "output_index": 0, "item": {**CALL, "arguments": ""}},
            {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": CALL["arguments"]},
            ended(output=[CALL]),
        ),
        [EVERYTHING[3], COUNTED],
    ),
    stream(
        "calls interleaved",
        events(
            {"type": "response.output_item.added", "output_index": 0, "item": {**CALL, "arguments": ""}},
            {
                "type": "response.output_item.added",
                "output_index": 1,
                "item": {**CALL, "id": "fc_2", "call_id": "call_2", "arguments": ""},
            },
            part("function_call_arguments", "{", 0),
            part("function_call_arguments", "[", 1),
            part("function_call_arguments", "}", 0),
            part("function_call_arguments", "]", 1),
            ended(),
        ),
        [
            call(0, "call_1", "get_weather", ""),
            call(1, "call_2", "get_weather", ""),
            call(0, None, None, "{"),
            call(1, None, None, "["),
            call(0, None, None, "}"),
            call(1, None, None, "]"),
            COUNTED,
        ],
    ),
    stream(
        "partial pictures",
        events(
            {
                "type": "response.image_generation_call.partial_image",
                "output_index": 0,
                "item_id": "ig_1",
                "partial_image_index": 0,
                "partial_image_b64": PIXEL,
                "output_format": "webp",
            },
            {"type": "response.output_item.done", "output_index": 0, "item": PICTURE},
            ended(output=[PICTURE]),
        ),
        [frames.media("image/webp", data=PIXEL, partial=0), frames.media("image/png", data=PIXEL), COUNTED],
    ),
    stream(
        "sources of a web search",
        events(
            {"type": "response.web_search_call.searching", "output_index": 0},
            {
                "type": "response.output_item.done",
                "output_index": 0,
                "item": {
                    "type": "web_search_call",
                    "id": "ws_1",
                    "action": {
                        "type": "search",
                        "query": "q",
                        "sources": [{"type": "url", "url": "https://example.com/a"}],
                    },
                },
            },
            said("So."),
            ended(),
        ),
        [frames.citation("https://example.com/a", None), text("So."), COUNTED],
    ),
    stream(
        "sound with its transcript",
        events(part("audio.transcript", "Hi"), part("audio", "SUQzBAAA"), part("audio", "AAAA"), ended()),
        [text("Hi"), frames.media("audio/mpeg", data="SUQzBAAAAAAA"), COUNTED],
    ),
    stream(
        "cut by a limit is a clean end",
        events(said("Once"), ended("incomplete", incomplete_details={"reason": "max_output_tokens"})),
        [text("Once"), COUNTED],
    ),
    stream(
        "stopped by a filter",
        events(said("Once"), ended("incomplete", incomplete_details={"reason": "content_filter"})),
        [
            text("Once"),
            {**frames.refusal("Stopped by the provider: content_filter"), "reason": "content_filter"},
            COUNTED,
        ],
    ),
    stream("cut without an end", events(said("Once")), [text("Once")], outcome="cut_short", problem="cut_short"),
    stream(
        "DONE is no end mark here",
        events(said("Once"), "[DONE]"),
        [text("Once")],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "failed",
        events(said("Once"), ended("failed", usage=None, error={"code": "server_error", "message": "gone"})),
        [text("Once")],
        outcome="failed",
        problem="server_error",
    ),
    stream(
        "a flat error, then failed",
        events(
            said("Once"),
            {"type": "error", "code": "rate_limit_exceeded", "message": "slow", "param": None},
            ended("failed", usage=None, error={"code": "rate_limit_exceeded", "message": "slow"}),
            named=True,
        ),
        [text("Once")],
        outcome="failed",
        problem="rate_limited",
    ),
    stream(
        "an error nested in an error event",
        events({"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}, named=True),
        [],
        outcome="failed",
        problem="bad_request",
    ),
    stream(
        "unknown events",
        events(
            {"type": "response.compaction.compacting"},
            {"type": "response.brand_new", "delta": "x"},
            said("a"),
            "{bad",
            ended(),
        ),
        [text("a"), COUNTED],
        unreadable=1,
    ),
    whole("every item kind", response(output=OUTPUT), EVERYTHING),
    whole(
        "cut by a limit",
        response("incomplete", [MESSAGE], incomplete_details={"reason": "max_output_tokens"}),
        [EVERYTHING[1], EVERYTHING[2], COUNTED],
    ),
    whole("in the background", response("queued", usage=None), [frames.task("resp_1", "queued")]),
    whole(
        "failed",
        response("failed", usage=None, error={"code": "server_error", "message": "gone"}),
        [],
        outcome="failed",
        problem="server_error",
    ),
    whole("text at the top alone", {"object": "response", "output_text": "Hi", "usage": USAGE}, [text("Hi"), COUNTED]),
)
