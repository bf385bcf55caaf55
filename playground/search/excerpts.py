"""A hit shown in its place: some words before it, the hit, some words after, and where all that stood."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from playground.search.asked import Asked
from playground.search.pieces import Piece

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
    best: tuple[int, Piece, re.Match[str]] | None = None
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
        _shown, piece, match = self.best
        return Excerpt(piece.where, _parts(match.string, match.start(), _marks(self.asked)))

    def _look(self, piece: Piece) -> None:
        for text in _spellings(piece.text[:READ]):
            matches = [(at, match) for at, look in enumerate(_looks(self.asked)) if (match := look.search(text))]
            if not matches:
                continue
            self.seen |= {at for at, _match in matches}
            if self.best is None or len(matches) > self.best[0]:
                self.best = (len(matches), piece, matches[0][1])
            return


def _spellings(text: str) -> Iterable[str]:
    yield text
    if not text.isascii():
        yield unicodedata.normalize("NFKC", text)


def _parts(text: str, at: int, marks: re.Pattern[str]) -> tuple[tuple[str, bool], ...]:
    start, end = max(0, at - BEFORE), at + AFTER
    if start and (space := re.search(r"\s", text[start:at])):
        start += space.end()
    shown = " ".join(text[start:end].split())
    parts, last = [], 0
    for match in marks.finditer(shown):
        parts += [(shown[last : match.start()], False), (match[0], True)]
        last = match.end()
    parts.append((shown[last:], False))
    ellipsis = [("…", False)]
    whole = (ellipsis if start else []) + parts + (ellipsis if end < len(text) else [])
    return tuple(part for part in whole if part[0])


@lru_cache(256)
def _looks(asked: Asked) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(term.looks, re.IGNORECASE) for term in asked.terms)


@lru_cache(256)
def _marks(asked: Asked) -> re.Pattern[str]:
    return re.compile("|".join(term.looks for term in asked.terms), re.IGNORECASE)
