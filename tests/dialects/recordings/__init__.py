"""Answers as gateways send them, each with the frames it should give once its pieces are joined."""

import json
from dataclasses import dataclass
from typing import Any

from playground import frames
from playground.frames import Frame

EVENT_STREAM = "text/event-stream"
JSON = "application/json"


@dataclass(frozen=True)
class Recording:
    """One answer and what should be read from it."""

    name: str
    dialect: str
    body: bytes
    frames: list[Frame]
    outcome: str = "succeeded"
    content_type: str = EVENT_STREAM
    status: int = 200
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    unreadable: int = 0
    problem: str | None = None  # the code of the problem that ends `frames`, which says everything else of it

    def __str__(self) -> str:
        return self.name


def events(*values: Any, named: bool = False, end: str = "\n") -> bytes:
    """Events of these values; `named` gives each the name its type is; a text stands as it is."""
    return "".join(_event(value, named, end) for value in values).encode("utf-8", "surrogatepass")


def body(value: Any) -> bytes:
    """A whole JSON answer."""
    return json.dumps(value, ensure_ascii=False).encode()


def text(piece: str, index: int = 0) -> Frame:
    return frames.text(piece, index)


def thought(piece: str, index: int = 0) -> Frame:
    return frames.reasoning(piece, index)


def call(index: int, id: str | None, name: str | None, arguments: str) -> Frame:
    return frames.tool_call(index, id, name, arguments)


def tokens(into: int | None, out: int | None, reasoning: int | None = None, cached: int | None = None) -> Frame:
    return frames.usage(into, out, reasoning, cached)


def _event(value: Any, named: bool, end: str) -> str:
    name = f"event: {value['type']}{end}" if named and "type" in value and isinstance(value, dict) else ""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{name}data: {written}{end}{end}"


from . import chat, errors, gemini, messages, others, responses  # noqa: E402

ALL: tuple[Recording, ...] = tuple(
    recording for room in (chat, responses, messages, gemini, others, errors) for recording in room.RECORDINGS
)
