"""The pieces of an answer: plain values that travel from a dialect to the page.

A frame is a dict with a `kind` and that kind's fields, ready to be written as JSON. Dialects make frames,
the run numbers them (`seq`) and times them (`at`, milliseconds since the call was sent), nothing changes them after.
"""

from typing import Any

Frame = dict[str, Any]

KINDS = (
    "status",
    "text",
    "reasoning",
    "tool_call",
    "media",
    "json",
    "vector",
    "ranking",
    "task",
    "usage",
    "citation",
    "refusal",
    "problem",
)

FAULTS = ("person", "key", "gateway", "model", "us")


def status(code: int, headers: dict[str, str]) -> Frame:
    """The answer's HTTP status and headers."""
    return {"kind": "status", "status": code, "headers": headers}


def text(piece: str, index: int = 0) -> Frame:
    """A piece of answer text of candidate `index`."""
    return _spoken("text", piece, index)


def reasoning(piece: str, index: int = 0) -> Frame:
    """A piece of thinking, however the vendor spells it."""
    return _spoken("reasoning", piece, index)


def refusal(piece: str, index: int = 0) -> Frame:
    """A piece of the model's refusal."""
    return _spoken("refusal", piece, index)


def tool_call(index: int, id: str | None, name: str | None, arguments: str) -> Frame:
    """A piece of a tool call; `arguments` is a delta of the arguments text, joined by index."""
    return {"kind": "tool_call", "index": index, "id": id, "name": name, "arguments": arguments}


def media(mime: str, url: str | None = None, data: str | None = None, partial: int | None = None) -> Frame:
    """A picture, sound or film: by address or as base64; `partial` numbers a preliminary picture."""
    frame: Frame = {"kind": "media", "mime": mime}
    if url is not None:
        frame["url"] = url
    if data is not None:
        frame["data"] = data
    if partial is not None:
        frame["partial"] = partial
    return frame


def json(value: Any) -> Frame:
    """A whole answer that no dialect reads as text."""
    return {"kind": "json", "value": value}


def vector(index: int, values: list[float] | str) -> Frame:
    """One embedding: its numbers, or base64 as the vendor sent it."""
    return {"kind": "vector", "index": index, "values": values}


def ranking(results: list[dict[str, Any]]) -> Frame:
    """Documents in order: `[{"index", "score", "document"?}, …]`."""
    return {"kind": "ranking", "results": results}


def task(
    id: str,
    state: str,
    progress: str | int | None = None,
    buttons: list[dict[str, Any]] | None = None,
    raw_state: str = "",
    error: str | None = None,
) -> Frame:
    """A submitted task: its state is queued, running, succeeded or failed; `raw_state` is the vendor's word for it."""
    frame: Frame = {"kind": "task", "id": id, "state": state, "progress": progress, "buttons": buttons or []}
    if raw_state:
        frame["raw_state"] = raw_state
    if error is not None:
        frame["error"] = error
    return frame


def usage(
    input_tokens: int | None,
    output_tokens: int | None,
    reasoning_tokens: int | None = None,
    cached_tokens: int | None = None,
    cost: float | None = None,
) -> Frame:
    """Tokens counted by the vendor; the last such frame of a run is the total. `cost` are dollars that the gateway told."""
    frame: Frame = {
        "kind": "usage",
        "input_tokens": input_tokens,
        "output_tokens": output_tokens,
        "reasoning_tokens": reasoning_tokens,
        "cached_tokens": cached_tokens,
    }
    return frame if cost is None else {**frame, "cost": cost}


def citation(url: str | None, title: str | None, quote: str | None = None, index: int = 0) -> Frame:
    """A source the answer leans on."""
    return {"kind": "citation", "url": url, "title": title, "quote": quote, "index": index}


def problem(
    code: str,
    fault: str,
    message: str,
    retry: bool = False,
    retry_after_ms: int | None = None,
    remedies: list[dict[str, Any]] | None = None,
    **details: Any,
) -> Frame:
    """What went wrong, whose fault it is (one of `FAULTS`), whether it may be tried again, what to do.

    `message` is English and plain; the page translates by `code`. `details` fill the page's sentence.
    """
    return {
        "kind": "problem",
        "code": code,
        "fault": fault,
        "message": message,
        "retry": retry,
        "retry_after_ms": retry_after_ms,
        "remedies": remedies or [],
        **details,
    }


def _spoken(kind: str, piece: str, index: int) -> Frame:
    if index:
        return {"kind": kind, "text": piece, "index": index}
    return {"kind": kind, "text": piece}
