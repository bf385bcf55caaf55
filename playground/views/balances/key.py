"""One key: its figures, its chart, and what our runs counted beside what the gateway says."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from asgiref.sync import async_to_sync
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.models import BalanceReading, BalanceStanding, Key, Role
from accounts.requests import MemberRequest
from playground import readings
from playground.models import AlertNotice
from playground.models.runs import id_at
from playground.readings.keeping import spending_of
from playground.views import figures
from playground.views.balance_rows import ODDITIES, REASONS, day_words, range_words, row_of
from playground.views.balances.seen import DAY, keys_of, standing_of
from playground.views.balances.summary import unit_order
from playground.views.run_rows import zone_of

DAYS_COMPARED = 14


@require_safe
@member_required
def balance(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """One key: its figures, its chart, and what our runs counted beside what the gateway says."""
    key, now, zone = _key(request, id), timezone.now(), zone_of(request)
    standing = standing_of(key)
    AlertNotice.objects.of(request.user, request.team).filter(alert__key=key).mark_seen()
    context = {
        "key": key, "row": row_of(key, zone, now), "standing": standing, "days": _days(key, zone, now),
        "reason": REASONS.get(standing.code, "") if standing else "",
        "said": standing.said if standing and request.membership.is_at_least(Role.ADMIN) else "",
        "range": range_words(standing, zone, now), "oddities": _oddities(standing),
    }  # fmt: skip
    return render(request, "balances/key.html", context)


@require_safe
@member_required
def chart(request: MemberRequest, id: uuid.UUID) -> JsonResponse:
    """The readings of a key, for its chart: times in seconds, what was left, what was used."""
    key = _key(request, id)
    kept = BalanceReading.objects.filter(key=key, code="", at__gte=timezone.now() - 90 * DAY).order_by("at")
    standing = standing_of(key)
    unit = standing.reading.unit if standing and standing.reading else ""
    points = [one for one in kept.values_list("at", "left", "used", "unit") if one[3] == unit]
    if points and standing and standing.told_at and standing.told_at > points[-1][0]:
        points.append((standing.told_at, *points[-1][1:]))
    return JsonResponse(
        {
            "unit": unit,
            "at": [round(at.timestamp()) for at, *_rest in points],
            "left": [_float(left) for _at, left, *_rest in points],
            "used": [_float(used) for _at, _left, used, _unit in points],
        }
    )


@require_POST
@member_required
def read(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """Ask the gateway for this key now."""
    async_to_sync(readings.balance_of)(_key(request, id), 2, anew=True)
    return redirect("balance", id=id)


def _key(request: MemberRequest, id: uuid.UUID) -> Key:
    return get_object_or_404(keys_of(request), pk=id)


def _days(key: Key, zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """The last days: what our runs counted, and what the gateway says went."""
    standing = standing_of(key)
    reading = standing.reading if standing else None
    spending = spending_of(key.pk, reading, now) if reading else None
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = _counted_by_day(key, today - DAY * (DAYS_COMPARED - 1), zone)
    days = []
    for back in range(DAYS_COMPARED):
        start, end = today - DAY * back, min(now, today - DAY * (back - 1))
        ours = counted.get(start.date(), {"runs": 0, "costs": {}, "given": None, "made": None})
        is_covered = spending is not None and spending.begin is not None and spending.begin < end
        told = Decimal(repr(spending.between(start, end))) if spending and is_covered else None
        days.append(
            {
                "day": day_words(start, zone, now),
                "runs": ours["runs"],
                "url": _runs_of(key, start) if ours["runs"] else "",
                "tokens": figures.tokens(ours["given"], ours["made"]),
                "counted": _money(ours["costs"]),
                "told": figures.amount(told, reading.unit) if reading else figures.NOTHING,
            }
        )
    return days


def _runs_of(key: Key, day: datetime) -> str:
    """The history of one day with this key."""
    name = day.date().isoformat()
    return f"{reverse('history')}?{urlencode({'key': key.pk, 'from': name, 'to': name})}"


def _counted_by_day(key: Key, start: datetime, zone: ZoneInfo) -> dict[Any, dict[str, Any]]:
    runs = key.runs.filter(id__gte=id_at(start)).annotate(day=TruncDate("started_at", tzinfo=zone)).order_by()
    sums = runs.values("day").annotate(runs=Count("id"), given=Sum("input_tokens"), made=Sum("output_tokens"))
    days: dict[Any, dict[str, Any]] = {one["day"]: {**one, "costs": {}} for one in sums}
    for one in runs.exclude(cost=None).values("day", "currency").annotate(cost=Sum("cost")):
        days[one["day"]]["costs"][one["currency"] or "USD"] = one["cost"]
    return days


def _money(costs: dict[str, Decimal]) -> str:
    """What runs cost, each unit by itself."""
    told = [figures.amount(costs[unit], unit) for unit in sorted(costs, key=unit_order)]
    return " + ".join(told) or figures.NOTHING


def _oddities(standing: BalanceStanding | None) -> list[str]:
    reading = standing.reading if standing else None
    return [str(words) for name, words in ODDITIES.items() if reading and name in reading.oddities]


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
