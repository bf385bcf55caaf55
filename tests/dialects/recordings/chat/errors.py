"""Chat streams that break or hold an error."""

from .. import body, events, text
from .pieces import DONE, STOP, chunk, said, stream, whole

RECORDINGS = (
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
    stream(
        "vLLM's error inside",
        events(said("Once"), {"object": "error", "message": "too long", "type": "BadRequestError", "code": 400}, DONE),
        [text("Once")],
        outcome="failed",
        problem="bad_request",
    ),
    stream(
        "FastAPI's error inside",
        events(said("Once"), {"detail": "worker died"}, DONE),
        [text("Once")],
        outcome="failed",
        problem="error_event",
    ),
    stream(
        "a numbered error inside",
        events(said("Once"), {"code": "InvalidParameter", "message": "no such voice", "request_id": "r"}),
        [text("Once")],
        outcome="failed",
        problem="error_event",
    ),
    stream(
        "MiniMax's error inside",
        events(
            {"id": "x", "choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, DONE
        ),
        [],
        outcome="failed",
        problem="insufficient_quota",
    ),
    stream(
        "a bare line of JSON that no event is made of",
        events(said("Once")) + b'{"error":{"message":"upstream gone","type":"server_error"}}\n',
        [text("Once")],
        outcome="failed",
        problem="server_error",
    ),
    whole(
        "an error in nobody's shape under 200",
        body({"error_code": 110, "error_msg": "Access token invalid"}),
        [],
        outcome="failed",
        problem="error_event",
    ),
)
