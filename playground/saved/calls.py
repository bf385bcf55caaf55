"""The page's own text of a request, and the call it stands for."""

import json
from dataclasses import dataclass
from typing import Any

from playground.catalogue import Operation

_PARTS = {"text": str, "off": dict, "path": dict, "query": list, "headers": list}


@dataclass(frozen=True)
class Kept:
    """A request as the page keeps it; what it knows beyond these parts stays in its text."""

    text: str
    off: dict[str, Any]
    path: dict[str, Any]
    query: list[dict[str, Any]]
    headers: list[dict[str, Any]]
    stream: bool | None


def read(call: Any) -> Kept:
    """The parts of the page's text. Raises ValueError when it is none, or nothing that Postgres can hold."""
    if not isinstance(call, str) or "\x00" in call:
        raise ValueError("no text")
    call.encode()  # a lone surrogate raises: pages write it as an escape
    try:
        given = json.loads(call)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(given, dict):
        raise ValueError("no object")
    parts = {name: given.get(name, kind()) for name, kind in _PARTS.items()}
    if any(not isinstance(parts[name], kind) for name, kind in _PARTS.items()):
        raise ValueError("a part has another kind")
    rows = [*parts["query"], *parts["headers"]]
    if any(not isinstance(row, dict) or not isinstance(row.get("name"), str) for row in rows):
        raise ValueError("a row has no name")
    if not isinstance(given.get("stream"), bool | None):
        raise ValueError("stream is neither on nor off")
    return Kept(**parts, stream=given.get("stream"))


def start_of(call: str, operation: Operation) -> dict[str, Any]:
    """The fields of the `start` message that the page would send for this text."""
    kept = read(call)
    sent: dict[str, Any] = {"path": kept.path, "query": _sent(kept.query), "headers": _sent(kept.headers)}
    if operation.content_type != "none":
        sent["body_text"] = kept.text
    start = {"operation": operation.id, "call": sent}
    return start if kept.stream is None else {**start, "stream": kept.stream}


def model_of(call: str) -> str:
    """The model the request asks for, as far as that can be seen."""
    kept = read(call)
    try:
        body = json.loads(kept.text)
    except (ValueError, RecursionError):
        body = None
    named = body.get("model") if isinstance(body, dict) else None
    named = named or kept.path.get("model")
    return named.encode("utf-8", "replace").decode() if isinstance(named, str) else ""


def _sent(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["name"]: row.get("value", "") for row in rows if row.get("sent") and row["name"]}
