"""What every key has left, what burns it and when it runs out."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.models import BalanceReading, BalanceRefresh, Key, Role
from accounts.requests import MemberRequest
from playground import readings
from playground.jobs.balances import refresh_team
from playground.models.runs import id_at
from playground.readings import KeyState, ends_at, state_of
from playground.readings.keeping import spending_of
from playground.views import figures
from playground.views.balance_rows import ODDITIES, REASONS, day_words, gateway_name, row_of
from playground.views.run_rows import zone_of
from playground.views.tables import csv_response

DAY = timedelta(days=1)
DAYS_COMPARED = 14
# A refresh whose worker died does not stand in the way for longer.
STUCK = timedelta(minutes=10)
NEVER = datetime.max.replace(tzinfo=UTC)
SORTS = ("name", "holder", "gateway", "left", "burn", "ends", "used", "state", "read")


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed to and sorted by, as the address says it."""

    q: str = ""
    state: str = ""
    gateway: str = ""
    holder: str = ""
    sort: str = "ends"

    @classmethod
    def of(cls, request: MemberRequest) -> "Filters":
        asked = {name: request.GET.get(name, "").replace("\0", "")[:200] for name in vars(cls())}
        if asked["state"] not in ("attention", *KeyState):
            asked["state"] = ""
        for name in ("gateway", "holder"):
            if not asked[name].isdecimal() or len(asked[name]) > 18:
                asked[name] = ""
        if asked["sort"].removeprefix("-") not in SORTS:
            asked["sort"] = "ends"
        return cls(**asked)

    def __bool__(self) -> bool:
        return any((self.q, self.state, self.gateway, self.holder))

    def query(self, **more: Any) -> str:
        """The filters as the query of an address."""
        return urlencode({name: value for name, value in {**vars(self), **more}.items() if value})

    def fits(self, key: Key, now: datetime) -> bool:
        """Whether the key is among those asked for."""
        state = state_of(key, getattr(key, "standing", None), now)
        words = f"{key.name} {key.mask} {key.owner or ''} {gateway_name(key)} {key.gateway.name}".casefold()
        return (
            all(word in words for word in self.q.casefold().split())
            and (not self.state or (state.needs_attention if self.state == "attention" else state == self.state))
            and (not self.gateway or str(key.gateway_id) == self.gateway)
            and (not self.holder or str(key.owner_id or "") == self.holder)
        )


@require_safe
@member_required
def balances(request: MemberRequest) -> HttpResponseBase:
    """The board, its list alone when htmx asks for it, or a CSV."""
    filters, now, zone = Filters.of(request), timezone.now(), zone_of(request)
    keys = list(keys_of(request))
    shown = sorted_by(filters.sort, [key for key in keys if filters.fits(key, now)], now)
    if request.GET.get("as") == "csv":
        return csv_response("balances.csv", CSV_HEAD, (_csv_row(key, now) for key in shown))
    context = {
        "rows": [row_of(key, zone, now) for key in shown], "filters": filters, "heads": _heads(filters),
        "count": _count_words(keys, shown, filters), "is_htmx": bool(request.htmx), "csv": filters.query(**{"as": "csv"}),
    }  # fmt: skip
    template = "balances/page.html"
    if request.htmx and not request.htmx.history_restore_request:
        template = "balances/page.html#list"
    else:
        context |= _around(request, keys, filters, now, zone)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@member_required
def reconciled(request: MemberRequest) -> HttpResponse:
    """What our runs of thirty days say was spent, against what gateways say. Asked for by itself: it adds up many runs."""
    counted = _counted(request.team.runs.filter(id__gte=id_at(timezone.now() - 30 * DAY)))
    told = _by_unit((key.standing.reading.unit, key.standing.used_30) for key in _told(keys_of(request)))
    return render(request, "balances/reconciled.html", {"pair": _pair(counted, told)})


@require_POST
@member_required
def refresh(request: MemberRequest) -> HttpResponse:
    """Ask for all balances that this person sees; one refresh of a team at a time."""
    going = _going(request)
    if going is None:
        keys = [key.pk for key in keys_of(request) if key.is_live]
        going = BalanceRefresh.objects.create(team=request.team, person=request.user, keys=keys, total=len(keys))
        refresh_team.defer(refresh=str(going.pk))
    return _progress(request, going, timezone.now())


