"""generateContent: events, arrays in pieces, single objects."""

import json

from playground import frames
from playground.dialects import media

from . import JSON, Recording, body, call, events, text, thought, tokens
from .chat.pieces import PIXEL

USAGE = {
    "promptTokenCount": 8,
    "candidatesTokenCount": 9,
    "totalTokenCount": 39,
    "thoughtsTokenCount": 22,
    "cachedContentTokenCount": 4,
}
COUNTED = tokens(8, 31, 22, 4)


def chunk(*parts: dict, finish: str | None = None, index: int = 0, usage: dict | None = USAGE, **more) -> dict:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "index": index, **more}
    if finish:
        candidate["finishReason"] = finish
    value = {"candidates": [candidate], "modelVersion": "m", "responseId": "r1"}
    return {**value, "usageMetadata": usage} if usage else value


def said(piece: str, **more) -> dict:
    return chunk({"text": piece}, **more)


GROUNDS = {"groundingChunks": [{"web": {"uri": "https://example.com/a", "title": "A"}}], "webSearchQueries": ["q"]}
ARGUMENTS = {"city": "北京", "brace": '}{"\\'}
CALL = {"functionCall": {"name": "get_weather", "args": ARGUMENTS}, "thoughtSignature": "zz"}
DRAFT = {"inlineData": {"mimeType": "image/png", "data": PIXEL}, "thought": True}
PICTURE = {"inlineData": {"mimeType": "image/png", "data": PIXEL}}

STREAM = (
    chunk(
        {"text": "先设", "thought": True},
        usage={"promptTokenCount": 8, "totalTokenCount": 30, "thoughtsTokenCount": 22},
    ),
    chunk({"text": "未知数", "thought": True}),
    said("鸡 23 只"),
    said('，兔 12 只 {"}\\'),
    chunk(CALL),
    chunk(DRAFT),
    chunk(PICTURE),
    said("", finish="STOP", groundingMetadata=GROUNDS),
)

EVERYTHING = [
    thought("先设未知数"),
    text('鸡 23 只，兔 12 只 {"}\\'),
    call(0, None, "get_weather", json.dumps(ARGUMENTS, ensure_ascii=False, separators=(",", ":"))),
    frames.media("image/png", data=PIXEL, partial=0),
    frames.media("image/png", data=PIXEL),
    frames.citation("https://example.com/a", "A"),
    COUNTED,
]

WHOLE = chunk(
    {"text": "先设未知数", "thought": True},
    {"text": '鸡 23 只，兔 12 只 {"}\\'},
    CALL,
    DRAFT,
    PICTURE,
    finish="STOP",
    groundingMetadata=GROUNDS,
)

SAMPLES = b"\x01\x00\x02\x00\x03\x00\x04\x00"
SOUND = "AQACAAMABAA="


def sound(data: str) -> dict:
    return {"inlineData": {"mimeType": "audio/L16;codec=pcm;rate=16000", "data": data}}


def spoken() -> dict:
    import base64

    return frames.media("audio/wav", data=base64.b64encode(media.wav(SAMPLES, 16_000)).decode())


def stream(name: str, *values, **more) -> Recording:
    expected = more.pop("frames")
    return Recording(f"gemini: {name}", "gemini", events(*values), expected, **more)


def array(name: str, text: str, expected: list, **more) -> Recording:
    return Recording(f"gemini array: {name}", "gemini", text.encode(), expected, content_type=JSON, **more)


def whole(name: str, value: dict, expected: list, **more) -> Recording:
    return Recording(f"gemini whole: {name}", "gemini", body(value), expected, content_type=JSON, **more)


def refused(reason: str, words: str = "") -> dict:
    return {**frames.refusal(words or f"Stopped by the provider: {reason}"), "reason": reason}


PRETTY = "[" + "\n,\r\n".join(json.dumps(value, indent=2, ensure_ascii=False) for value in STREAM) + "\n]\n"

