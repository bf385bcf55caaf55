"""Thinking that a model writes into its own answer: `<think>…</think>` at the very start of the content."""

from enum import Enum

OPENING, CLOSING = "<think>", "</think>"
MOST_BLANKS = 200  # before a tag; more of them are text

Said = tuple[bool, str]
"""Whether a piece is thinking, and the piece."""


class _State(Enum):
    START = "start"
    THINKING = "thinking"
    ANSWERING = "answering"


class ThinkTag:
    """Tells thinking from answer, wherever the tags were cut. What turns out to be no tag is given as it came."""

    def __init__(self) -> None:
        self._state = _State.START
        self._held = ""

    @property
    def is_past(self) -> bool:
        """Whether all that follows is answer."""
        return self._state is _State.ANSWERING

    def feed(self, piece: str) -> list[Said]:
        """What this piece makes certain."""
        text, self._held = self._held + piece, ""
        if self._state is _State.START:
            return self._at_start(text)
        if self._state is _State.THINKING:
            return self._in_thinking(text)
        return _said(False, text)

    def rest(self) -> list[Said]:
        """What was held back, when nothing follows any more."""
        text, self._held = self._held, ""
        return _said(self._state is _State.THINKING, text)

    def _at_start(self, text: str) -> list[Said]:
        start = text.lstrip()
        may_be_tag = len(text) - len(start) <= MOST_BLANKS
        if may_be_tag and start.startswith(OPENING):
            self._state = _State.THINKING
            return self._in_thinking(start[len(OPENING) :])
        if may_be_tag and OPENING.startswith(start):
            self._held = text
            return []
        self._state = _State.ANSWERING
        return _said(False, text)

    def _in_thinking(self, text: str) -> list[Said]:
        thought, closing, answer = text.partition(CLOSING)
        if closing:
            self._state = _State.ANSWERING
            return _said(True, thought) + _said(False, answer)
        kept = _half_a_tag(text)
        self._held = text[len(text) - kept :]
        return _said(True, text[: len(text) - kept])


def _half_a_tag(text: str) -> int:
    """How many letters at the end may be the beginning of the closing tag."""
    return next((size for size in range(len(CLOSING) - 1, 0, -1) if text.endswith(CLOSING[:size])), 0)


def _said(thinking: bool, text: str) -> list[Said]:
    return [(thinking, text)] if text else []
