"""Where something that was asked for stands in a text.

The letters of all alphabets without those of Chinese, Japanese and Korean are a large class: a regular expression that holds it
takes Python 10 ms to make, and a question of five words has ten of them. So a question's own expressions know the edges of
words in ASCII alone, and its matches are looked at again with one expression that is made once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from playground.search.words import LETTER

# Nothing that is a letter or a figure anywhere.
NO_LETTER = r"[\W_]"
_LETTERS = re.compile(f"{LETTER}*")
_ASCII = "[A-Za-z0-9]"


@dataclass(frozen=True)
class Look:
    """How a term looks: a pattern, whether a word begins or ends with it, whether the word it begins belongs to it."""

    pattern: str
    begins_word: bool = False
    ends_word: bool = False
    is_beginning: bool = False

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands, as start and end; it is looked for again behind its end."""
        expression, at = _expression(self), 0
        while match := expression.search(text, at):
            start, end = match.span()
            on = _LETTERS.match(text, end).end()  # type: ignore[union-attr]
            if (self.begins_word and _follows_letter(text, start)) or (self.ends_word and on > end):
                at = start + 1
                continue
            at = on if self.is_beginning else end
            yield start, at

    def first(self, text: str) -> int | None:
        """Where it stands first."""
        return next((start for start, _end in self.places(text)), None)


def _follows_letter(text: str, start: int) -> bool:
    return start > 0 and _LETTERS.match(text, start - 1, start).end() == start  # type: ignore[union-attr]


@lru_cache(512)
def _expression(look: Look) -> re.Pattern[str]:
    before = f"(?<!{_ASCII})" if look.begins_word else ""
    after = f"(?!{_ASCII})" if look.ends_word else ""
    return re.compile(f"{before}{look.pattern}{after}", re.IGNORECASE)


def parted(text: str, looks: tuple[Look, ...]) -> Iterator[tuple[str, bool]]:
    """The text in parts, and of each whether one of the looks stands there."""
    last = 0
    for start, end in sorted(place for look in looks for place in look.places(text)):
        if start >= last:
            yield text[last:start], False
            yield text[start:end], True
            last = end
    yield text[last:], False