RECORDINGS = (
    stream("every part kind", *STREAM, frames=EVERYTHING),
    Recording("gemini: CRLF as Google sends", "gemini", events(*STREAM, end="\r\n"), EVERYTHING),
    stream(
        "a DONE that a gateway adds is ignored",
        said("a"),
        "[DONE]",
        frames=[text("a"), COUNTED],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "calls in one chunk and the next",
        chunk({"functionCall": {"id": "x", "name": "f", "args": {}}}, {"functionCall": {"name": "g"}}),
        chunk({"functionCall": {"name": "g", "args": None}}, finish="STOP"),
        frames=[call(0, "x", "f", "{}"), call(1, None, "g", "{}"), call(2, None, "g", "{}"), COUNTED],
    ),
    stream(
        "sound in pieces becomes one WAV",
        chunk(sound("AQACAA==")),
        chunk(sound("AwAEAA==")),
        chunk(finish="STOP"),
        frames=[spoken(), COUNTED],
    ),
    stream(
        "two candidates",
        said("a"),
        said("b", index=1),
        said("", finish="STOP"),
        said("", finish="STOP", index=1),
        frames=[text("a"), text("b", 1), COUNTED],
    ),
    stream("cut by a limit is a clean end", said("Once", finish="MAX_TOKENS"), frames=[text("Once"), COUNTED]),
    stream(
        "stopped for safety",
        said("Once"),
        chunk(finish="SAFETY", finishMessage="Unsafe."),
        frames=[text("Once"), refused("SAFETY", "Unsafe."), COUNTED],
    ),
    stream(
        "a blocked prompt",
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 4}},
        frames=[refused("PROHIBITED_CONTENT"), tokens(4, None)],
    ),
    stream(
        "cut without a finish reason",
        said("Once"),
        frames=[text("Once"), COUNTED],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "an error inside",
        said("Once"),
        {"error": {"code": 503, "message": "gone", "status": "UNAVAILABLE"}},
        frames=[text("Once"), COUNTED],
        outcome="failed",
        problem="unavailable",
    ),
    stream(
        "unknown fields and broken events",
        {**said("a"), "brandNew": {}},
        "{bad",
        said("b", finish="STOP"),
        frames=[text("ab"), COUNTED],
        unreadable=1,
    ),
    stream(
        "a candidate without content",
        {"candidates": [{"index": 0, "safetyRatings": []}]},
        said("a", finish="STOP"),
        frames=[text("a"), COUNTED],
    ),
    stream(
        "code that it ran",
        chunk(
            {"executableCode": {"language": "PYTHON", "code": "1+1"}},
            {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
        ),
        said("2", finish="STOP"),
        frames=[call(0, None, "code_execution", '{"language":"PYTHON","code":"1+1"}'), text("2"), COUNTED],
    ),
    stream(
        "sources repeated with every chunk",
        said("a", groundingMetadata=GROUNDS),
        said("b", finish="STOP", groundingMetadata=GROUNDS),
        frames=[text("a"), frames.citation("https://example.com/a", "A"), text("b"), COUNTED],
    ),
    array("every part kind", PRETTY, EVERYTHING),
    array("compact", json.dumps(list(STREAM), ensure_ascii=False), EVERYTHING),
    array("cut after a finish reason", PRETTY.rstrip("\n]"), EVERYTHING),
    array(
        "cut inside an object",
        json.dumps([said("a"), said("b")])[:-40],
        [text("a"), COUNTED],
        outcome="cut_short",
        problem="cut_short",
        unreadable=1,
    ),
    array(
        "an error in a list",
        json.dumps(
            [
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "status": "INVALID_ARGUMENT",
                        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
                    }
                }
            ]
        ),
        [],
        outcome="failed",
        problem="bad_key",
    ),
    array("empty", "[]", [], outcome="failed", problem="empty_answer"),
    whole("every part kind", WHOLE, EVERYTHING),
    whole("without a finish reason", said("a"), [text("a"), COUNTED]),
    whole(
        "a blocked prompt",
        {"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "No."}},
        [refused("SAFETY", "No.")],
    ),
    whole("something else of the family", {"totalTokens": 7}, [frames.json({"totalTokens": 7})]),
    whole(
        "an error in OpenAI's shape",
        {
            "error": {
                "message": "当前分组 default 下对于模型 x 无可用渠道",
                "type": "new_api_error",
                "code": "model_not_found",
            }
        },
        [],
        outcome="failed",
        problem="no_channel",
    ),
)
