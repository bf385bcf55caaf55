"""Texts as the literals of languages. Each function gives a literal whose value is exactly the text it was given."""

import re
from collections.abc import Callable, Mapping

CONTROLS = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Besides control characters: what some compilers refuse or rewrite inside a source, and what turns the reading order.
NAMED = re.compile("[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def by_unicode(number: int) -> str:
    """How most languages name a character: `\\u0007`."""
    return f"\\u{number:04x}"


def by_braces(number: int) -> str:
    """How Swift, Ruby and OCaml name a character: `\\u{7}`."""
    return f"\\u{{{number:x}}}"


def by_octal(number: int) -> str:
    """How C names a character: its universal names begin only past the control characters."""
    return f"\\{number:03o}" if number < 0xA0 else by_unicode(number)


def quoted(
    text: str, name: Callable[[int], str] = by_unicode, more: Mapping[str, str] | None = None, quote: str = '"'
) -> str:
    """A literal in quotes with backslash escapes; `name` spells what must not stand there as itself."""
    escapes = {"\\": "\\\\", quote: "\\" + quote, **CONTROLS, **(more or {})}
    written = "".join(escapes.get(character, character) for character in text)
    return quote + NAMED.sub(lambda found: name(ord(found[0])), written) + quote


def by_line(text: str) -> list[str]:
    """The lines of a text with their line ends; one empty line where there is nothing."""
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last or not whole else [])


def is_raw(text: str, *refused: str) -> bool:
    """Whether a raw literal may hold it: none of the signs that end one, nothing that compilers rewrite."""
    return not NAMED.search(text.replace("\n", "").replace("\t", "")) and not any(sign in text for sign in refused)


def has_line(text: str, word: str) -> bool:
    """Whether a line begins with the word that would end a here-document."""
    return any(line.lstrip().startswith(word) for line in text.split("\n"))
