"""A hit shown in its place: some words before it, the hit, some words after, and where all that stood."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.search.asked import Asked
from playground.search.pieces import Piece
from playground.search.places import Look, parted

BEFORE, AFTER = 36, 150
READ = 200_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where a hit stood, and its text in parts: `(text, is it the hit)`."""

    where: str
    parts: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts)


@dataclass
class Looking:
    """Reads pieces until everything asked for has been seen, and keeps the place that shows most of it."""

    asked: Asked
    seen: set[int] = field(default_factory=set)
    best: tuple[int, str, str, int] | None = None
    has_read: bool = False

    def read(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if self.is_done:
                return
            self.has_read = True
            self._look(piece)

    @property
    def is_done(self) -> bool:
        """One place shows everything."""
        return self.best is not None and self.best[0] == len(self.asked.terms)

    @property
    def may_be_a_hit(self) -> bool:
        """False when what must stand together was seen nowhere: its words stand apart in this run.

        Where there was nothing to read, the words are believed.
        """
        return not self.has_read or all(at in self.seen for at, term in enumerate(self.asked.terms) if term.is_together)

    @property
    def has_seen_everything(self) -> bool:
        return len(self.seen) == len(self.asked.terms)

    def excerpt(self) -> Excerpt | None:
        if self.best is None:
            return None
        _shown, where, text, at = self.best
        return Excerpt(where, _parts(text, at, tuple(term.look for term in self.asked.terms)))

    def _look(self, piece: Piece) -> None:
        for text in _spellings(piece.text[:READ]):
            places = [(number, term.look.first(text)) for number, term in enumerate(self.asked.terms)]
            stands = [(number, at) for number, at in places if at is not None]
            if not stands:
                continue
            self.seen |= {number for number, _at in stands}
            if self.best is None or len(stands) > self.best[0]:
                self.best = (len(stands), piece.where, text, stands[0][1])
            return


def _spellings(text: str) -> Iterable[str]:
    yield text
    if not text.isascii():
        yield unicodedata.normalize("NFKC", text)


def _parts(text: str, at: int, looks: tuple[Look, ...]) -> tuple[tuple[str, bool], ...]:
    start, end = max(0, at - BEFORE), at + AFTER
    if start and (space := re.search(r"\s", text[start:at])):
        start += space.end()
    parts = list(parted(" ".join(text[start:end].split()), looks))
    ellipsis = [("…", False)]
    whole = (ellipsis if start else []) + parts + (ellipsis if end < len(text) else [])
    return tuple(part for part in whole if part[0])
