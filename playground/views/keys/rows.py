"""A key as the list and its page show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import BalanceStanding, Key
from accounts.requests import MemberRequest
from playground.readings import pause_of
from playground.views import balance_rows
from playground.views.run_rows import operation_title, zone_of

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Its words. `money` is the same row as on the board of balances."""

    id: str
    url: str
    name: str
    mask: str
    tags: list[str]
    note: str
    sharing: str
    limits: list[str]
    used_at: str
    used_by: str
    used_for: str
    expires: str
    expires_soon: bool
    is_default: bool
    is_chosen: bool
    is_usable: bool
    money: balance_rows.Row


def key_row(key: Key, request: MemberRequest, is_usable: bool, now: datetime) -> KeyRow:
    """A key in words. Its gateway, owner, standing and members should have been fetched with it."""
    zone = zone_of(request)
    return KeyRow(
        id=str(key.pk),
        url=reverse("key", args=[key.pk]),
        name=key.name,
        mask=key.mask,
        tags=key.tags,
        note=key.note,
        sharing=_sharing(key),
        limits=_limits(key),
        used_at=key.last_used_at.isoformat() if key.last_used_at else "",
        used_by=key.last_used_by.display_name if key.last_used_by else "",
        used_for=operation_title(key.last_used_for) if key.last_used_for else "",
        expires=key.expires_at.astimezone(zone).strftime("%Y-%m-%d") if key.expires_at else "",
        expires_soon=bool(key.expires_at and key.expires_at - now < SOON),
        is_default=key.is_default,
        is_chosen=request.membership.chosen_key_id == key.pk,
        is_usable=is_usable,
        money=balance_rows.row_of(key, zone, now),
    )


def reading_words(key: Key, standing: BalanceStanding | None) -> dict[str, str]:
    """How often a key's balance is read, when next, and why that is later than usual."""
    minutes = pause_of(key) // timedelta(minutes=1)
    every = (
        ngettext("every %(count)s hour", "every %(count)s hours", minutes // 60) % {"count": minutes // 60}
        if minutes >= 60
        else ngettext("every %(count)s minute", "every %(count)s minutes", minutes) % {"count": minutes}
    )
    is_read = standing is not None and standing.asked_at is not None and key.is_live
    return {
        "every": every,
        "next_at": standing.next_at.isoformat() if standing and is_read else "",
        "why": _why_later(standing) if standing and is_read else "",
    }


def _why_later(standing: BalanceStanding) -> str:
    if standing.code == "rate_limited":
        return _("The gateway asked to be left alone until then.")
    return _("Later than usual: it told nothing the last times.") if standing.failures > 1 else ""


def _sharing(key: Key) -> str:
    if key.shared_with == Key.Sharing.TEAM:
        return _("The whole team")
    if key.shared_with == Key.Sharing.ME:
        return _("Only the holder")
    names = [member.user.display_name for member in key.members.all()]
    shown = ", ".join(names[:2])
    return _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - 2} if len(names) > 2 else shown


def _limits(key: Key) -> list[str]:
    """What it is limited to; nothing where all is allowed."""
    limits: list[Any] = []
    if key.allowed_models:
        limits.append(_short(key.allowed_models))
    if key.allowed_operations:
        count = len(key.allowed_operations)
        limits.append(ngettext("%(count)s operation", "%(count)s operations", count) % {"count": count})
    return limits


def _short(words: list[str]) -> str:
    return ", ".join(words[:2]) + (f" +{len(words) - 2}" if len(words) > 2 else "")
