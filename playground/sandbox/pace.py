"""How fast an answer is written. A word is a word of Latin text or two Chinese characters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate` words a second after a first delay; `words` is how long a text is written for it, None leaves it open."""

    name: str
    rate: float
    delay: float
    words: int | None = None
    longest_whole: float = 0.6

    def due(self, words: int) -> float:
        """Seconds from the start at which so many words have been said."""
        return self.delay + words / self.rate if self.rate else 0.0

    def whole(self, words: int) -> float:
        """Seconds an answer that comes all at once is waited for."""
        return min(self.due(words), self.longest_whole)


NATURAL = Pace("natural", rate=80, delay=0.15)
FAST = Pace("fast", rate=0, delay=0, longest_whole=0)
SLOW = Pace("slow", rate=5, delay=0.15, words=150, longest_whole=30)
LONG = Pace("long", rate=200, delay=0.05, words=600, longest_whole=3)

NAMED = {pace.name: pace for pace in (FAST, SLOW, LONG)}
