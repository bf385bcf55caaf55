"""Chat completions and completions, with the accents of the gateways."""

import json

from playground import frames

from . import JSON, Recording, body, call, events, text, thought, tokens


def chunk(delta: dict | None = None, finish: str | None = None, index: int = 0, **more) -> dict:
    choice = {"index": index, "delta": delta or {}, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1764000000,
        "model": "m",
        "choices": [choice],
        **more,
    }


def said(piece: str, index: int = 0) -> dict:
    return chunk({"content": piece}, index=index)


def answer(message: dict, finish: str = "stop", **more) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return body({"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], **more})


STOP = chunk({}, "stop")
DONE = "[DONE]"
USAGE = {
    "prompt_tokens": 9,
    "completion_tokens": 12,
    "total_tokens": 21,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
COUNTED = tokens(9, 12, 5, 4)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
WEATHER = '{"city":"北京"}'


def tool(index: int | None, id: str | None, name: str | None, arguments: str | None) -> dict:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    piece = {"index": index, "id": id, "type": "function" if id else None, "function": function}
    return {key: value for key, value in piece.items() if value is not None}


def tools(*pieces: dict) -> dict:
    return chunk({"tool_calls": list(pieces)})


def stream(name: str, body: bytes, expected: list, **more) -> Recording:
    return Recording(f"chat: {name}", "openai-chat", body, expected, **more)


def whole(name: str, body: bytes, expected: list, **more) -> Recording:
    return Recording(f"chat whole: {name}", "openai-chat", body, expected, content_type=JSON, **more)


HELLO = [text("你好, world 👋")]

RECORDINGS = (
    stream(
        "a plain stream with usage at the end",
        events(
            chunk({"role": "assistant", "content": ""}),
            said("你好"),
            said(", world 👋"),
            STOP,
            {"choices": [], "usage": USAGE},
            DONE,
        ),
        [*HELLO, COUNTED],
    ),
    stream("lines end in CRLF", events(said("你好"), said(", world 👋"), STOP, DONE, end="\r\n"), HELLO),
    stream("lines end in CR", events(said("你好"), said(", world 👋"), STOP, DONE, end="\r"), HELLO),
    stream(
        "line ends are mixed",
        events(said("你好"), end="\r\n") + events(said(", world 👋"), end="\r") + events(STOP),
        HELLO,
    ),
    stream("a byte order mark in front", b"\xef\xbb\xbf" + events(said("你好"), said(", world 👋"), STOP, DONE), HELLO),
    stream(
        "heartbeats of gateways",
        b": PING\n\n: OPENROUTER PROCESSING\n\n:\n"
        + events(said("你好"))
        + b": PING\n\ndata:\n\n"
        + events(said(", world 👋"), STOP, DONE),
        HELLO,
    ),
    stream(
        "data without a space", events(said("你好"), said(", world 👋"), STOP, DONE).replace(b"data: ", b"data:"), HELLO
    ),
    stream(
        "data said twice",
        events(said("你好"), said(", world 👋"), STOP, DONE).replace(b"data: ", b"data: data: "),
        HELLO,
    ),
    stream(
        "one event over several data lines",
        b'data: {"choices":[{"delta":\ndata: {"content":"\xe4\xbd\xa0"},\ndata: "finish_reason":"stop"}]}\n\n',
        [text("你")],
    ),
    stream("no blank line at the end", events(said("你好"), said(", world 👋"), STOP).rstrip(b"\n"), HELLO),
    stream(
        "id and retry fields",
        b"retry: 3000\nid: 7\n" + events(said("你好")) + b"id: 8\n" + events(said(", world 👋"), STOP),
        HELLO,
    ),
    stream("no DONE but a finish reason", events(said("你好"), said(", world 👋"), STOP), HELLO),
    stream("no finish reason but DONE", events(said("你好"), said(", world 👋"), DONE), HELLO),
    stream(
        "an empty finish reason is none",
        events(chunk({"content": "a"}, ""), chunk({"content": "b"}, ""), DONE),
        [text("ab")],
    ),
    stream("cut by length is a clean end", events(said("Once upon"), chunk({}, "length"), DONE), [text("Once upon")]),
    stream(
        "cut without an end mark",
        events(said("Once upon")),
        [text("Once upon")],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "cut inside an event",
        events(said("Once"), said(" upon"))[:-30],
        [text("Once")],
        outcome="cut_short",
        problem="cut_short",
        unreadable=1,
    ),
    stream("nothing but heartbeats", b": PING\n\n: PING\n\n", [], outcome="failed", problem="empty_answer"),
    stream("not a byte", b"", [], outcome="failed", problem="empty_answer"),
    stream("an answer of no text ends well", events(chunk({"role": "assistant"}), STOP, DONE), []),
    stream(
        "reasoning_content before the answer",
        events(
            chunk({"content": None, "reasoning_content": "先比"}),
            chunk({"reasoning_content": "较"}),
            said("9.8"),
            STOP,
            DONE,
        ),
        [thought("先比较"), text("9.8")],
    ),
    stream(
        "reasoning as OpenRouter spells it",
        events(
            chunk({"content": "", "reasoning": "Hm", "reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]}),
            said("9.8"),
            STOP,
        ),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "both reasoning fields hold the same",
        events(chunk({"reasoning_content": "Hm", "reasoning": "Hm"}), said("9.8"), STOP),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "reasoning only in details",
        events(
            chunk(
                {
                    "reasoning_details": [
                        {"type": "reasoning.summary", "summary": "Hm"},
                        {"type": "reasoning.encrypted", "data": "x"},
                    ]
                }
            ),
            said("9.8"),
            STOP,
        ),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "a think tag in the content",
        events(said("\n<thi"), said("nk>a < b</t"), said("hink>\n\nan"), said("swer</think>"), STOP),
        [thought("a < b"), text("\n\nanswer</think>")],
    ),
    stream(
        "a think tag cut by letters",
        events(*(said(letter) for letter in "<think>x</thin></think>y<think>"), STOP),
        [thought("x</thin>"), text("y<think>")],
    ),
    stream(
        "many blanks are text",
        events(said(" " * 150), said(" " * 151), said("<think>x"), STOP),
        [text(" " * 301 + "<think>x")],
    ),
    stream(
        "sound cut anywhere in its base64",
        events(*(chunk({"audio": {"data": piece}}) for piece in ("SUQ", "zBA", "A", "AAAA=", "=")), STOP),
        [frames.media("audio/mpeg", data="SUQzBAAAAAA=")],
    ),
    stream(
        "what only looks like a think tag",
        events(said("  <thi"), said("rd> & <think>no</think>"), STOP),
        [text("  <third> & <think>no</think>")],
    ),
    stream("a think tag never closed", events(said("<think>so </th"), STOP), [thought("so </th")]),
    stream("half a think tag is text", events(said("<thi"), STOP), [text("<thi")]),
    stream(
        "a tool call in pieces",
        events(
            tools(tool(0, "call_1", "get_weather", "")),
            tools(tool(0, None, None, '{"city":')),
            tools(tool(0, None, None, '"北京"}')),
            chunk({}, "tool_calls"),
            DONE,
        ),
        [call(0, "call_1", "get_weather", WEATHER)],
    ),
    stream(
        "tool calls interleaved",
        events(
            tools(tool(0, "a", "f", "")),
            tools(tool(1, "b", "g", "")),
            tools(tool(0, None, None, "{1"), tool(1, None, None, "[2")),
            tools(tool(1, None, None, "]")),
            tools(tool(0, None, None, "}")),
            chunk({}, "tool_calls"),
        ),
        [
            call(0, "a", "f", ""),
            call(1, "b", "g", ""),
            call(0, None, None, "{1"),
            call(1, None, None, "[2]"),
            call(0, None, None, "}"),
        ],
    ),
    stream(
        "a tool call without an index",
        events(tools(tool(None, "a", "f", '{"x"')), tools(tool(None, None, None, ":1}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", '{"x":1}')],
    ),
    stream(
        "whole tool calls at once without index",
        events(tools(tool(None, "a", "f", "{}"), tool(None, "b", "f", "{}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}"), call(1, "b", "f", "{}")],
    ),
    stream(
        "whole tool calls that all have index 0",
        events(tools(tool(0, "a", "f", "{}")), tools(tool(0, "b", "g", "[]")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}"), call(1, "b", "g", "[]")],
    ),
    stream(
        "a tool call that repeats id and name",
        events(tools(tool(0, "a", "f", "{")), tools(tool(0, "a", "f", "}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}")],
    ),
    stream(
        "arguments as an object",
        events(
            chunk({"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {"x": [1]}}}]}),
            chunk({}, "tool_calls"),
        ),
        [call(0, "a", "f", '{"x":[1]}')],
    ),
    stream(
        "the old function_call",
        events(
            chunk({"function_call": {"name": "f", "arguments": ""}}),
            chunk({"function_call": {"arguments": "{}"}}),
            chunk({}, "function_call"),
        ),
        [call(0, None, "f", "{}")],
    ),
    stream(
        "text and a tool call in one delta",
        events(chunk({"content": "Let me look.", "tool_calls": [tool(0, "a", "f", "{}")]}), chunk({}, "tool_calls")),
        [text("Let me look."), call(0, "a", "f", "{}")],
    ),
    stream(
        "two choices",
        events(said("a0", 0), said("b0", 1), said("b1", 1), said("a1", 0), chunk({}, "stop", 0), chunk({}, "stop", 1)),
        [text("a0"), text("b0b1", 1), text("a1")],
    ),
    stream(
        "two choices of which one ended",
        events(said("a", 0), said("b", 1), chunk({}, "stop", 0)),
        [text("a"), text("b", 1)],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "usage repeated with every chunk",
        events(
            chunk({"content": "a"}, usage={"prompt_tokens": 1, "completion_tokens": 1}),
            chunk({"content": "b"}, usage={"prompt_tokens": 1, "completion_tokens": 2}),
            chunk({}, "stop", usage=None),
        ),
        [text("ab"), tokens(1, 2)],
    ),
    stream(
        "usage with zeros under the other names",
        events(
            said("a"),
            chunk(
                {}, "stop", usage={"prompt_tokens": 3, "completion_tokens": 1, "input_tokens": 0, "output_tokens": 0}
            ),
        ),
        [text("a"), tokens(3, 1)],
    ),
    stream(
        "a refusal",
        events(chunk({"refusal": "I can"}), chunk({"refusal": "not."}), STOP),
        [frames.refusal("I cannot.")],
    ),
    stream(
        "ended by a content filter",
        events(said("Well"), chunk({}, "content_filter"), DONE),
        [text("Well"), {**frames.refusal("Stopped by the provider: content_filter"), "reason": "content_filter"}],
    ),
    stream(
        "citations",
        events(
            chunk(
                {
                    "content": "So.",
                    "annotations": [
                        {
                            "type": "url_citation",
                            "url_citation": {"url": "https://example.com/a", "title": "A", "content": "q"},
                        }
                    ],
                }
            ),
            STOP,
        ),
        [text("So."), frames.citation("https://example.com/a", "A", "q")],
    ),
    stream(
        "search results beside every chunk",
        events(
            chunk(
                {"content": "So"},
                citations=["https://example.com/a"],
                search_results=[{"url": "https://example.com/a", "title": "A"}],
            ),
            chunk(
                {"content": "."},
                "stop",
                citations=["https://example.com/a"],
                search_results=[{"url": "https://example.com/a", "title": "A"}],
            ),
        ),
        [text("So"), frames.citation("https://example.com/a", "A"), text(".")],
    ),
    stream(
        "a picture as OpenRouter sends it",
        events(
            chunk(
                {
                    "content": "",
                    "images": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}],
                }
            ),
            STOP,
        ),
        [frames.media("image/png", data=PIXEL)],
    ),
    stream(
        "a picture by address",
        events(chunk({"images": [{"image_url": {"url": "https://example.com/x.webp?y=1"}}]}), STOP),
        [frames.media("image/webp", url="https://example.com/x.webp?y=1")],
    ),
    stream(
        "sound with its transcript",
        events(
            chunk({"audio": {"id": "a", "transcript": "He"}}),
            chunk({"audio": {"transcript": "llo"}}),
            chunk({"audio": {"data": "SUQzBAAAAA=="}}),
            chunk({"audio": {"data": "AQID"}}),
            STOP,
        ),
        [text("Hello"), frames.media("audio/mpeg", data="SUQzBAAAAAECAw==")],
    ),
    stream(
        "a NUL and an emoji by escapes",
        b'data: {"choices":[{"delta":{"content":"a\\u0000b \\ud83d\\udc4b"},"finish_reason":"stop"}]}\n\n',
        [text("a\x00b 👋")],
    ),
    stream(
        "a raw NUL inside the text",
        b'data: {"choices":[{"delta":{"content":"a\x00b"},"finish_reason":"stop"}]}\n\n',
        [text("a\x00b")],
    ),
    stream(
        "lone surrogates",
        b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\udc4b"},"finish_reason":"stop"}]}\n\n',
        [text("a\ud83d\udc4b")],
    ),
    stream(
        "bad UTF-8 is replaced",
        b'data: {"choices":[{"delta":{"content":"a\xff\xe4\xbd"}}]}\n\n' + events(said("b"), STOP),
        [text("a\ufffd\ufffdb")],
    ),
    stream(
        "broken events are skipped",
        events(said("a"), '{"choices":[{"delta":{"content"', "{not json}", said("b"), STOP, DONE),
        [text("ab")],
        unreadable=2,
    ),
    stream(
        "misshapen events are skipped",
        events(said("a"), {"choices": {"0": "x"}}, {"choices": [5]}, [1, 2], 7, said("b"), STOP),
        [text("ab")],
        unreadable=4,
    ),
    stream(
        "unknown events and fields",
        b"event: x.new\n"
        + events({"object": "something.new", "n": 1})
        + events({**said("a"), "obfuscation": "zzz"}, said("b"), STOP),
        [text("ab")],
    ),
    stream("a big event", events(said("x" * 70_000), STOP, DONE), [text("x" * 70_000)]),
    stream(
        "content as parts",
        events(
            chunk(
                {
                    "content": [
                        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                        {"type": "text", "text": "Yes"},
                    ]
                }
            ),
            STOP,
        ),
        [thought("Hm"), text("Yes")],
    ),
    stream(
        "an error inside",
        events(said("Once"), {"error": {"message": "upstream gone", "type": "server_error", "code": None}}),
        [text("Once")],
        outcome="failed",
        problem="server_error",
    ),
    stream(
        "an error of OpenRouter inside",
        events(said("Once"), {**chunk({}, "error"), "error": {"code": 502, "message": "provider gone"}}),
        [text("Once")],
        outcome="failed",
        problem="unavailable",
    ),
    stream(
        "an error of a choice",
        events(
            said("Once"),
            {
                "choices": [
                    {"index": 0, "delta": {}, "finish_reason": "error", "error": {"code": 429, "message": "slow"}}
                ]
            },
        ),
        [text("Once")],
        outcome="failed",
        problem="rate_limited",
    ),
    stream(
        "ended by error without words",
        events(said("Once"), chunk({}, "error"), DONE),
        [text("Once")],
        outcome="failed",
        problem="error_event",
    ),
    stream(
        "an error event that is no JSON",
        events(said("Once")) + b"event: error\ndata: upstream timed out\n\n",
        [text("Once")],
        outcome="failed",
        problem="error_event",
    ),
    stream(
        "an error event of unknown shape",
        events(said("Once")) + b'event: error\ndata: {"reason":"x"}\n\n',
        [text("Once")],
        outcome="failed",
        problem="error_event",
    ),
    stream(
        "two errors are told once",
        events({"error": {"message": "a", "code": "overloaded"}}, {"error": {"message": "b"}}, DONE),
        [],
        outcome="failed",
        problem="overloaded",
    ),
    stream(
        "success false inside",
        events({"success": False, "message": "额度不足"}),
        [],
        outcome="failed",
        problem="insufficient_quota",
    ),
    stream(
        "a plain JSON error under an event stream",
        body({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}),
        [],
        outcome="failed",
        problem="bad_key",
    ),
    stream("a whole answer under an event stream", answer({"content": "Yes"}), [text("Yes")]),
    whole("events under application/json", events(said("a"), said("b"), STOP, DONE), [text("ab")]),
    whole("text and usage", answer({"content": "你好, world 👋"}, usage=USAGE), [*HELLO, COUNTED]),
    whole(
        "thinking, text and calls",
        answer(
            {
                "content": "Yes",
                "reasoning_content": "Hm",
                "tool_calls": [tool(None, "a", "f", "{}"), tool(None, "b", "g", "[]")],
            },
            "tool_calls",
        ),
        [thought("Hm"), text("Yes"), call(0, "a", "f", "{}"), call(1, "b", "g", "[]")],
    ),
    whole("think tags", answer({"content": "<think>Hm</think>Yes"}), [thought("Hm"), text("Yes")]),
    whole(
        "an error under 200",
        body({"error": {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}}),
        [],
        outcome="failed",
        problem="model_not_found",
    ),
    whole("another thing entirely", body({"hello": "world"}), [], outcome="failed", problem="unexpected_answer"),
    whole("a list", body([1, 2]), [], outcome="failed", problem="unexpected_answer"),
    whole(
        "cut in the middle",
        answer({"content": "Yes and no and yes"})[:-40],
        [],
        outcome="cut_short",
        problem="cut_short",
        unreadable=1,
    ),
    whole("no JSON", b"{not json}", [], outcome="failed", problem="unreadable", unreadable=1),
    whole("plain words", b"upstream connect error", [], outcome="failed", problem="unreadable", unreadable=1),
    whole("words that begin like an event", b"data", [], outcome="failed", problem="unreadable", unreadable=1),
    Recording(
        "completions: a stream",
        "openai-completions",
        events(
            {"object": "text_completion", "choices": [{"index": 0, "text": "Once", "finish_reason": None}]},
            {
                "choices": [{"index": 0, "text": " upon", "finish_reason": "length"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2},
            },
            DONE,
        ),
        [text("Once upon"), tokens(1, 2)],
    ),
    Recording(
        "completions whole",
        "openai-completions",
        json.dumps(
            {"object": "text_completion", "choices": [{"index": 0, "text": "Once upon", "finish_reason": "length"}]}
        ).encode(),
        [text("Once upon")],
        content_type=JSON,
    ),
)
