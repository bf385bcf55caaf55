"""The figures above the board: what is left, what burns, what runs out first, and whether our runs agree."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from accounts.models import BalanceReading, BalanceStanding, Key
from accounts.requests import MemberRequest
from playground.models.runs import RunQuerySet, id_at
from playground.readings import ends_at
from playground.views import figures
from playground.views.balance_rows import day_words, range_words, row_of
from playground.views.balances.seen import DAY, keys_of, standing_of, told

# Gateways book late and round; a first reading may be younger than the first run. Less than a hundredth says nothing.
COMPARED_FROM = Decimal("0.01")


@require_safe
@member_required
def reconciled(request: MemberRequest) -> HttpResponse:
    """What our runs of thirty days say was spent, against what gateways say. Asked for by itself: it adds up many runs."""
    counted = _counted(request.team.runs.filter(id__gte=id_at(timezone.now() - 30 * DAY)))
    theirs = by_unit((reading.unit, standing.used_30) for _key, standing, reading in told(keys_of(request)))
    return render(request, "balances/reconciled.html", {"pair": _pair(counted, theirs)})


def summary(keys: list[Key], now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The figures above the board. Currencies are never added; an account that several keys draw on counts once."""
    seen = told(keys)
    limited = [(key, reading) for key, _standing, reading in seen if reading.left is not None and not reading.unlimited]
    purses = {_purse(key, reading): (reading.unit, reading.left) for key, reading in limited}
    week = by_unit((reading.unit, standing.used_7) for _key, standing, reading in seen)
    compared = [(standing, reading) for _key, standing, reading in seen if standing.used_before]
    before = by_unit((reading.unit, standing.used_before) for standing, reading in compared)
    same = by_unit((reading.unit, standing.used_7) for standing, reading in compared)
    ends = [(out, key) for key, standing, _reading in seen if (out := _end(key, standing)) and out > now]
    out, first = min(ends, key=lambda one: one[0], default=(None, None))
    return {
        "left": _money_list(by_unit(purses.values())),
        "left_note": _left_note(keys),
        "burn": _money_list({unit: amount / 7 for unit, amount in week.items()}),
        "change": _change(before, same),
        "first": first,
        "first_day": day_words(out, zone, now) if out else "",
        "first_range": range_words(first.standing, zone, now) if first else "",
        "first_tone": row_of(first, zone, now).ends_tone if first else "",
    }


def _end(key: Key, standing: BalanceStanding) -> datetime | None:
    """When a key that still works is spent."""
    moment, how = ends_at(standing)
    return moment if how == "spent" and key.is_live else None


def _purse(key: Key, reading: BalanceReading) -> tuple[Any, ...]:
    """What tells one purse from another: an account's is known by its gateway and what it holds."""
    return (key.pk,) if reading.of == "key" else (key.gateway_id, reading.unit, reading.left)


def by_unit(amounts: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    """The sum of each unit."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for unit, amount in amounts:
        if amount is not None:
            sums[unit] += amount
    return dict(sums)


def _money_list(sums: dict[str, Decimal]) -> list[str]:
    """Each unit's sum."""
    return [figures.amount(sums[unit], unit) for unit in sorted(sums, key=unit_order)]


def unit_order(unit: str) -> tuple[bool, bool, str]:
    """Dollars first, then other currencies, then quota units."""
    return unit == "units", unit != "USD", unit


def _left_note(keys: list[Key]) -> str:
    unlimited = sum(reading.unlimited for _key, _standing, reading in told(keys))
    silent = len({key.gateway_id for key in keys if getattr(standing_of(key), "code", "") == "no_figure"})
    notes = []
    if unlimited:
        notes.append(ngettext("%(count)s key unlimited", "%(count)s keys unlimited", unlimited) % {"count": unlimited})
    if silent:
        words = ngettext("%(count)s gateway gives no figure", "%(count)s gateways give no figure", silent)
        notes.append(words % {"count": silent})
    return _(", ").join(notes)


def _change(before: dict[str, Decimal], now: dict[str, Decimal]) -> str:
    """How the last week compares with the one before, where that is one currency."""
    if len(before) != 1:
        return ""
    unit = next(iter(before))
    change = round((now[unit] / before[unit] - 1) * 100)
    return _("%(change)s %% on the week before") % {"change": f"{change:+d}".replace("-", "−")}


def _counted(runs: RunQuerySet) -> dict[str, Decimal]:
    sums = runs.exclude(cost=None).order_by().values_list("currency").annotate(cost=Sum("cost"))
    return by_unit((currency or "USD", cost) for currency, cost in sums)


def _pair(counted: dict[str, Decimal], told: dict[str, Decimal]) -> dict[str, Any] | None:
    """Both sums in the currency that both speak of."""
    unit = next((unit for unit in ("USD", *told) if unit in counted and unit in told), None)
    if unit is None:
        only = _money_list(told)
        return {"counted": "", "told": only[0] if only else "", "apart": ""}
    larger = max(counted[unit], told[unit])
    return {
        "counted": figures.amount(counted[unit], unit),
        "told": figures.amount(told[unit], unit),
        "apart": share_apart(counted[unit], told[unit]) if larger else "0.0",
    }


def share_apart(one: Decimal, other: Decimal) -> str:
    """How far two sums lie apart, as a percentage of the larger. Empty where both are less than gateways can be trusted to tell."""
    larger = max(one, other)
    return f"{abs(one - other) / larger * 100:.1f}" if larger >= COMPARED_FROM else ""
