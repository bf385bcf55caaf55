"""What the team's runs came to: by day, person, key, model and operation. Every number leads to the runs behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, F, FloatField, Q, Sum
from django.db.models.functions import TruncDate
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models.runs import RunQuerySet, State, id_at
from playground.views import figures
from playground.views.balance_rows import day_words
from playground.views.run_rows import operation_title, zone_of
from playground.views.tables import csv_response

PERIODS = {"7": lazy("7 days"), "30": lazy("30 days"), "90": lazy("90 days")}
# What runs are summed by: its word, and the columns that tell one sum from another.
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "day": (lazy("Day"), ("day",)),
    "person": (lazy("Person"), ("user_id", "user__name", "user__email")),
    "key": (lazy("Key"), ("key_id", "key_name", "key_mask")),
    "model": (lazy("Model"), ("model",)),
    "operation": (lazy("Operation"), ("operation",)),
}
FAILED = (State.FAILED, State.CUT_SHORT, State.INTERRUPTED)
# The sums of what runs cost, and the unit of each.
UNITS = {"dollars": "USD", "yuan": "CNY", "units": "units"}
MOST_ROWS = 500
CHART_WIDTH, CHART_HEIGHT = 1000, 120
# A column for each unit: what two currencies come to is no number.
CSV_HEAD = (
    "group", "runs", "failures", "input_tokens", "output_tokens", "cost_usd", "cost_cny", "cost_units",
    "median_first_text_ms",
)  # fmt: skip


class Median(Aggregate):
    """The middle value; those that are missing do not count."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Asked:
    """The period and the group, as the address says them."""

    by: str
    days: int

    @classmethod
    def of(cls, request: MemberRequest) -> "Asked":
        by, days = request.GET.get("by", ""), request.GET.get("days", "")
        return cls(by if by in GROUPS else "day", int(days) if days in PERIODS else 30)

    def query(self, **other: Any) -> str:
        """The address of the same question with something else in it."""
        return urlencode({"by": self.by, "days": self.days, **other})


@dataclass(frozen=True, slots=True)
class Failures:
    """Runs that ended in one of the bad ways, and the way to them."""

    count: str
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One sum, spelled out."""

    name: str
    note: str
    url: str
    runs: str
    failures: list["Failures"]
    share: int
    given: str
    made: str
    cost: str
    first_text: str


@require_safe
@member_required
def usage(request: MemberRequest) -> HttpResponseBase:
    """The sums as a page with a chart, or as a file."""
    asked, zone, now = Asked.of(request), zone_of(request), timezone.now()
    begin = _begin(asked, zone, now)
    runs = request.team.runs.filter(id__gte=id_at(begin))
    sums = sums_of(runs, asked.by, zone)
    if request.GET.get("as") == "csv":
        return csv_response("usage.csv", CSV_HEAD, (_csv_row(one, asked.by) for one in sums))
    by_day = sums if asked.by == "day" else sums_of(runs, "day", zone)
    context = {
        "asked": asked, "rows": _rows(sums, asked, begin, zone, now), "total": _total(sums), "count": len(sums),
        "groups": [(name, label, asked.query(by=name)) for name, (label, _columns) in GROUPS.items()],
        "periods": [(int(days), label, asked.query(days=days)) for days, label in PERIODS.items()],
        "csv": asked.query(**{"as": "csv"}), "chart": _chart(by_day, begin.astimezone(zone).date(), zone, now),
        "group_word": GROUPS[asked.by][0],
    }  # fmt: skip
    return render(request, "usage/page.html", context)


def sums_of(runs: RunQuerySet, by: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The sums of the runs by one of GROUPS; currencies are summed apart."""
    if by == "day":
        runs = runs.annotate(day=TruncDate("started_at", tzinfo=zone))
    columns = GROUPS[by][1]
    grouped = runs.order_by().values(*columns).annotate(
        runs=Count("id"),
        failures=Count("id", filter=Q(state__in=FAILED)),
        **{state.value: Count("id", filter=Q(state=state)) for state in FAILED},
        given=Sum("input_tokens"),
        made=Sum("output_tokens"),
        dollars=Sum("cost", filter=Q(currency__in=("USD", ""))),
        yuan=Sum("cost", filter=Q(currency="CNY")),
        units=Sum("cost", filter=Q(currency="units")),
        first_text=Median("first_text_ms"),
    )  # fmt: skip
    ordered = grouped.order_by("-day") if by == "day" else grouped.order_by("-runs", F(columns[0]).asc(nulls_last=True))
    return list(ordered[:MOST_ROWS])


def _begin(asked: Asked, zone: ZoneInfo, now: datetime) -> datetime:
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=asked.days - 1)


def _rows(sums: list[dict[str, Any]], asked: Asked, begin: datetime, zone: ZoneInfo, now: datetime) -> list[Row]:
    most = max((one["runs"] for one in sums), default=1)
    return [_row(one, asked, begin, most, zone, now) for one in sums]


