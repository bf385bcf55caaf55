"""What every page's frame shows: the rail, the team, the chosen key, the language and theme."""

import time
import zlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Key
from accounts.prepared import Prepared, together
from playground.models import AlertNotice, Notice
from playground.views import figures, texts

HUES = 7
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Page:
    """One entry of the rail: the name of its address, its icon and its word."""

    name: str
    icon: str
    label: Any


PAGES = (
    Page("workbench", "flask-conical", _("Build")),
    Page("history", "history", _("History")),
    Page("saved", "bookmark", _("Saved")),
    Page("models", "boxes", _("Models")),
    Page("keys", "key-round", _("Keys")),
    Page("balances", "wallet", _("Balances")),
    Page("team", "users", _("Team")),
)

PERSON_PAGES = (
    Page("profile", "user-round", _("Your account")),
    Page("mfa_index", "shield-check", _("Two-factor sign-in")),
    Page("tokens", "braces", _("Tokens for programs")),
    Page("account_change_password", "lock", _("Change password")),
)

# Pages without an entry of their own stand under another.
BELONGS = {"/runs/": "history", "/compare/": "workbench", "/checks/": "saved"}

# A language is offered in its own words, whatever the page's language.
LANGUAGES = {"en": {"code": "en", "offer": "English"}, "zh-hans": {"code": "zh-hans", "offer": "中文"}}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context that the base template needs on every page; worked out only when a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def avatar(name: str) -> dict[str, Any]:
    """The first letter of a name and the colour that always goes with that name."""
    return {"letter": name[:1].upper(), "hue": zlib.crc32(name.encode()) % HUES}


def theme_of(request: HttpRequest) -> str:
    """The theme the person chose on this device, else in their account, else none: the system's."""
    chosen = request.COOKIES.get("theme") or getattr(request.user, "theme", "")
    return chosen if chosen in THEMES else ""


def _frame(request: HttpRequest) -> dict[str, Any]:
    context = {
        "now_ms": int(time.time() * 1000),
        "texts_version": texts.version(get_language() or ""),
        "theme": theme_of(request),
        "other_language": LANGUAGES["zh-hans" if get_language() == "en" else "en"],
        "pages": _links(request, PAGES),
    }
    if request.user.is_authenticated:
        context |= {"person_links": _links(request, PERSON_PAGES), "person_avatar": avatar(str(request.user))}
    if getattr(request, "team", None):
        context |= _team_context(request)
    return context


def _links(request: HttpRequest, pages: tuple[Page, ...]) -> list[dict[str, Any]]:
    """The pages that exist, in order; the one this request belongs to is marked."""
    links = [
        {"url": url, "icon": page.icon, "label": page.label, "is_current": _is_current(request.path, url)}
        for page in pages
        if (url := _address(page.name))
    ]
    for path, name in BELONGS.items():
        if request.path.startswith(path):
            for link in links:
                link["is_current"] = link["url"] == _address(name)
    return links


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


@cache
def _address(name: str) -> str:
    """The address of a page by its name, or nothing while no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _team_context(request: HttpRequest) -> dict[str, Any]:
    for membership in request.memberships:  # type: ignore[attr-defined]
        membership.avatar = avatar(membership.team.name)
    here = {"user": request.user.pk, "team": request.team.pk}  # type: ignore[attr-defined]
    chosen = request.membership.chosen_key_id  # type: ignore[attr-defined]
    waiting, keys = together((_WAITING, here), (_CHIP, here | {"chosen": chosen}))
    return {
        "team_avatar": avatar(request.team.name),  # type: ignore[attr-defined]
        "switch_team_url": _address("switch_team"),
        "key": _key(keys),
        "keys_url": _address("keys"),
        "unseen": (unseen := _unseen(len(waiting))),
        "unseen_words": ngettext("%(count)s new notice", "%(count)s new notices", len(waiting)) % {"count": unseen},
    }


MOST_UNSEEN = 100


def _unseen(count: int) -> str:
    """How many notices wait, as the bell shows it; nothing when none do."""
    return f"{MOST_UNSEEN - 1}+" if count == MOST_UNSEEN else str(count or "")


def _waiting(user: int, team: int) -> QuerySet[Any, Any]:
    notices = Notice.objects.filter(user=user, team=team).unseen().values_list("pk")
    alerts = AlertNotice.objects.filter(person=user, alert__team=team).unseen().values_list("pk")
    return notices.union(alerts, all=True)[:MOST_UNSEEN]


_WAITING = Prepared(_waiting, user=int, team=int)


def _key(keys: list[Any]) -> dict[str, str] | None:
    """The key that calls go out with: the person's chosen one, else the team's default, else the oldest."""
    for name, mask, *reading in keys:
        return {"name": name, "mask": mask, "left": _left(*reading)}
    return None


def _first_key(user: int, team: int, chosen: UUID) -> QuerySet[Any, Any]:
    order = Case(When(pk=chosen, then=0), default=1), "-is_default", "created"
    return Key.objects.usable_by(user, team).order_by(*order).values_list("name", "mask", *_READING)[:1]


_READING = ("standing__reading__left", "standing__reading__unit", "standing__reading__unlimited")
_CHIP = Prepared(_first_key, user=int, team=int, chosen=UUID)


def _left(left: Decimal | None, unit: str | None, unlimited: bool | None) -> str:
    """What the key has left, in a word; nothing while that is not known."""
    if unlimited:
        return str(_("Unlimited"))
    return figures.amount(left, unit) if left is not None and unit else ""
