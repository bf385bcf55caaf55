"""A key's secret never passes: not in raw bytes, not in text, also when it comes cut over several pieces."""

MASK = "sk-•••"
_HELD = 4  # shorter beginnings of a secret say nothing, so only longer ones are held back


class Masker:
    """Replaces one secret in a stream of pieces; a beginning of the secret at a piece's end waits for the next piece."""

    def __init__(self, secret: bytes, mask: bytes = MASK.encode()) -> None:
        self._secret, self._mask = secret, mask
        self._start = secret[:_HELD]
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        if not self._secret:
            return data
        if self._held:
            data, self._held = self._held + data, b""
        if self._secret in data:
            data = data.replace(self._secret, self._mask)
        cut = self._beginning_at_end(data)
        if cut:
            data, self._held = data[:-cut], data[-cut:]
        return data

    def flush(self) -> bytes:
        held, self._held = self._held, b""
        return held

    def _beginning_at_end(self, data: bytes) -> int:
        """How many bytes at the end could be the secret's beginning; 0 when fewer than four."""
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
        self._secret = secret.encode("utf-8", "surrogatepass")
        self._maskers: dict[tuple[str, int], Masker] = {}

    def mask(self, frames: list[dict]) -> list[dict]:
        """The frames with the secret replaced; held text follows with the next frame of its kind, or by `rest()`."""
        if not self._secret:
            return frames
        return [self._masked(frame) for frame in frames]

    def rest(self) -> list[dict]:
        """What was held back and never became the secret."""
        held = []
        for (kind, index), masker in self._maskers.items():
            if text := masker.flush().decode("utf-8", "surrogatepass"):
                frame = {"kind": kind, "text": text} | ({"index": index} if index else {})
                if kind == "tool_call":
                    frame = {"kind": kind, "index": index, "id": None, "name": None, "arguments": text}
                held.append(frame)
        return held

    def _masked(self, frame: dict) -> dict:
        field = self.FIELDS.get(frame["kind"])
        if field is None:
            return self._masked_whole(frame)
        index = frame.get("index", 0)
        masker = self._maskers.get((frame["kind"], index))
        if masker is None:
            masker = self._maskers[frame["kind"], index] = Masker(self._secret)
        text = masker.feed(frame[field].encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        return frame if text == frame[field] else {**frame, field: text}

    def _masked_whole(self, value: object) -> object:
        secret = self._secret.decode("utf-8", "surrogatepass")
        if isinstance(value, str):
            return value.replace(secret, MASK) if secret in value else value
        if isinstance(value, dict):
            return {name: self._masked_whole(part) for name, part in value.items()}
        if isinstance(value, list) and value and not isinstance(value[0], int | float):
            return [self._masked_whole(part) for part in value]
        return value
