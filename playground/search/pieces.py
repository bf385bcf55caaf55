"""What was said in a run, in pieces that know where they stood: system, user, answer, thinking, a tool call …"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

LARGEST_BODY = 4 * 2**20
RAW_LETTERS = 256 * 1024
LONGEST_PIECE = 300_000
# Letters in a row that no language has: base64, hashes.
_OPAQUE = re.compile(r"[A-Za-z0-9+/=_-]{200,}")
_DATA_URL = re.compile(r"data:[\w.+/-]*;base64,[A-Za-z0-9+/=_-]*")

_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "model": "assistant",
          "tool": "tool_result", "function": "tool_result"}  # fmt: skip
_PLACES = {
    "system": "system", "instructions": "system", "systemInstruction": "system", "system_instruction": "system",
    "messages": "user", "input": "user", "contents": "user", "prompt": "user", "query": "user", "text": "user",
    "tools": "tools", "functions": "tools", "documents": "documents", "response_format": "schema", "format": "schema",
}  # fmt: skip
_STRUCTURE = ("role", "type", "object")
_SPOKEN = {"text": "answer", "reasoning": "thinking", "refusal": "refusal"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and where it stood."""

    where: str
    text: str


def of_request(body: bytes | None, given: Any = None) -> list[Piece]:
    """The texts of a request; the last things said come first, as they are what the run is about."""
    value = _read(body)
    pieces = [] if value is None else list(_texts(value, "request"))[::-1]
    for part in ("path", "query"):
        pieces += _texts((given or {}).get(part), "request")
    return pieces


def of_frames(lines: Iterable[bytes]) -> list[Piece]:
    """The texts of an answer, its deltas joined."""
    joined: dict[tuple[str, int], list[str]] = {}
    whole: list[Piece] = []
    for frame in _frames(list(lines)):
        kind, index = frame.get("kind"), frame.get("index") or 0
        if spoken := _SPOKEN.get(kind or ""):
            joined.setdefault((spoken, index), []).append(frame["text"])
        elif kind == "tool_call":
            name = f"{frame['name']} " if frame.get("name") else ""
            joined.setdefault(("tool_call", index), []).append(name + (frame.get("arguments") or ""))
        elif kind == "problem":
            whole.append(Piece("problem", str(frame.get("message", ""))))
        elif kind in ("json", "citation", "ranking"):
            whole += _texts({name: frame.get(name) for name in ("value", "title", "quote", "results")}, "answer")
    return [Piece(where, _unescaped("".join(texts))) for (where, _index), texts in joined.items()] + whole


def _read(body: bytes | None) -> Any:
    if not body:
        return None
    if len(body) > LARGEST_BODY:
        return _without_blobs(body[:RAW_LETTERS].decode("utf-8", "replace"))
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _without_blobs(body[:RAW_LETTERS].decode("utf-8", "replace"))


def _texts(value: Any, where: str, depth: int = 0) -> Iterator[Piece]:
    if isinstance(value, str):
        text = _without_blobs(value)
        if text.strip():
            yield Piece(where, text[:LONGEST_PIECE])
    elif isinstance(value, list) and depth < 40:
        for item in value:
            yield from _texts(item, where, depth + 1)
    elif isinstance(value, dict) and depth < 40:
        where = _ROLES.get(_text(value.get("role")), where)
        for name, item in value.items():
            if name in _STRUCTURE:
                continue
            place = _PLACES.get(name, where) if depth == 0 else where
            yield from _texts(item, place, depth + 1)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _without_blobs(text: str) -> str:
    return _OPAQUE.sub(" ", _DATA_URL.sub(" ", text)) if len(text) > 200 else text


def _unescaped(text: str) -> str:
    """Arguments of tools are JSON, which may spell Chinese in escapes."""
    if "\\u" not in text:
        return text
    name, brace, arguments = text.partition("{")
    try:
        return name + orjson.dumps(orjson.loads(brace + arguments)).decode()
    except (orjson.JSONDecodeError, TypeError):
        return text


def _frames(lines: list[bytes]) -> list[dict[str, Any]]:
    """All of them read at once, as that takes half the time; one by one where one is not as it should be."""
    try:
        return orjson.loads(b"[%b]" % b",".join(lines))
    except orjson.JSONDecodeError:
        return [_frame(line) for line in lines]


def _frame(line: bytes) -> dict[str, Any]:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # Lone surrogates stand as escapes that strict readers refuse; they are no letters.
        try:
            return orjson.loads(_SURROGATES.sub(b" ", line))
        except orjson.JSONDecodeError:
            return {}


_SURROGATES = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
