"""The board: every key on one page, sorted, searched, filtered, or as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from accounts.models import Key
from accounts.prepared import Prepared, together
from accounts.requests import MemberRequest
from playground.readings import KeyState, ends_at, state_of
from playground.views import figures
from playground.views.alerts.rows import alerts_of
from playground.views.balance_rows import gateway_name, row_of
from playground.views.balances.refreshing import GOING, going
from playground.views.balances.seen import all_keys_of, standing_of, told
from playground.views.balances.summary import summary, unit_order
from playground.views.run_rows import zone_of
from playground.views.tables import csv_response

# So many rows are on the page at once; the rest follows while they are being read already.
FIRST_ROWS = 60
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
        state = state_of(key, standing_of(key), now)
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
    keys = all_keys_of(request)
    shown = sorted_by(filters.sort, [key for key in keys if filters.fits(key, now)], now)
    if request.GET.get("as") == "csv":
        return csv_response("balances.csv", CSV_HEAD, (_csv_row(key, now) for key in shown))
    if request.htmx and request.GET.get("rest"):
        rest = [row_of(key, zone, now) for key in _after(request.GET["rest"], shown)]
        return render(request, "balances/page.html#rest", {"rows": rest})
    first = shown[:FIRST_ROWS]
    context = {
        "rows": [row_of(key, zone, now) for key in first], "filters": filters, "heads": _heads(filters),
        "count": _count_words(keys, shown, filters), "is_htmx": bool(request.htmx), "csv": filters.query(**{"as": "csv"}),
        "rest": filters.query(rest=first[-1].pk) if len(shown) > len(first) else "",
        "rest_count": len(shown) - len(first),
    }  # fmt: skip
    template = "balances/page.html"
    if request.htmx and not request.htmx.history_restore_request:
        template = "balances/page.html#list"
    else:
        context |= _around(request, keys, filters, now, zone)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _after(last: str, shown: list[Key]) -> list[Key]:
    """The rows behind the last that the page has; all but the first ones where that is gone meanwhile."""
    place = next((place for place, key in enumerate(shown, 1) if str(key.pk) == last), FIRST_ROWS)
    return shown[place:]


def sorted_by(sort: str, keys: list[Key], now: datetime) -> list[Key]:
    """The keys in order; what is not known comes last, whichever way; amounts are ranked only within their unit."""
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    keys = sorted(keys, key=lambda key: key.name.casefold())
    of = _ORDERS[name]
    known = [key for key in keys if of(key, now) is not None]
    unknown = [key for key in keys if of(key, now) is None]
    if name not in ("left", "burn", "used"):
        return sorted(known, key=lambda key: of(key, now), reverse=is_down) + unknown
    units = sorted({reading.unit for _key, _standing, reading in told(known)}, key=unit_order)
    groups = [[key for key, _standing, reading in told(known) if reading.unit == unit] for unit in units]
    return [key for group in groups for key in sorted(group, key=lambda key: of(key, now), reverse=is_down)] + unknown


def _end(key: Key) -> datetime | None:
    standing = standing_of(key)
    moment = ends_at(standing)[0] if standing else None
    return min(filter(None, (moment, key.expires_at)), default=None)


def _figure(name: str) -> Callable[[Key, datetime], Any]:
    def figure(key: Key, now: datetime) -> Any:
        standing = standing_of(key)
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
    "state": lambda key, now: list(KeyState).index(state_of(key, standing_of(key), now)),
    "read": lambda key, now: getattr(standing_of(key), "told_at", None),
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


def _around(request: MemberRequest, keys: list[Key], filters: Filters, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What the page shows around its list."""
    states = [state_of(key, standing_of(key), now) for key in keys]
    gateways = {key.gateway_id: gateway_name(key) for key in keys}
    holders = {key.owner_id: str(key.owner) for key in keys if key.owner}
    here = {"team": request.team.pk}
    refreshes, alerts = together((GOING, here), (_OPEN_ALERTS, here | {"user": request.user.pk}))
    return {
        "keys": keys,
        "summary": summary(keys, now, zone) if keys else None,
        "attention": sum(state.needs_attention for state in states),
        "gateways": sorted(((str(id), name) for id, name in gateways.items()), key=lambda one: one[1]),
        "holders": sorted(((str(id), name) for id, name in holders.items()), key=lambda one: one[1]),
        **going(refreshes),
        "open_alerts": len(alerts) or "",
        "now": now.isoformat(),
    }


_OPEN_ALERTS = Prepared(lambda user, team: alerts_of(user, team).open().values_list("pk"), user=int, team=int)


def _count_words(keys: list[Key], shown: list[Key], filters: Filters) -> str:
    gateways = len({key.gateway_id for key in keys})
    words = ngettext("%(count)s key", "%(count)s keys", len(keys)) % {"count": figures.count(len(keys))}
    if filters:
        return _("%(shown)s of %(keys)s") % {"shown": figures.count(len(shown)), "keys": words}
    places = ngettext("%(count)s gateway", "%(count)s gateways", gateways) % {"count": gateways}
    return f"{words} · {places}"


CSV_HEAD = (
    "key", "mask", "holder", "gateway", "kind", "unit", "left", "used", "limit", "unlimited", "figure_of", "binds",
    "used_today", "used_7_days", "used_30_days", "burn_per_day", "runs_out", "not_before", "not_after", "expires", "state",
    "read_at",
)  # fmt: skip


def _csv_row(key: Key, now: datetime) -> list[Any]:
    standing = standing_of(key)
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
