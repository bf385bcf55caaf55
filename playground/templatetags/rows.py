"""`{% run_row row %}`: one run of a list, as `history/row.html` draws it; `{% member_row row %}`: one member of the team."""

from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from playground.views.looks import Looks, escaped, mark

register = template.Library()

WORDS = (
    "uuid", "url", "title", "summary", "model", "letter", "state_word", "person", "first_text", "total", "tokens", "cost",
    "moment", "clock", "place",
)  # fmt: skip
NO_COST = "—"
_RUNS = Looks("history/row.html")
_MEMBERS = Looks("team/member.html")


@register.simple_tag
def run_row(row: Any) -> SafeString:
    """The row of the table; `row` is a `playground.views.run_rows.Row`."""
    words = _words(row)
    look = (
        row.state, row.state_icon, row.mark, row.is_starred, row.has_media, len(row.tags), bool(row.hit),
        row.cost == NO_COST, *(bool(words[name]) for name in WORDS),
    )  # fmt: skip
    return _RUNS.row(look, words, lambda: {"row": _marked(row)})


def _words(row: Any) -> dict[str, str]:
    words = {name: escape(getattr(row, name)) for name in WORDS}
    words["avatar_letter"], words["avatar_hue"] = escape(row.avatar["letter"]), str(row.avatar["hue"])
    if row.hit:
        words["hit"] = "".join(f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in row.hit)
    return words | {f"tag{at}": escape(tag) for at, tag in enumerate(row.tags)}


def _marked(row: Any) -> Any:
    marks = {name: mark(name) for name in WORDS if getattr(row, name)}
    if row.cost == NO_COST:
        del marks["cost"]
    return replace(
        row,
        **marks,
        avatar={"letter": mark("avatar_letter"), "hue": mark("avatar_hue")},
        tags=[mark(f"tag{at}") for at in range(len(row.tags))],
        hit=((mark("hit"), False),) if row.hit else (),
    )


@register.simple_tag(takes_context=True)
def member_row(context: template.RequestContext, row: dict[str, Any]) -> SafeString:
    """The row of a member; `row` as the team's page makes it."""
    member = row["member"]
    words = escaped(
        {
            "id": member.pk, "name": member.user.display_name, "email": member.user.email, "ago": row["ago"],
            "joined": member.joined.isoformat(), "team": member.team.name, **_addresses(member.pk),
            "token": context["csrf_token"],
        }
    )  # fmt: skip
    shown = {name: row[name] for name in ("is_me", "roles", "may_remove", "may_hand_over", "is_only_owner")}
    shown |= {"role": member.role, "role_name": str(member.get_role_display())}
    look = (tuple(row["roles"] or ()), *(shown[name] for name in shown if name != "roles"))
    return _MEMBERS.row(look, words, lambda: shown | {name: mark(name) for name in words})


@lru_cache(maxsize=4096)
def _addresses(member: int) -> dict[str, str]:
    """Where a member is given another role, the team, or leave."""
    return {
        name: reverse(f"team_{name.removesuffix('_url')}", args=[member])
        for name in ("role_url", "hand_over_url", "remove_url")
    }
