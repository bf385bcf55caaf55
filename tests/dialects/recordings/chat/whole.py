"""Chat answers that come whole; completions."""

import json

from .. import JSON, Recording, body, call, events, text, thought, tokens
from .pieces import COUNTED, DONE, HELLO, STOP, USAGE, answer, said, stream, tool, whole

RECORDINGS = (
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
