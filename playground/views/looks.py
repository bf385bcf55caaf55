"""Rows of long tables, drawn once for each look: afterwards only the words are put in, which takes a tenth of the time."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST_LOOKS = 2000
# Characters that no text holds: they are nobody's.
_MARK = re.compile("\ufdd0(.*?)\ufdd1")


def mark(name: str) -> str:
    """What stands in the template's context in the place of a word."""
    return f"\ufdd0{name}\ufdd1"


class Looks:
    """One template of a row. It is rendered once for each look a row may have, with marks where its words stand."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._drawn: dict[tuple[Any, ...], list[str]] = {}

    def row(self, look: tuple[Any, ...], words: Mapping[str, str], marked: Callable[[], dict[str, Any]]) -> SafeString:
        """The row. `look`: all that changes more than words. `words`: as they are put in, so escaped.

        `marked` gives the context for a look not seen before: marks where the words stand.
        """
        parts = self._parts((static("dist/icons.svg"), get_language(), *look), marked)
        # Text and the names of words take turns.
        drawn = [words[part] if at % 2 else part for at, part in enumerate(parts)]
        return mark_safe("".join(drawn))  # noqa: S308  each word was escaped

    def _parts(self, key: tuple[Any, ...], marked: Callable[[], dict[str, Any]]) -> list[str]:
        if key not in self._drawn:
            if len(self._drawn) >= MOST_LOOKS:
                self._drawn.clear()
            self._drawn[key] = _MARK.split(render_to_string(self.template, marked()))
        return self._drawn[key]


def escaped(words: Mapping[str, Any]) -> dict[str, str]:
    """The words, fit to be put in."""
    return {name: escape(str(word)) for name, word in words.items()}
