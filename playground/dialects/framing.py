"""How a body is cut into pieces, before anybody asks what they mean: events, a row of JSON values, or one whole.

The content type says which, and the first byte corrects it: gateways answer a stream with a plain JSON error, or send events
under `application/json`.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from . import sse
from .sse import EVENT_LIMIT, Event, Piece

BODY_LIMIT = 256 * 1024 * 1024
BLANK = b" \t\r\n"
LINES_OF_JSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
EVENT_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")  # no JSON text begins like this


class Framing(Enum):
    """What a body's pieces are."""

    EVENTS = "events"
    VALUES = "values"
    WHOLE = "whole"


class Cutter(Protocol):
    """Cuts bytes into pieces; past a limit it gives nothing more and says `too_large`."""

    @property
    def too_large(self) -> bool: ...

    def pieces(self, data: bytes) -> list[Piece]: ...

    def rest(self) -> list[Piece]: ...


class Whole:
    """The body is one piece, given at its end."""

    def __init__(self, limit: int = BODY_LIMIT) -> None:
        self.too_large = False
        self._limit = limit
        self._gathered = bytearray()

    def pieces(self, data: bytes) -> list[Piece]:
        """Nothing yet."""
        if not self.too_large:
            self._gathered += data
            if len(self._gathered) > self._limit:
                self.too_large = True
                self._gathered.clear()
        return []

    def rest(self) -> list[Piece]:
        """The body, unless it was blank."""
        body = bytes(self._gathered).removeprefix(sse.BYTE_ORDER_MARK).strip(BLANK)
        self._gathered.clear()
        return [(None, body)] if body else []


class Values:
    """JSON objects one after the other, or in an array that arrives in pieces: braces outside strings tell where each ends."""

    _OUTSIDE = re.compile(rb'["{}]')
    _INSIDE = re.compile(rb'["\\]')

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self.too_large = False
        self._limit = limit
        self._value = bytearray()
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def pieces(self, data: bytes) -> list[Piece]:
        """The objects that end within these bytes."""
        out: list[Piece] = []
        start, at = 0, 0
        while at < len(data) and not self.too_large:
            found = self._next_mark(data, at)
            if found < 0:
                break
            at = found + 1
            mark = data[found]
            if self._in_string:
                self._read_in_string(mark)
            elif mark == 0x22:
                self._in_string = self._depth > 0
            elif mark == 0x7B:
                if self._depth == 0:
                    start = found
                self._depth += 1
            elif self._depth:
                self._depth -= 1
                if self._depth == 0:
                    self._keep(data[start:at])
                    self._give(out)
        if self._depth:
            self._keep(data[start:])
        return out

    def rest(self) -> list[Piece]:
        """What was begun and never ended."""
        left = bytes(self._value)
        self._value.clear()
        return [(None, left)] if left else []

    def _next_mark(self, data: bytes, at: int) -> int:
        if self._escaped:
            self._escaped = False
            at += 1
        found = (self._INSIDE if self._in_string else self._OUTSIDE).search(data, at)
        return found.start() if found else -1

    def _read_in_string(self, mark: int) -> None:
        if mark == 0x22:
            self._in_string = False
        else:
            self._escaped = True

    def _keep(self, part: bytes) -> None:
        self._value += part
        if len(self._value) > self._limit:
            self.too_large = True
            self._value.clear()

    def _give(self, out: list[Piece]) -> None:
        if not self.too_large:
            out.append((None, bytes(self._value)))
            self._value.clear()


class Body:
    """A body of any framing: looks at its first byte, then cuts accordingly. `framing` is None until then."""

    def __init__(
        self,
        content_type: str,
        *,
        values: bool = False,
        plain_text: bool = False,
        event_limit: int = EVENT_LIMIT,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        """`values`: an array is a row of objects. `plain_text`: text of its own is a possible answer."""
        self.framing: Framing | None = None
        self.event_limit = event_limit
        self.body_limit = body_limit
        self._mime = mime_of(content_type)
        self._values = values
        self._plain_text = plain_text
        self._head = bytearray()
        self._cutter: Cutter | None = None
        # Once the framing is known its cutter is asked directly: this is the hot path.
        self.pieces: Callable[[bytes], list[Piece]] = self._first_pieces

    @property
    def too_large(self) -> bool:
        """Whether a limit was reached."""
        return self._cutter is not None and self._cutter.too_large

    @property
    def limit(self) -> int:
        """The limit that holds for this framing."""
        return self.body_limit if self.framing is Framing.WHOLE else self.event_limit

    def rest(self) -> list[Piece]:
        """What the end of the body makes complete."""
        if self._cutter is None and self._head.strip(BLANK + sse.BYTE_ORDER_MARK):
            self._cut_as(Framing.WHOLE, bytes(self._head))
        return self._cutter.rest() if self._cutter else []

    def _first_pieces(self, data: bytes) -> list[Piece]:
        self._head += data
        head = bytes(self._head)
        framing = self._framing_by(head)
        return [] if framing is None else self._cut_as(framing, head)

    def _cut_as(self, framing: Framing, head: bytes) -> list[Piece]:
        self._head.clear()
        self.framing = framing
        self._cutter = self._cutter_for(framing)
        self.pieces = self._cutter.pieces
        return self.pieces(head)

    def _framing_by(self, head: bytes) -> Framing | None:
        """The framing these first bytes tell, or None while they do not."""
        if len(head) < 3 and sse.BYTE_ORDER_MARK.startswith(head):
            return None
        start = head.removeprefix(sse.BYTE_ORDER_MARK).lstrip(BLANK)[:8]
        if not start:
            return None
        if start[:1] in (b"{", b"["):
            is_row = (self._values and start[:1] == b"[") or self._mime in LINES_OF_JSON
            return Framing.VALUES if is_row else Framing.WHOLE
        if self._mime == "text/event-stream":
            return Framing.WHOLE if start[:1] == b"<" else Framing.EVENTS
        if self._plain_text and self._mime.startswith("text/"):
            return Framing.WHOLE
        if start.startswith(EVENT_FIELDS):
            return Framing.EVENTS
        return None if any(field.startswith(start) for field in EVENT_FIELDS) else Framing.WHOLE

    def _cutter_for(self, framing: Framing) -> Cutter:
        if framing is Framing.EVENTS:
            return sse.Decoder(self.event_limit)
        if framing is Framing.VALUES:
            return Values(self.event_limit)
        return Whole(self.body_limit)


class RawEvents:
    """The same pieces as text, for showing and replaying what arrived: events, JSON values, or the whole body as one."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._words = sse.Decoder()

    def decode(self, data: bytes) -> list[Event]:
        """The events that end within these bytes."""
        return [self._words.as_event(piece) for piece in self._body.pieces(data)]

    def flush(self) -> list[Event]:
        """What the end of the body makes complete."""
        return [self._words.as_event(piece) for piece in self._body.rest()]


class RawBytes:
    """A body of sound, picture or film: one event at its end that tells how much it was."""

    def __init__(self, mime: str) -> None:
        self._mime = mime
        self._size = 0

    def decode(self, data: bytes) -> list[Event]:
        """Nothing yet."""
        self._size += len(data)
        return []

    def flush(self) -> list[Event]:
        """One line about the body."""
        return [Event("binary", f"{self._size} bytes of {self._mime}")] if self._size else []


def mime_of(content_type: str) -> str:
    """The type without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()
