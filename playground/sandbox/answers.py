"""What a handler hands back: a body that is ready, or a stream of events that the door plays at the request's pace."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream. `words` is how much of the pace it takes, `text` the piece of text it carries, if any."""

    data: dict[str, Any] | str
    name: str | None = None
    words: int = 0
    text: str = ""
    ends: bool = False


@dataclass(slots=True)
class Body:
    """An answer that is whole: JSON, a page, a file. `words` is what it takes to write at the request's pace."""

    content: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: Headers = ()
    words: int = 0
    units: int = 0


@dataclass(slots=True)
class Stream:
    """An answer in events; `frame` spells one of them, `last` follows the end, `failure` is its error inside the stream."""

    events: Iterable[Event]
    frame: Callable[[Event, int], bytes] = field(default_factory=lambda: sse)
    content_type: str = "text/event-stream"
    last: bytes = b""
    failure: Event | None = None
    status: int = 200
    headers: Headers = (("cache-control", "no-cache"), ("x-accel-buffering", "no"))
    units: int = 0


Answer = Body | Stream


def json(value: Any, status: int = 200, headers: Headers = (), words: int = 0, units: int = 0) -> Body:
    """A value as a JSON answer; `units` is what it costs the key."""
    return Body(orjson.dumps(value), status=status, headers=headers, words=words, units=units)


def page(html: str, status: int = 200) -> Body:
    """An HTML page, as proxies send them."""
    return Body(html.encode(), "text/html; charset=utf-8", status)


def sse(event: Event, number: int = 0) -> bytes:
    """An event as the lines of a server-sent event."""
    data = event.data.encode() if isinstance(event.data, str) else orjson.dumps(event.data)
    if event.name is None:
        return b"data: %b\n\n" % data
    return b"event: %b\ndata: %b\n\n" % (event.name.encode(), data)


def array(event: Event, number: int = 0) -> bytes:
    """An event as an element of one long JSON array; the closing bracket is the stream's `last`."""
    return (b"[" if number == 0 else b",\r\n") + orjson.dumps(event.data)
