"""Text that matches a regular expression, for the `pattern` of a JSON schema. Look-arounds and back references are left out."""

import re
from random import Random
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_CATEGORIES = {
    sre.CATEGORY_DIGIT: "0123456789",
    sre.CATEGORY_WORD: "abcdefghij0123456789_",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_DIGIT: "abcdef",
    sre.CATEGORY_NOT_WORD: "-. ",
    sre.CATEGORY_NOT_SPACE: "abcdef",
}
_PRINTABLE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,"
_MORE = 2


def matching(pattern: str, dice: Random, at_least: int = 0) -> str | None:
    """A text in which the pattern is found, at least so long if the pattern can stretch; None when it is beyond us."""
    try:
        parsed = _parser.parse(pattern)
        for more in (_MORE, at_least):
            text = "".join(_made(part, dice, more) for part in parsed)
            if re.search(pattern, text) and len(text) >= at_least:
                return text
    except (re.error, NotImplementedError, IndexError, OverflowError):
        return None
    return text if re.search(pattern, text) else None


def _made(part: tuple[Any, Any], dice: Random, more: int) -> str:
    kind, value = part
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.ANY:
        return "a"
    if kind is sre.NOT_LITERAL:
        return next(letter for letter in _PRINTABLE if ord(letter) != value)
    if kind is sre.IN:
        return _one_of(value, dice)
    if kind is sre.BRANCH:
        return "".join(_made(inner, dice, more) for inner in dice.choice(value[1]))
    if kind is sre.SUBPATTERN:
        return "".join(_made(inner, dice, more) for inner in value[-1])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, high, inner = value
        times = min(max(low, more), high) if high is not sre.MAXREPEAT else max(low, more)
        return "".join(_made(each, dice, more) for _ in range(min(int(times), 1000)) for each in inner)
    if kind is sre.AT:
        return ""
    raise NotImplementedError(kind)


def _one_of(choices: list[tuple[Any, Any]], dice: Random) -> str:
    letters = "".join(_letters(choice) for choice in choices)
    if choices[0][0] is sre.NEGATE:
        letters = "".join(letter for letter in _PRINTABLE if letter not in letters)
    return dice.choice(letters)


def _letters(choice: tuple[Any, Any]) -> str:
    kind, value = choice
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.RANGE:
        low, high = value
        return "".join(chr(code) for code in range(low, min(high, low + 200) + 1))
    return _CATEGORIES[value] if kind is sre.CATEGORY else ""
