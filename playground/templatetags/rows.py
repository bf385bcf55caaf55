"""`{% run_row row %}`: one run of a list, as `history/row.html` draws it.

The template is rendered once for each look a row may have, with marks where its words and figures stand; a page of fifty
rows then only puts the words in, which takes a tenth of the time.
"""

import re
from dataclasses import replace
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

WORDS = (
    "uuid", "url", "title", "summary", "model", "letter", "state_word", "person", "first_text", "total", "tokens", "cost",
    "moment", "clock", "place",
)  # fmt: skip
NO_COST = "—"
# Characters that no text holds: they are nobody's.
_MARK = re.compile("\ufdd0(.*?)\ufdd1")
_looks: dict[tuple[Any, ...], list[str]] = {}
MOST_LOOKS = 2000


@register.simple_tag
def run_row(row: Any) -> SafeString:
    """The row of the table; `row` is a `playground.views.run_rows.Row`."""
    words = _words(row)
    parts = _look(row, words)
    # Text and the names of words take turns.
    drawn = [words[part] if at % 2 else part for at, part in enumerate(parts)]
    return mark_safe("".join(drawn))  # noqa: S308  each word was escaped


def _words(row: Any) -> dict[str, str]:
    words = {name: escape(getattr(row, name)) for name in WORDS}
    words["avatar_letter"], words["avatar_hue"] = escape(row.avatar["letter"]), str(row.avatar["hue"])
    if row.hit:
        words["hit"] = "".join(f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in row.hit)
    return words | {f"tag{at}": escape(tag) for at, tag in enumerate(row.tags)}


def _look(row: Any, words: dict[str, str]) -> list[str]:
    """The text of the template for rows that look like this one, split at the places of the words."""
    key = (
        static("dist/icons.svg"), row.state, row.state_icon, row.mark, row.is_starred, row.has_media, len(row.tags),
        bool(row.hit), row.cost == NO_COST, *(bool(words[name]) for name in WORDS),
    )  # fmt: skip
    if key not in _looks:
        if len(_looks) >= MOST_LOOKS:
            _looks.clear()
        _looks[key] = _MARK.split(render_to_string("history/row.html", {"row": _marked(row)}))
    return _looks[key]


def _marked(row: Any) -> Any:
    marks = {name: _mark(name) for name in WORDS if getattr(row, name)}
    if row.cost == NO_COST:
        del marks["cost"]
    return replace(
        row,
        **marks,
        avatar={"letter": _mark("avatar_letter"), "hue": _mark("avatar_hue")},
        tags=[_mark(f"tag{at}") for at in range(len(row.tags))],
        hit=((_mark("hit"), False),) if row.hit else (),
    )


def _mark(name: str) -> str:
    return f"\ufdd0{name}\ufdd1"
