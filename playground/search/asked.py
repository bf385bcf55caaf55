"""What somebody typed into a search box, as words to look for and stretches of text to show.

Words stand apart or in “quotes”, which want them next to each other; `invoi*` wants words that begin so. Everything else that
a person may type is punctuation: no input is an error.
"""

import re
from dataclasses import dataclass

from playground.search.places import NO_LETTER, Look
from playground.search.words import LETTER, LONGEST_WORD, STRETCHES, pairs, plain

READ = 1000
MOST_TERMS = 12
SHORTEST_BEGINNING = 3

_QUOTED = re.compile(r'["“”„«»「」『』]([^"“”„«»「」『』]*)["“”„«»「」『』]')
_BEGINNING = re.compile(rf"({LETTER}{{{SHORTEST_BEGINNING},{LONGEST_WORD}}})\*")

_QUOTED_OR_NOT = re.compile(f"({_QUOTED.pattern.replace('(', '(?:', 1)})")
# A word of plain letters, and what English puts at its end.
_ENGLISH = re.compile(r"(?<![\w*])[A-Za-z]{4,}(?![\w*])")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|ies|es|s|y|e)$", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """One thing that has to stand in a run: the words its row must carry, and how it looks in a text."""

    words: tuple[str, ...]
    look: Look
    begins: bool = False
    is_together: bool = False

    def tsquery(self) -> str:
        """For Postgres. Words hold letters and figures alone, so quotes around them are enough."""
        return " & ".join(f"'{word}'{':*' if self.begins else ''}" for word in self.words)


@dataclass(frozen=True)
class Asked:
    """A question; without terms nothing can be looked for."""

    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def tsquery(self) -> str:
        return " & ".join(term.tsquery() for term in self.terms)


def asked(text: str) -> Asked:
    """Read what was typed."""
    rest = text[:READ]
    terms: dict[Term, None] = {}
    for quoted in _QUOTED.findall(rest):
        if term := _together(quoted):
            terms[term] = None
    rest = _QUOTED.sub(" ", rest)
    for beginning in _BEGINNING.findall(plain(rest)):
        terms[Term((beginning,), _beginning(beginning), begins=True)] = None
    for stretch in STRETCHES.finditer(_BEGINNING.sub(" ", plain(rest))):
        terms[_term(stretch["word"], stretch["unspaced"])] = None
    return Asked(tuple(terms)[:MOST_TERMS])


def widened(text: str) -> str:
    """The same question for other forms of its English words: `rivers flow` becomes `river* flow*`. Empty where nothing is wider.

    Words are stored as they were said, without a stem; whoever wants every form asks for what they begin with.
    """
    pieces = _QUOTED_OR_NOT.split(text[:READ])
    wider = "".join(piece if place % 2 else _ENGLISH.sub(_any_form, piece) for place, piece in enumerate(pieces))
    return wider if wider != text[:READ] else ""


def _any_form(word: re.Match[str]) -> str:
    stem = _ENDING.sub("", word[0])
    if len(stem) > SHORTEST_BEGINNING and stem[-1] == stem[-2] and len(stem) < len(word[0]):
        stem = stem[:-1]
    return f"{stem}*"


def _term(word: str | None, unspaced: str | None) -> Term:
    if word:
        return Term((word[:LONGEST_WORD],), _look(word))
    assert unspaced
    words = tuple(pairs(unspaced)) or (unspaced,)
    return Term(tuple(dict.fromkeys(words)), Look(re.escape(unspaced)), is_together=len(unspaced) > 2)


def _together(quoted: str) -> Term | None:
    """Words next to each other, with whatever punctuation between them."""
    stretches = list(STRETCHES.finditer(plain(quoted)))
    if not stretches:
        return None
    terms = [_term(stretch["word"], stretch["unspaced"]) for stretch in stretches]
    words = tuple(dict.fromkeys(word for term in terms for word in term.words))
    return Term(words, _chain([term.look for term in terms]), is_together=len(words) > 1)


def _chain(looks: list[Look]) -> Look:
    pattern, last = looks[0].pattern, looks[0]
    for look in looks[1:]:
        is_between_words = last.begins_word and look.begins_word
        rest = r"[A-Za-z0-9]*" if last.is_beginning else ""
        pattern += f"{rest}{NO_LETTER}{{{int(is_between_words)},8}}{look.pattern}"
        last = look
    return Look(pattern, looks[0].begins_word, last.ends_word, last.is_beginning)


def _look(word: str) -> Look:
    return _beginning(word[:LONGEST_WORD]) if len(word) > LONGEST_WORD else Look(re.escape(word), True, True)


def _beginning(word: str) -> Look:
    return Look(re.escape(word), begins_word=True, is_beginning=True)
