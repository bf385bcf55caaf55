"""Chunks as they arrived."""

from array import array


class Arrivals:
    """When each chunk was sent and how long it took, in nanoseconds; lean, for there are hundreds of thousands."""

    def __init__(self) -> None:
        self.sent, self.delays = array("q"), array("q")

    def add(self, sent: int, arrived: int) -> None:
        self.sent.append(sent)
        self.delays.append(arrived - sent)

    def between(self, begin: int, end: int) -> list[int]:
        """The delays of chunks sent in this time."""
        return [delay for sent, delay in zip(self.sent, self.delays, strict=True) if begin <= sent < end]
