"""What chat recordings are made of."""

from .. import JSON, Recording, body, text, tokens


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
