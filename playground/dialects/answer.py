"""A good answer: its body cut into pieces, each read as JSON, each told as frames; and how it all ended."""

from ..frames import Frame
from . import json_text
from .bodies import is_web_page, web_page_problem
from .complaints import LONGEST_MESSAGE
from .envelope import Envelope, Outcome
from .framing import Body, Framing
from .problems import problem
from .reader import Reader

# A value shaped as no vendor documents it breaks a reader in one of these ways; it is an unreadable event, no crash of ours.
MISSHAPEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError)


class Answer:
    """The decoder of everything that is not an error by its status."""

    def __init__(self, reader: Reader, body: Body, envelope: Envelope) -> None:
        self.outcome: Outcome | None = None
        self.unreadable = 0
        self.undecodable = 0
        self._reader = reader
        self._body = body
        self._envelope = envelope
        self._readable = 0
        self._is_torn = False  # the body ended inside a value

    @property
    def finished(self) -> bool:
        """Whether an end mark has been seen."""
        return self._reader.finished

    @property
    def closed(self) -> bool:
        """Whether nothing of the answer can follow."""
        return self._reader.closed

    @property
    def end_reason(self) -> str | None:
        """The vendor's word for why the answer ended (`stop`, `length`, `max_tokens`, `SAFETY` …)."""
        return self._reader.end_reason

    def decode(self, data: bytes) -> list[Frame]:
        """The frames these bytes make certain."""
        frames: list[Frame] = []
        if self.outcome is not None:
            return frames
        for name, piece in self._body.pieces(data):
            self._read(name, piece, frames)
        if self._body.too_large:
            self._end_over_limit(frames)
        return frames

    def flush(self) -> list[Frame]:
        """What is left, and a problem if the answer is not whole."""
        frames: list[Frame] = []
        if self.outcome is not None:
            return frames
        for name, piece in self._body.rest():
            before = self.unreadable
            self._read(name, piece, frames)
            self._is_torn = self.unreadable > before and piece.rstrip()[-1:] not in (b"}", b"]")
        self._reader.end(frames)
        if self._body.too_large:
            self._end_over_limit(frames)
        elif self._reader.failed:
            self.outcome = "failed"
        elif self._reader.finished:
            self.outcome = "succeeded"
        else:
            self._tell_what_is_missing(frames)
        return frames

    def abort(self) -> list[Frame]:
        """What is left of a body that broke; whoever saw it break tells the problem."""
        frames: list[Frame] = []
        if self.outcome is not None:
            return frames
        unreadable = self.unreadable
        for name, piece in self._body.rest():
            self._read(name, piece, frames)
        self.unreadable = unreadable  # half an event is no broken event
        self._reader.end(frames)
        self.outcome = "failed" if self._reader.failed else "succeeded" if self._reader.finished else "cut_short"
        return frames

    def _read(self, name: bytes | None, piece: bytes, frames: list[Frame]) -> None:
        try:
            value, replaced = json_text.patient_value_of(piece)
        except json_text.Unreadable:
            self._read_oddity(name, piece, frames)
            return
        self.undecodable += replaced
        self._readable += 1
        try:
            if self._body.framing is Framing.WHOLE:
                self._read_whole(value, frames)
            elif type(value) is dict:
                self._reader.event(name, value, frames)
                if name == b"error" and not self._reader.failed:
                    self._reader.fail_by(value, frames, failed=True)
            else:
                self._read_no_object(name, value, frames)
        except MISSHAPEN:
            self.unreadable += 1
            self._readable -= 1

    def _read_whole(self, value: object, frames: list[Frame]) -> None:
        is_known = self._reader.whole(value, frames) if type(value) is dict or self._reader.takes_any_json else False
        if is_known or self._reader.failed:
            return
        if not self._reader.fail_by_stray(value, frames):
            self._reader.fail_as("unexpected_answer", "", frames)

    def _read_no_object(self, name: bytes | None, value: object, frames: list[Frame]) -> None:
        """A list, a text, a number where an object belongs."""
        if not self._reader.fail_by(value, frames, failed=name == b"error"):
            self.unreadable += 1

    def _read_oddity(self, name: bytes | None, piece: bytes, frames: list[Frame]) -> None:
        """What is no JSON: an end mark, a doubled field name, a plain error text, a web page, or simply broken."""
        piece = piece.strip()
        if self._body.framing is Framing.EVENTS:
            if piece == b"[DONE]":
                self._reader.done(frames)
            elif piece.startswith(b"data:"):
                self._read(name, piece[5:].lstrip(), frames)
            elif b"\n" in piece:
                self._read_lines(name, piece, frames)
            elif name == b"error":
                self._reader.fail_as("error_event", piece[:LONGEST_MESSAGE].decode("utf-8", "replace"), frames)
            elif piece:
                self.unreadable += 1
        elif self._body.framing is Framing.WHOLE:
            self._read_plain(piece, frames)
        else:
            self.unreadable += 1

    def _read_lines(self, name: bytes | None, piece: bytes, frames: list[Frame]) -> None:
        """Events that nothing but a line end parts, as servers written by hand send them."""
        lines = piece.split(b"\n")
        if name != b"error" and all(line[:1] == b"{" or line.strip() == b"[DONE]" for line in lines if line):
            for line in lines:
                self._read(name, line, frames)
        elif name == b"error":
            self._reader.fail_as("error_event", piece[:LONGEST_MESSAGE].decode("utf-8", "replace"), frames)
        else:
            self.unreadable += 1

    def _read_plain(self, piece: bytes, frames: list[Frame]) -> None:
        """A whole body that is no JSON: a web page, plain text, or a JSON text that is broken or torn."""
        if is_web_page(piece, self._envelope.content_type):
            self._reader.failed = True
            frames.append(web_page_problem(piece, self._envelope))
        elif piece[:1] in (b"{", b"["):
            self.unreadable += 1
        elif self._reader.takes_plain_text:
            text = piece.decode("utf-8", "replace")
            self.undecodable += "\ufffd" in text
            self._reader.plain_text(text, frames)
        else:
            self.unreadable += 1
            self._reader.fail_as("unreadable", piece[:LONGEST_MESSAGE].decode("utf-8", "replace"), frames)

    def _tell_what_is_missing(self, frames: list[Frame]) -> None:
        if self._body.framing is None:
            self._end_as("failed", "empty_answer", frames)
        elif self._readable or self._is_torn:
            self._end_as("cut_short", "cut_short", frames)
        elif self.unreadable:
            self._end_as("failed", "unreadable", frames)
        else:
            self._end_as("failed", "empty_answer", frames)

    def _end_as(self, outcome: Outcome, code: str, frames: list[Frame]) -> None:
        self.outcome = outcome
        frames.append(problem(code, status=self._envelope.status, request_id=self._envelope.request_id))

    def _end_over_limit(self, frames: list[Frame]) -> None:
        self._reader.end(frames)
        self.outcome = "cut_short"
        which = "body" if self._body.framing is Framing.WHOLE else "event"
        frames.append(problem("over_limit", limit=which, limit_bytes=self._body.limit))
