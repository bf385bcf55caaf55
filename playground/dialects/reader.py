"""What every dialect's reader has in common: it takes parsed values and makes frames, knowing nothing of bytes."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from .complaints import Complaint, complaint_in, problem_of, stray_complaint_in
from .envelope import Envelope
from .problems import problem
from .values import Json


class Reader:
    """Reads one answer. A dialect says what an event means (`event`) and what a whole answer does (`whole`).

    A stream and a whole answer of the same content give the same frames once their pieces are joined.
    """

    takes_plain_text = False
    takes_any_json = False  # a list or null may be an answer, too
    values = False  # an array is a stream of objects, each read as an event

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.end_reason: str | None = None
        self.failed = False
        self._is_done = False
        self._told_usage: Frame | None = None

    @property
    def finished(self) -> bool:
        """Whether an end mark has been seen."""
        return self._is_done

    @property
    def closed(self) -> bool:
        """Whether a mark has been seen after which nothing of this answer comes; a choice's own end is none."""
        return self._is_done

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one event of a stream."""
        raise NotImplementedError

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read a whole answer; False where it has none of the forms this call can have."""
        raise NotImplementedError

    def done(self, frames: list[Frame]) -> None:
        """Read `[DONE]`, which counts only in the dialects that have it."""

    def plain_text(self, text: str, frames: list[Frame]) -> None:
        """Read an answer that is text of its own, where `takes_plain_text`."""

    def end(self, frames: list[Frame]) -> None:
        """Give out what was held back: nothing follows any more."""
        self._tell_usage(frames)

    def usage(self) -> Frame | None:
        """The tokens counted so far."""
        return None

    def fail(self, complaint: Complaint, frames: list[Frame]) -> None:
        """Tell the one problem of this answer; later ones are its echo."""
        if not self.failed:
            self.failed = True
            frames.append(problem_of(complaint, self.envelope))

    def fail_as(self, code: str, message: str, frames: list[Frame], **details: Any) -> None:
        """Tell the one problem of this answer by a code of ours."""
        if not self.failed:
            self.failed = True
            envelope = self.envelope
            frames.append(problem(code, message, status=envelope.status, request_id=envelope.request_id, **details))

    def fail_by(self, value: Any, frames: list[Frame], failed: bool = False) -> bool:
        """Whether this value is a complaint (`failed`: it is one, however spelled); if so it is told."""
        complaint = complaint_in(value, failed)
        if complaint is None:
            return False
        self.fail(complaint, frames)
        return True

    def fail_by_stray(self, value: Any, frames: list[Frame]) -> bool:
        """Whether this value, which is no piece of an answer, is a complaint in any spelling; if so it is told."""
        complaint = complaint_in(value) or stray_complaint_in(value)
        if complaint is None:
            return False
        self.fail(complaint, frames)
        return True

    def _tell_usage(self, frames: list[Frame]) -> None:
        # Some vendors repeat the usage with every chunk; it is told when the answer ends, and again only if it changed.
        usage = self.usage()
        if usage is not None and usage != self._told_usage:
            self._told_usage = usage
            frames.append(usage)


def stopped_by_filter(reason: str, explanation: str, index: int) -> Frame:
    """The refusal frame of an answer that a filter ended: the vendor's words, or a sentence with its reason."""
    return {**pieces.refusal(explanation or f"Stopped by the provider: {reason}", index), "reason": reason}
