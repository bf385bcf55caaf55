"""A key's secret never passes: not in raw bytes, not in text, also when it comes cut over several pieces."""

from typing import Any

from playground.frames import Frame, tool_call

OPEN = 3  # beginnings this short say nothing; they pass at once, so that text is not held back by every "s"
HIDDEN = "•••"


def masked(secret: str) -> str:
    """What stands in a secret's place: its first three letters and dots."""
    return secret[:OPEN] + HIDDEN


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


class TextMasker:
    """The same for the text of frames: one stream of pieces a kind, joined as the page joins them."""

    FIELDS = {"text": "text", "reasoning": "text", "refusal": "text", "tool_call": "arguments"}

    def __init__(self, secret: str) -> None:
        self._plain, self._secret = secret, secret.encode("utf-8", "surrogatepass")
        self._maskers: dict[tuple[str, int], Masker] = {}

    def mask(self, frames: list[Frame]) -> list[Frame]:
        """The frames with the secret replaced; held text follows with the next frame of its kind, or by `rest()`."""
        if not self._secret:
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
            masker = self._maskers[frame["kind"], index] = Masker(self._secret)
        text = masker.feed(frame[field].encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        return frame if text == frame[field] else {**frame, field: text}

    def _masked_whole(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(self._plain, masked(self._plain)) if self._plain in value else value
        if isinstance(value, dict):
            return {name: self._masked_whole(part) for name, part in value.items()}
        if isinstance(value, list) and value and not isinstance(value[0], int | float):
            return [self._masked_whole(part) for part in value]
        return value
