"""Server-sent events out of bytes cut anywhere.

Lines may end in LF, CR or CRLF; one leading byte order mark is dropped; comments are skipped; `data:` may lack its space;
a last event without its blank line is given by `flush`; a bare line of JSON counts as data. Bad UTF-8 is replaced and counted, never raised.
"""

from typing import NamedTuple

EVENT_LIMIT = 32 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Piece = tuple[bytes | None, bytes]
"""An event still in bytes: its name, its data."""


class Event(NamedTuple):
    """One event as text: its name (`event:`), if it had one, and its data lines joined by newlines."""

    event: str | None
    data: str


class EventTooLarge(ValueError):
    """An event is larger than this decoder may hold."""


class Decoder:
    """Cuts a stream into events.

    `pieces` and `rest` give bytes and are what dialects read; `decode` and `flush` give the same events as text.
    Past an event larger than `limit` nothing more is given and `too_large` is set; `check` raises it as `EventTooLarge`.
    """

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self.too_large = False
        self.undecodable = 0
        self._limit = limit
        self._head: bytes | None = b""  # the first bytes, until they cannot be a byte order mark; then None
        self._after_cr = False
        self._line = bytearray()
        self._name: bytes | None = None
        self._lines: list[bytes] = []
        self._size = 0

    def decode(self, data: bytes) -> list[Event]:
        """The events that end within these bytes."""
        return [self.as_event(piece) for piece in self.pieces(data)]

    def flush(self) -> list[Event]:
        """The last event, when the body ended without its blank line."""
        return [self.as_event(piece) for piece in self.rest()]

    def check(self) -> None:
        """Raise `EventTooLarge` if an event was."""
        if self.too_large:
            raise EventTooLarge(f"an event is larger than {self._limit} bytes")

    def pieces(self, data: bytes) -> list[Piece]:
        """The events that end within these bytes, in bytes."""
        if self.too_large:
            return []
        if self._head is not None:
            data = self._without_mark(data)
        if self._after_cr or b"\r" in data:
            data = self._with_plain_ends(data)
        out: list[Piece] = []
        # Most reads are whole events: they are cut at their blank lines without looking at each line.
        if not (self._line or self._lines or self._name) and len(data) <= self._limit:
            end = data.rfind(b"\n\n")
            if end >= 0:
                self._whole_events(data[:end], out)
                data = data[end + 2 :]
        if data:
            self._read_lines(data, out)
        return out

    def rest(self) -> list[Piece]:
        """The last event without its blank line, in bytes."""
        out: list[Piece] = []
        if self._head:
            self._read_lines(self._head, out)
            self._head = None
        self._read_lines(b"\n\n", out)
        return out

    def _whole_events(self, data: bytes, out: list[Piece]) -> None:
        for block in data.split(b"\n\n"):
            if block[:6] == b"data: " and b"\n" not in block:
                out.append((None, block[6:]))
            elif block:
                for line in block.split(b"\n"):
                    self._take(line, out)
                self._take(b"", out)

    def _read_lines(self, data: bytes, out: list[Piece]) -> None:
        first, *more = data.split(b"\n")
        self._line += first
        if more:
            last = more.pop()
            self._take(bytes(self._line), out)
            for line in more:
                self._take(line, out)
            self._line = bytearray(last)
        if self._size + len(self._line) > self._limit:
            self._give_up()

    def _take(self, line: bytes, out: list[Piece]) -> None:
        if not line:
            self._end_event(out)
            return
        if self.too_large or self._size + len(line) > self._limit:
            self._give_up()
            return
        field, _, value = line.partition(b":")
        if field == b"data":
            self._size += len(line)
            self._lines.append(value[1:] if value[:1] == b" " else value)
        elif field == b"event":
            self._name = value.strip() or None
        elif line[:1] == b"{":  # a gateway that fails in mid-stream writes its plain JSON error into it
            self._size += len(line)
            self._lines.append(line)

    def _end_event(self, out: list[Piece]) -> None:
        if self._lines:
            out.append((self._name, self._lines[0] if len(self._lines) == 1 else b"\n".join(self._lines)))
            self._lines = []
            self._size = 0
        self._name = None

    def _give_up(self) -> None:
        self.too_large = True
        self._line.clear()
        self._lines = []
        self._name = None
        self._size = 0

    def _without_mark(self, data: bytes) -> bytes:
        head = (self._head or b"") + data
        if len(head) < len(BYTE_ORDER_MARK) and BYTE_ORDER_MARK.startswith(head):
            self._head = head
            return b""
        self._head = None
        return head.removeprefix(BYTE_ORDER_MARK)

    def _with_plain_ends(self, data: bytes) -> bytes:
        """The same lines ended by LF alone; a CRLF may have been cut in two."""
        if not data:
            return data
        if self._after_cr and data[:1] == b"\n":
            data = data[1:]
            self._after_cr = False
            if not data:
                return data
        self._after_cr = data[-1:] == b"\r"
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def as_event(self, piece: Piece) -> Event:
        """One piece as text; bad bytes are replaced and counted."""
        name, data = piece
        return Event(None if name is None else name.decode("utf-8", "replace"), self._text(data))

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.undecodable += 1
            return data.decode("utf-8", "replace")