@require_safe
@member_required
def progress(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """How far a refresh is, and the rows that changed since the page looked last."""
    going = get_object_or_404(BalanceRefresh, pk=id, team=request.team)
    return _progress(request, going, _moment(request.GET.get("after", "")))


@require_POST
@member_required
def cancel(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """Stop a refresh: by whoever began it, and by admins."""
    going = get_object_or_404(BalanceRefresh, pk=id, team=request.team)
    if going.person_id != request.user.pk and not request.membership.is_at_least(Role.ADMIN):
        raise Http404
    going.cancel()
    going.refresh_from_db()
    return _progress(request, going, timezone.now())


@require_safe
@member_required
def balance(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """One key: its figures, its chart, and what our runs counted beside what the gateway says."""
    key, now, zone = _key(request, id), timezone.now(), zone_of(request)
    standing = getattr(key, "standing", None)
    context = {
        "key": key, "row": row_of(key, zone, now), "standing": standing, "days": _days(key, zone, now),
        "reason": REASONS.get(standing.code, "") if standing else "",
        "said": standing.said if standing and request.membership.is_at_least(Role.ADMIN) else "",
        "range": _range(standing, zone, now), "oddities": _oddities(standing),
    }  # fmt: skip
    return render(request, "balances/key.html", context)


@require_safe
@member_required
def chart(request: MemberRequest, id: uuid.UUID) -> JsonResponse:
    """The readings of a key, for its chart: times in seconds, what was left, what was used."""
    key = _key(request, id)
    kept = BalanceReading.objects.filter(key=key, code="", at__gte=timezone.now() - 90 * DAY).order_by("at")
    standing = getattr(key, "standing", None)
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
    async_to_sync(readings.balance_of)(_key(request, id), 2)
    return redirect("balance", id=id)


def keys_of(request: MemberRequest) -> QuerySet[Key]:
    """The keys whose balance this person may see, with all that the board shows."""
    visible = Key.objects.visible_to(request.user, request.team)
    return visible.select_related("owner", "gateway", "standing", "standing__reading").defer("secret", "note")


def sorted_by(sort: str, keys: list[Key], now: datetime) -> list[Key]:
    """The keys in order; what is not known comes last, whichever way; amounts are ranked only within their unit."""
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    keys = sorted(keys, key=lambda key: key.name.casefold())
    of = _ORDERS[name]
    known = [key for key in keys if of(key, now) is not None]
    unknown = [key for key in keys if of(key, now) is None]
    if name not in ("left", "burn", "used"):
        return sorted(known, key=lambda key: of(key, now), reverse=is_down) + unknown
    units = sorted(
        {key.standing.reading.unit for key in known}, key=lambda unit: (unit == "units", unit != "USD", unit)
    )
    groups = [[key for key in known if key.standing.reading.unit == unit] for unit in units]
    return [key for group in groups for key in sorted(group, key=lambda key: of(key, now), reverse=is_down)] + unknown


def _end(key: Key) -> datetime | None:
    standing = getattr(key, "standing", None)
    moment = ends_at(standing)[0] if standing else None
    return min(filter(None, (moment, key.expires_at)), default=None)


def _figure(name: str) -> Callable[[Key, datetime], Any]:
    def figure(key: Key, now: datetime) -> Any:
        standing = getattr(key, "standing", None)
        reading = standing.reading if standing else None
        return getattr(reading if name == "left" else standing, name) if reading else None

    return figure


_ORDERS: dict[str, Callable[[Key, datetime], Any]] = {
    "name": lambda key, now: key.name.casefold(),
    "holder": lambda key, now: str(key.owner).casefold() if key.owner else None,
    "gateway": lambda key, now: gateway_name(key).casefold(),
    "left": _figure("left"),
    "burn": _figure("burn"),
    "used": _figure("used_7"),
    "ends": lambda key, now: _end(key),
    "state": lambda key, now: list(KeyState).index(state_of(key, getattr(key, "standing", None), now)),
    "read": lambda key, now: getattr(getattr(key, "standing", None), "told_at", None),
}


def _heads(filters: Filters) -> list[dict[str, Any]]:
    """The heads of the table; each sorts, and once more the other way."""
    heads = [
        ("name", _("Key"), ""), ("holder", _("Holder"), ""), ("gateway", _("Gateway"), ""), ("left", _("Left"), "number"),
        ("", _("14 days"), ""), ("burn", _("Burn / day"), "number"), ("ends", _("Runs out on"), ""),
        ("used", _("7 d · 30 d"), "number"), ("", _("Limit that binds"), ""), ("state", _("State"), ""),
        ("read", _("Read"), "number"),
    ]  # fmt: skip
    return [
        {
            "label": label, "kind": kind, "sort": name,
            "query": filters.query(sort=f"-{name}" if filters.sort == name else name),
            "order": {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "") if name else "",
        }
        for name, label, kind in heads
    ]  # fmt: skip


def _around(request: MemberRequest, keys: list[Key], filters: Filters, now: datetime, zone: Any) -> dict[str, Any]:
    """What the page shows around its list."""
    states = [state_of(key, getattr(key, "standing", None), now) for key in keys]
    gateways = {key.gateway_id: gateway_name(key) for key in keys}
    holders = {key.owner_id: str(key.owner) for key in keys if key.owner}
    return {
        "keys": keys,
        "summary": _summary(keys, now, zone) if keys else None,
        "attention": sum(state.needs_attention for state in states),
        "gateways": sorted(((str(id), name) for id, name in gateways.items()), key=lambda one: one[1]),
        "holders": sorted(((str(id), name) for id, name in holders.items()), key=lambda one: one[1]),
        "going": _going(request),
        "now": now.isoformat(),
    }


def _summary(keys: list[Key], now: datetime, zone: Any) -> dict[str, Any]:
    """The figures above the board. Currencies are never added; an account that several keys draw on counts once."""
    told = list(_told(keys))
    limited = [key for key in told if key.standing.reading.left is not None and not key.standing.reading.unlimited]
    purses = {_purse(key): (key.standing.reading.unit, key.standing.reading.left) for key in limited}
    week = _by_unit((key.standing.reading.unit, key.standing.used_7) for key in told)
    compared = [key for key in told if key.standing.used_before]
    before = _by_unit((key.standing.reading.unit, key.standing.used_before) for key in compared)
    same = _by_unit((key.standing.reading.unit, key.standing.used_7) for key in compared)
    alive = (key for key in told if key.is_live and ends_at(key.standing)[1] == "spent" and _runs_out(key) > now)
    first = min(alive, key=_runs_out, default=None)
    return {
        "left": _money_list(_by_unit(purses.values())),
        "left_note": _left_note(keys),
        "burn": _money_list({unit: amount / 7 for unit, amount in week.items()}),
        "change": _change(before, same),
        "first": first,
        "first_day": day_words(first.standing.runs_out_at, zone, now) if first else "",
        "first_range": _range(first.standing, zone, now) if first else "",
        "first_tone": row_of(first, zone, now).ends_tone if first else "",
    }


def _told(keys: Iterable[Key]) -> Iterable[Key]:
    return (key for key in keys if getattr(key, "standing", None) and key.standing.reading)


def _purse(key: Key) -> tuple[Any, ...]:
    reading = key.standing.reading
    return (key.pk,) if reading.of == "key" else (key.gateway_id, reading.unit, reading.left)


def _runs_out(key: Key) -> datetime:
    return key.standing.runs_out_at or NEVER


def _by_unit(amounts: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for unit, amount in amounts:
        if amount is not None:
            sums[unit] += amount
    return dict(sums)


def _money_list(sums: dict[str, Decimal]) -> list[str]:
    """Each unit's sum, the largest unit of the house first: dollars, other currencies, units."""
    order = sorted(sums, key=lambda unit: (unit == "units", unit != "USD", unit))
    return [figures.amount(sums[unit], unit) for unit in order]


def _left_note(keys: list[Key]) -> str:
    unlimited = sum(key.standing.reading.unlimited for key in _told(keys))
    silent = len({key.gateway_id for key in keys if getattr(getattr(key, "standing", None), "code", "") == "no_figure"})
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


def _range(standing: Any, zone: Any, now: datetime) -> str:
    if standing is None or standing.runs_out_first is None:
        return ""
    first = day_words(standing.runs_out_first, zone, now)
    if standing.runs_out_last is None:
        return _("not before %(first)s") % {"first": first}
    last = day_words(standing.runs_out_last, zone, now)
    return _("between %(first)s and %(last)s") % {"first": first, "last": last} if first != last else ""


def _counted(runs: Any) -> dict[str, Decimal]:
    sums = runs.exclude(cost=None).order_by().values_list("currency").annotate(cost=Sum("cost"))
    return _by_unit((currency or "USD", cost) for currency, cost in sums)


def _pair(counted: dict[str, Decimal], told: dict[str, Decimal]) -> dict[str, Any] | None:
    """Both sums in the currency that both speak of."""
    unit = next((unit for unit in ("USD", *told) if unit in counted and unit in told), None)
    if unit is None:
        only = _money_list(told)
        return {"counted": "", "told": only[0] if only else "", "apart": ""}
    larger = max(counted[unit], told[unit])
    apart = abs(counted[unit] - told[unit]) / larger * 100 if larger else Decimal(0)
    return {
        "counted": figures.amount(counted[unit], unit),
        "told": figures.amount(told[unit], unit),
        "apart": f"{apart:.1f}",
    }


def _count_words(keys: list[Key], shown: list[Key], filters: Filters) -> str:
    gateways = len({key.gateway_id for key in keys})
    words = ngettext("%(count)s key", "%(count)s keys", len(keys)) % {"count": figures.count(len(keys))}
    if filters:
        return _("%(shown)s of %(keys)s") % {"shown": figures.count(len(shown)), "keys": words}
    places = ngettext("%(count)s gateway", "%(count)s gateways", gateways) % {"count": gateways}
    return f"{words} · {places}"


def _going(request: MemberRequest) -> BalanceRefresh | None:
    recent = BalanceRefresh.objects.filter(team=request.team, ended_at=None, asked_at__gt=timezone.now() - STUCK)
    return recent.order_by("-asked_at").first()


def _progress(request: MemberRequest, going: BalanceRefresh, after: datetime) -> HttpResponse:
    now, zone = timezone.now(), zone_of(request)
    changed = keys_of(request).filter(pk__in=going.keys, standing__asked_at__gt=after)
    rows = [row_of(key, zone, now) for key in changed]
    context = {"going": going, "now": now.isoformat(), "rows": rows, "seconds_left": _seconds_left(going, now)}
    return render(request, "balances/progress.html", context)


def _seconds_left(going: BalanceRefresh, now: datetime) -> int | None:
    if going.begun_at is None or going.done < 3:
        return None
    return round((now - going.begun_at).total_seconds() / going.done * (going.total - going.done))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return timezone.now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _key(request: MemberRequest, id: uuid.UUID) -> Key:
    return get_object_or_404(keys_of(request), pk=id)


def _days(key: Key, zone: Any, now: datetime) -> list[dict[str, Any]]:
    """The last days: what our runs counted, and what the gateway says went."""
    standing = getattr(key, "standing", None)
    reading = standing.reading if standing else None
    spending = spending_of(key.pk, reading, now) if reading else None
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = _counted_by_day(key, today - DAY * (DAYS_COMPARED - 1), zone)
    days = []
    for back in range(DAYS_COMPARED):
        start, end = today - DAY * back, min(now, today - DAY * (back - 1))
        ours = counted.get(start.date(), {"runs": 0, "cost": None, "given": None, "made": None})
        is_covered = spending is not None and spending.begin is not None and spending.begin < end
        told = Decimal(repr(spending.between(start, end))) if spending and is_covered else None
        days.append(
            {
                "day": day_words(start, zone, now),
                "runs": ours["runs"],
                "tokens": figures.tokens(ours["given"], ours["made"]),
                "counted": figures.amount(ours["cost"], "USD"),
                "told": figures.amount(told, reading.unit) if reading else figures.NOTHING,
            }
        )
    return days


def _counted_by_day(key: Key, start: datetime, zone: Any) -> dict[Any, dict[str, Any]]:
    runs = key.runs.filter(id__gte=id_at(start)).annotate(day=TruncDate("started_at", tzinfo=zone)).order_by()
    sums = runs.values("day").annotate(
        runs=Count("id"), cost=Sum("cost"), given=Sum("input_tokens"), made=Sum("output_tokens")
    )
    return {one["day"]: one for one in sums}


def _oddities(standing: Any) -> list[str]:
    reading = standing.reading if standing else None
    return [str(words) for name, words in ODDITIES.items() if reading and name in reading.oddities]


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


CSV_HEAD = (
    "key", "mask", "holder", "gateway", "kind", "unit", "left", "used", "limit", "unlimited", "figure_of", "binds",
    "used_today", "used_7_days", "used_30_days", "burn_per_day", "runs_out", "not_before", "not_after", "expires", "state",
    "read_at",
)  # fmt: skip


def _csv_row(key: Key, now: datetime) -> list[Any]:
    standing = getattr(key, "standing", None)
    reading = standing.reading if standing else None
    figures_told = (
        [reading.unit, reading.left, reading.used, reading.limit, reading.unlimited, reading.of, reading.binds]
        if reading
        else [None] * 7
    )
    ahead = (
        [standing.used_today, standing.used_7, standing.used_30, standing.burn, standing.runs_out_at,
         standing.runs_out_first, standing.runs_out_last]
        if standing
        else [None] * 7
    )  # fmt: skip
    expires = (reading.expires_at if reading else None) or key.expires_at
    row = [
        key.name, key.mask, str(key.owner or ""), gateway_name(key), key.gateway.kind, *figures_told, *ahead, expires,
        state_of(key, standing, now).value, standing.told_at if standing else None,
    ]  # fmt: skip
    return [value.isoformat(timespec="seconds") if isinstance(value, datetime) else value for value in row]
