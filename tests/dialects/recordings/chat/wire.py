"""How chat streams lie on the wire: line ends, heartbeats, end marks, letters cut in two."""

from .. import events, text, tokens
from .pieces import COUNTED, DONE, HELLO, STOP, USAGE, chunk, said, stream

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
        "unknown events and fields",
        b"event: x.new\n"
        + events({"object": "something.new", "n": 1})
        + events({**said("a"), "obfuscation": "zzz"}, said("b"), STOP),
        [text("ab")],
    ),
    stream("a big event", events(said("x" * 70_000), STOP, DONE), [text("x" * 70_000)]),
    stream(
        "events parted by single line ends",
        events(said("a"), said("b"), STOP, DONE).replace(b"\n\n", b"\n"),
        [text("ab")],
    ),
    stream(
        "events under a vague label",
        events(said("a"), STOP, DONE),
        [text("a")],
        content_type="application/octet-stream",
    ),
    stream(
        "lines of JSON",
        events(said("a"), said("b"), STOP).replace(b"data: ", b"").replace(b"\n\n", b"\n"),
        [text("ab")],
        content_type="application/x-ndjson",
    ),
    stream(
        "the whole message once more beside the last delta",
        events(
            said("a"), said("b"), {"choices": [{"delta": {}, "message": {"content": "ab"}, "finish_reason": "stop"}]}
        ),
        [text("ab")],
    ),
    stream("a finish reason that says null", events(chunk({"content": "a"}, "null"), STOP), [text("a")]),
    stream(
        "usage in the last choice",
        events(said("a"), {"choices": [{"delta": {}, "finish_reason": "stop", "usage": USAGE}]}, DONE),
        [text("a"), COUNTED],
    ),
    stream(
        "usage in Groq's own field",
        events(said("a"), {**STOP, "x_groq": {"id": "req_1", "usage": USAGE}}, DONE),
        [text("a"), COUNTED],
    ),
)
