"""Where our runs and the gateways disagree: key by key, each with the runs behind it."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from accounts.models import BalanceReading, BalanceStanding, Key
from accounts.requests import MemberRequest
from playground.models.runs import RunQuerySet, id_at
from playground.views import figures
from playground.views.balance_rows import gateway_name
from playground.views.balances.seen import DAY, all_keys_of, standing_of
from playground.views.balances.summary import share_apart, unit_order

DAYS = 30


@dataclass(frozen=True, slots=True)
class Counted:
    """What our runs with one key came to, each unit by itself."""

    runs: int
    costs: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Difference:
    """One key: both figures, and what lies between them in the unit that both speak of."""

    name: str
    note: str
    url: str
    runs: str
    runs_url: str
    counted: str
    told: str
    apart: str
    share: str
    amount: Decimal | None


@require_safe
@member_required
def differences(request: MemberRequest) -> HttpResponse:
    """The keys, those that disagree most first. Currencies are never compared with each other."""
    keys = all_keys_of(request)
    counted = counted_by_key(request.team.runs.filter(id__gte=id_at(timezone.now() - DAYS * DAY)))
    rows = [_difference(key, counted.get(key.pk, Counted(0, {}))) for key in keys if _says_something(key, counted)]
    rows.sort(key=lambda row: (row.amount is None, -(row.amount or 0), row.name.casefold()))
    elsewhere = _together([one for key, one in counted.items() if key not in {key.pk for key in keys}])
    return render(request, "balances/differences.html", {"rows": rows, "elsewhere": elsewhere, "days": DAYS})


def counted_by_key(runs: RunQuerySet) -> dict[uuid.UUID | None, Counted]:
    """What the runs came to, by key."""
    numbers = dict(runs.order_by().values_list("key_id").annotate(runs=Count("id")))
    costs: dict[uuid.UUID | None, dict[str, Decimal]] = {}
    sums = runs.exclude(cost=None).order_by().values_list("key_id", "currency").annotate(cost=Sum("cost"))
    for key, currency, cost in sums:
        of_key = costs.setdefault(key, {})
        of_key[currency or "USD"] = of_key.get(currency or "USD", Decimal(0)) + cost
    return {key: Counted(number, costs.get(key, {})) for key, number in numbers.items()}


def _says_something(key: Key, counted: dict[uuid.UUID | None, Counted]) -> bool:
    standing = standing_of(key)
    return key.pk in counted or bool(standing and standing.used_30)


def _difference(key: Key, ours: Counted) -> Difference:
    standing: BalanceStanding | None = standing_of(key)
    reading: BalanceReading | None = standing.reading if standing else None
    told = standing.used_30 if standing and reading else None
    unit = reading.unit if reading else ""
    counted = ours.costs.get(unit, Decimal(0) if not ours.costs else None)
    apart = abs(counted - told) if counted is not None and told is not None else None
    share = share_apart(counted, told) if counted is not None and told is not None else ""
    return Difference(
        name=key.name, note=gateway_name(key), url=reverse("balance", args=[key.pk]), runs=figures.count(ours.runs),
        runs_url=f"{reverse('history')}?{urlencode({'key': key.pk, 'time': DAYS})}" if ours.runs else "",
        counted=_money(ours.costs), told=figures.amount(told, unit) if told is not None else _("not told"),
        apart=figures.amount(apart, unit) if apart is not None else figures.NOTHING,
        share=f"{share} %" if share else "", amount=apart,
    )  # fmt: skip


def _money(costs: dict[str, Decimal]) -> str:
    told = [figures.amount(costs[unit], unit) for unit in sorted(costs, key=unit_order)]
    return " + ".join(told) or figures.NOTHING


def _together(parts: list[Counted]) -> dict[str, Any] | None:
    """What was run with keys that are not on the page, in one line."""
    if not parts:
        return None
    costs: dict[str, Decimal] = {}
    for part in parts:
        for unit, cost in part.costs.items():
            costs[unit] = costs.get(unit, Decimal(0)) + cost
    return {"runs": figures.count(sum(part.runs for part in parts)), "counted": _money(costs)}
