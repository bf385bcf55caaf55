"""A key's secret never passes: not in raw bytes, not in text, also when it comes cut over several pieces.

The same goes for secret values of variables, of which not even the beginning is told.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from playground.frames import Frame, tool_call

OPEN = 3  # beginnings this short say nothing; they pass at once, so that text is not held back by every "s"
HIDDEN = "•••"
TELLING = 8  # so many first letters of a secret value are hidden as the whole is: answers cut what they quote

Text = TypeVar("Text", str, bytes)


def masked(secret: str) -> str:
    """What stands in a secret's place: its first three letters and dots."""
    return secret[:OPEN] + HIDDEN


def hidden_in(text: str, hidden: Iterable[str]) -> str:
    """`text` with dots in place of secret values."""
    for secret in hidden:
        text = _blotted(text, secret, HIDDEN)[0]
    return text


def spellings(hidden: Iterable[str]) -> tuple[str, ...]:
    """Secret values as an answer may repeat them: plainly, and as JSON writes them; the longest first."""
    ways = {
        way
        for secret in hidden
        for way in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    }
    return tuple(sorted(ways, key=len, reverse=True))


class Masker:
    """Replaces one secret in a stream of pieces; a longer beginning of it at a piece's end waits for the next piece."""

    def __init__(self, secret: bytes) -> None:
        self._secret, self._mask = secret, secret[:OPEN] + HIDDEN.encode()
        self._start = secret[: OPEN + 1]
        self._passed = self._held = b""

    def feed(self, data: bytes) -> bytes:
        if not self._secret:
            return data
        joined = self._passed + self._held + data
        if self._start not in joined:  # nearly always: nothing of the secret is here, so nothing was held back either
            self._passed = joined[-OPEN:]
            return data
        before = len(self._passed)
        if self._secret in joined:
            joined = joined.replace(self._secret, self._mask)
        upto = max(before, len(joined) - self._beginning_at_end(joined))
        told, self._held = joined[before:upto], joined[upto:]
        self._passed = joined[:upto][-OPEN:]
        return told

    def flush(self) -> bytes:
        """What was held back and never became the secret."""
        held, self._held = self._held, b""
        return held

    def _beginning_at_end(self, data: bytes) -> int:
        """How many bytes at the end could be the secret's beginning; 0 when no more than three."""
        at = data.find(self._start, max(0, len(data) - len(self._secret) + 1))
        while at != -1:
            if self._secret.startswith(data[at:]):
                return len(data) - at
            at = data.find(self._start, at + 1)
        return 0


class ValueMasker:
    """Replaces one secret value in a stream of pieces, and its beginning where an answer breaks off in it."""

    def __init__(self, secret: bytes) -> None:
        self._secret, self._held = secret, b""

    def feed(self, data: bytes) -> bytes:
        told, self._held = _blotted(self._held + data, self._secret, HIDDEN.encode(), goes_on=True)
        return told

    def flush(self) -> bytes:
        """What was held back, hidden where it tells too much."""
        held, self._held = self._held, b""
        return _blotted(held, self._secret, HIDDEN.encode())[0]


def _blotted(text: Text, secret: Text, mask: Text, goes_on: bool = False) -> tuple[Text, Text]:
    """`text` with the mask in place of the secret and of its longer beginnings; and what is held back while more may come."""
    start, told, at = secret[:TELLING], text[:0], 0
    while (found := text.find(start, at)) != -1:
        length = len(start)
        while length < len(secret) and text[found + length : found + length + 1] == secret[length : length + 1]:
            length += 1
        if goes_on and found + length == len(text) and length < len(secret):
            return told + text[at:found], text[found:]
        told, at = told + text[at:found] + mask, found + length
    rest = text[at:]
    keep = (
        next((n for n in range(min(len(start) - 1, len(rest)), 0, -1) if rest.endswith(start[:n])), 0) if goes_on else 0
    )
    return told + rest[: len(rest) - keep], rest[len(rest) - keep :]


class Maskers:
    """Several maskers, one after the other."""

    def __init__(self, maskers: Sequence[Masker | ValueMasker]) -> None:
        self._maskers = maskers

    def feed(self, data: bytes) -> bytes:
        for masker in self._maskers:
            data = masker.feed(data)
        return data

    def flush(self) -> bytes:
        """What was held back and never became a secret."""
        rest = b""
        for masker in self._maskers:
            rest = masker.feed(rest) + masker.flush()
        return rest


def masker_of(secret: str, hidden: Sequence[str] = ()) -> Masker | Maskers:
    """Masks a key's secret and, where there are any, secret values."""
    key = Masker(secret.encode("utf-8", "surrogatepass"))
    if not hidden:
        return key
    return Maskers([key, *(ValueMasker(way.encode("utf-8", "surrogatepass")) for way in spellings(hidden))])


class TextMasker:
    """The same for the text of frames: one stream of pieces a kind, joined as the page joins them."""

    FIELDS = {"text": "text", "reasoning": "text", "refusal": "text", "tool_call": "arguments"}

    def __init__(self, secret: str, hidden: Sequence[str] = ()) -> None:
        self._plain, self._hidden, self._ways = secret, hidden, spellings(hidden)
        self._maskers: dict[tuple[str, int], Masker | Maskers] = {}

    def mask(self, frames: list[Frame]) -> list[Frame]:
        """The frames with the secrets replaced; held text follows with the next frame of its kind, or by `rest()`."""
        if not self._plain and not self._hidden:
            return frames
        return [self._masked(frame) for frame in frames]

    def rest(self) -> list[Frame]:
        """What was held back and never became the secret."""
        held = []
        for (kind, index), masker in self._maskers.items():
            text = masker.flush().decode("utf-8", "surrogatepass")
            if text and kind == "tool_call":
                held.append(tool_call(index, None, None, text))
            elif text:
                held.append({"kind": kind, "text": text, **({"index": index} if index else {})})
        return held

    def _masked(self, frame: Frame) -> Frame:
        field = self.FIELDS.get(frame["kind"])
        if field is None:
            return self._masked_whole(frame)
        index = frame.get("index", 0)
        masker = self._maskers.get((frame["kind"], index))
        if masker is None:
            masker = self._maskers[frame["kind"], index] = masker_of(self._plain, self._hidden)
        text = masker.feed(frame[field].encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        return frame if text == frame[field] else {**frame, field: text}

    def _masked_whole(self, value: Any) -> Any:
        if isinstance(value, str):
            told = value.replace(self._plain, masked(self._plain)) if self._plain and self._plain in value else value
            return hidden_in(told, self._ways)
        if isinstance(value, dict):
            return {name: self._masked_whole(part) for name, part in value.items()}
        if isinstance(value, list) and value and not isinstance(value[0], int | float):
            return [self._masked_whole(part) for part in value]
        return value