def _row(one: dict[str, Any], asked: Asked, begin: datetime, most: int, zone: ZoneInfo, now: datetime) -> Row:
    name, note = _named(one, asked.by, zone, now)
    behind = _behind(one, asked.by, begin.astimezone(zone).date())
    history = reverse("history")
    return Row(
        name=name,
        note=note,
        url=f"{history}?{urlencode(behind)}" if behind else "",
        runs=figures.count(one["runs"]),
        failures=[
            Failures(
                figures.count(one[state.value]),
                str(state.label),
                f"{history}?{urlencode({**behind, 'state': state.value})}" if behind else "",
            )
            for state in FAILED
            if one[state.value]
        ],
        share=max(1, round(one["runs"] / most * 100)),
        given=figures.count(one["given"]),
        made=figures.count(one["made"]),
        cost=_cost(one),
        first_text=figures.duration(one["first_text"]),
    )


def _named(one: dict[str, Any], by: str, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """What a sum is of, and a word beside it."""
    match by:
        case "day":
            noon = datetime.combine(one["day"], datetime.min.time(), zone) + timedelta(hours=12)
            return day_words(noon, zone, now), ""
        case "person":
            email = one["user__email"] or ""
            return one["user__name"] or email.partition("@")[0] or _("someone who has left"), email
        case "key":
            return one["key_name"] or _("no key"), one["key_mask"]
        case "operation":
            return operation_title(one["operation"]), one["operation"]
        case _:
            return one["model"] or _("no model"), ""


def _behind(one: dict[str, Any], by: str, begin: date) -> dict[str, str]:
    """The filters of the history that show exactly these runs; none where they are those without a key, a model, a person."""
    if by == "day":
        return {"from": one["day"].isoformat(), "to": one["day"].isoformat()}
    named = {"person": "user_id", "key": "key_id", "model": "model", "operation": "operation"}[by]
    return {by: str(one[named]), "from": begin.isoformat()} if one[named] else {}


def _cost(one: dict[str, Any]) -> str:
    told = [figures.amount(one[name], unit) for name, unit in UNITS.items() if one[name] is not None]
    return " + ".join(told) or figures.NOTHING


def _total(sums: list[dict[str, Any]]) -> dict[str, str]:
    runs, failures = _sum(sums, "runs"), _sum(sums, "failures")
    known = {name: any(one[name] is not None for one in sums) for name in UNITS}
    money = {name: _sum(sums, name) if known[name] else None for name in UNITS}
    return {
        "runs": figures.count(int(runs)),
        "failed": f"{failures / runs * 100:.1f} %" if runs else figures.NOTHING,
        "tokens": figures.tokens(int(_sum(sums, "given")), int(_sum(sums, "made"))),
        "cost": _cost(money),
    }


def _sum(sums: Iterable[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(one[name]) for one in sums if one[name]), Decimal(0))


def _chart(by_day: list[dict[str, Any]], begin: date, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """A bar a day: runs that went well, and on top those that failed."""
    known = {one["day"]: one for one in by_day}
    days = [begin + timedelta(days=back) for back in range((now.astimezone(zone).date() - begin).days + 1)]
    most = max((one["runs"] for one in by_day), default=0)
    step = CHART_WIDTH / max(1, len(days))
    return {
        "bars": [_bar(known.get(day), day, number, step, most, zone, now) for number, day in enumerate(days)],
        "most": figures.count(most),
        "first": _day(days[0], zone, now),
        "last": _day(days[-1], zone, now),
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
    }


def _bar(
    one: dict[str, Any] | None, day: date, number: int, step: float, most: int, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    runs, failures = (one["runs"], one["failures"]) if one else (0, 0)
    height = runs / most * (CHART_HEIGHT - 4) if most else 0
    failed = failures / most * (CHART_HEIGHT - 4) if most else 0
    return {
        "x": f"{number * step + step * 0.12:.1f}", "width": f"{step * 0.76:.1f}",
        "y": f"{CHART_HEIGHT - height:.1f}", "height": f"{height - failed:.1f}",
        "failed_y": f"{CHART_HEIGHT - failed:.1f}", "failed": f"{failed:.1f}",
        "title": ngettext("%(day)s: %(runs)s run, %(failures)s failed", "%(day)s: %(runs)s runs, %(failures)s failed", runs)
        % {"day": _day(day, zone, now), "runs": figures.count(runs), "failures": figures.count(failures)},
    }  # fmt: skip


def _day(day: date, zone: ZoneInfo, now: datetime) -> str:
    return day_words(datetime.combine(day, datetime.min.time(), zone) + timedelta(hours=12), zone, now)


def _csv_row(one: dict[str, Any], by: str) -> list[Any]:
    named = {"day": "day", "person": "user__email", "key": "key_name", "model": "model", "operation": "operation"}[by]
    costs = [one[unit] for unit in UNITS]
    return [
        str(one[named] or ""), one["runs"], one["failures"], one["given"], one["made"], *costs, one["first_text"],
    ]  # fmt: skip
