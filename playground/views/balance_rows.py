"""A key on the board: every figure spelled out here, so that a table of a thousand has nothing to work out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import BalanceReading, BalanceStanding, Gateway, Key
from playground.gateway import host_of
from playground.readings import KeyState, ends_at, state_of
from playground.views import figures
from playground.views.frame import avatar

# The state's word, its icon and its tone.
STATES: dict[KeyState, tuple[Any, str, str]] = {
    KeyState.REFUSED: (lazy("Refused"), "circle-x", "bad"),
    KeyState.SPENT: (lazy("Spent"), "circle-x", "bad"),
    KeyState.EXPIRED: (lazy("Expired"), "circle-x", "bad"),
    KeyState.LOW: (lazy("Low"), "circle-alert", "bad"),
    KeyState.HOST_DOWN: (lazy("Host down"), "circle-x", "bad"),
    KeyState.WATCH: (lazy("Watch"), "triangle-alert", "warn"),
    KeyState.UNSURE: (lazy("Unit unsure"), "triangle-alert", "warn"),
    KeyState.OFF: (lazy("Switched off"), "circle-stop", "plain"),
    KeyState.NOT_TOLD: (lazy("Not told"), "clock", "plain"),
    KeyState.UNREAD: (lazy("Not read yet"), "clock", "plain"),
    KeyState.HEALTHY: (lazy("Healthy"), "circle-check", "ok"),
}
BINDS = {"key": lazy("Key quota"), "account": lazy("Account balance"), "team": lazy("Team budget")}
PERIODS = {
    "daily": lazy("day"), "weekly": lazy("week"), "monthly": lazy("month"), "24h": lazy("day"), "1d": lazy("day"),
    "7d": lazy("week"), "30d": lazy("30 days"), "1mo": lazy("month"),
}  # fmt: skip
# Why there is no reading, in a sentence that says whose turn it is.
REASONS = {
    "refused": lazy("The gateway does not accept this key. Replace it, or ask whoever issued it."),
    "disabled": lazy("The key was switched off at the gateway. Whoever issued it can switch it on again."),
    "expired": lazy("The key has expired at the gateway. Replace it."),
    "spent": lazy("The key has nothing left. Top it up at the gateway."),
    "no_figure": lazy("This gateway has no call that tells a key its balance."),
    "rate_limited": lazy("The gateway wants to be asked less often; it is asked again later by itself."),
    "gateway_failed": lazy("The gateway answered with an error of its own. The last reading is shown."),
    "unreadable": lazy("The gateway answered something that is no balance. The last reading is shown."),
    "sealed": lazy("The stored secret cannot be opened here. Replace the key's secret."),
    "unreachable": lazy("The gateway cannot be reached. The last reading is shown."),
    "name_not_found": lazy("The gateway's host name was not found. Check its base URL."),
    "timeout": lazy("The gateway gave no answer in time. The last reading is shown."),
    "tls": lazy("The gateway's certificate cannot be trusted; the key was not sent."),
    "address_refused": lazy("The gateway's address is inside this server's network and may not be called."),
}
# What was odd about a reading.
ODDITIES = {
    "unit_unsure": lazy("The gateway does not say what one of its units is worth; it may count in another currency."),
    "limit_unsure": lazy("Whether this gateway counts what was used into its limit shows only after some use."),
    "account_hidden": lazy("What the account behind the key has left is not shown to keys."),
    "several_currencies": lazy("The account holds several currencies; one is shown, none are added."),
    "models_limited": lazy("The key may be used for some models only."),
    "blocked": lazy("The gateway says that this key or account is blocked."),
    "free_tier": lazy("The account has never bought credits: the limits of the free tier apply."),
}
SPARK_WIDTH, SPARK_HEIGHT = 96, 26
# Worked out once: a board of a thousand keys asks for them a thousand times.
KINDS = dict(Gateway.Kind.choices)


@cache
def _board() -> str:
    return reverse("balances")


@dataclass(frozen=True, slots=True)
class Row:
    """One key."""

    id: str
    url: str
    name: str
    mask: str
    holder: str
    avatar: dict[str, Any]
    gateway: str
    kind: str
    left: str
    left_note: str
    share: int | None
    tone: str
    spark_line: str
    spark_area: str
    is_spend: bool
    burn: str
    ends: str
    ends_note: str
    ends_tone: str
    used: str
    today: str
    binds: str
    state: str
    state_word: Any
    state_icon: str
    state_tone: str
    reason: Any
    read_at: str
    is_stale: bool


def row_of(key: Key, zone: ZoneInfo, now: datetime) -> Row:
    """A key as people read it."""
    standing: BalanceStanding | None = getattr(key, "standing", None)
    reading = standing.reading if standing else None
    state = state_of(key, standing, now)
    word, icon, tone = STATES[state]
    holder = key.owner.display_name if key.owner else _("the team")
    left, note = _left(reading, standing)
    line, area = spark(standing.days if standing else [])
    ends, ends_note, ends_tone = _ends(key, standing, zone, now)
    unit = reading.unit if reading else ""
    code = standing.code if standing else ""
    return Row(
        id=str(key.pk), url=f"{_board()}{key.pk}/", name=key.name, mask=key.mask, holder=holder,
        avatar=avatar(holder), gateway=gateway_name(key), kind=str(KINDS[key.gateway.kind]),
        left=left, left_note=note, share=_share(reading),
        tone="plain" if state is KeyState.HOST_DOWN else tone if tone in ("bad", "warn") else "fine",
        spark_line=line, spark_area=area, is_spend=bool(reading and reading.left is None),
        burn=figures.amount(standing.burn, unit) if standing and standing.burn is not None else figures.NOTHING,
        ends=ends, ends_note=ends_note, ends_tone=ends_tone, used=_used(standing, unit),
        today=_today(standing, unit),
        binds=_binds(standing), state=state.value, state_word=word, state_icon=icon, state_tone=tone,
        reason=REASONS.get(code, "") if standing else "",
        read_at=standing.told_at.isoformat() if standing and standing.told_at else "", is_stale=bool(code),
    )  # fmt: skip


def gateway_name(key: Key) -> str:
    """The host that a key's calls go to; the sandbox has none."""
    return key.gateway.name if key.gateway.is_sandbox else host_of(key.gateway.base_url)


def spark(days: Iterable[float | None]) -> tuple[str, str]:
    """A small graph: the points of its line, and of the area below. Nothing for fewer than two days."""
    values = list(days)
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return "", ""
    top = max(max(value for _at, value in known), 1e-9)
    step = SPARK_WIDTH / (len(values) - 1)
    height = SPARK_HEIGHT - 4
    points = [(round(at * step, 1), round(SPARK_HEIGHT - 1 - max(0, value) / top * height, 1)) for at, value in known]
    line = " ".join(f"{x},{y}" for x, y in points)
    return line, f"{points[0][0]},{SPARK_HEIGHT} {line} {points[-1][0]},{SPARK_HEIGHT}"


def day_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A day to come: near ones with their weekday, far ones with their year."""
    day = moment.astimezone(zone).date()
    is_english = get_language() == "en"
    if moment - now < timedelta(days=14):
        return date_format(day, "D j M" if is_english else "n月j日 D")
    if day.year == now.astimezone(zone).year:
        return date_format(day, "j M" if is_english else "n月j日")
    return date_format(day, "j M Y" if is_english else "Y年n月j日")


def range_words(standing: BalanceStanding | None, zone: ZoneInfo, now: datetime) -> str:
    """Between which days a key runs out."""
    if standing is None or standing.runs_out_first is None:
        return ""
    first = day_words(standing.runs_out_first, zone, now)
    if standing.runs_out_last is None:
        return _("not before %(first)s") % {"first": first}
    last = day_words(standing.runs_out_last, zone, now)
    return _("between %(first)s and %(last)s") % {"first": first, "last": last} if first != last else ""


def _left(reading: BalanceReading | None, standing: BalanceStanding | None) -> tuple[str, str]:
    if reading is None:
        if standing and standing.code == "no_figure":
            return _("No figure"), _("no balance call there")
        return figures.NOTHING, ""
    if reading.left is None:
        return _("Unlimited"), _("account not told")
    amount = figures.amount(reading.left, reading.unit)
    if reading.unlimited:
        return _("Unlimited"), _("account has %(amount)s") % {"amount": amount}
    if "unit_unsure" in reading.oddities and reading.unit == "units":
        guess = figures.amount(reading.left / 500_000, "USD")
        return amount, _("≈ %(amount)s, rate not stated") % {"amount": guess}
    return amount, _of_limit(reading)


def _of_limit(reading: BalanceReading) -> str:
    if reading.limit is None:
        return ""
    limit = figures.amount(reading.limit, reading.unit)
    if reading.period:
        period = PERIODS.get(reading.period, reading.period)
        return _("of %(limit)s / %(period)s") % {"limit": limit, "period": period}
    return _("of %(limit)s") % {"limit": limit}


def _share(reading: BalanceReading | None) -> int | None:
    """How much of the limit is left, in hundredths; None without a limit."""
    if reading is None or reading.left is None or not reading.limit or reading.limit <= 0 or reading.unlimited:
        return None
    return max(0, min(100, int(reading.left / reading.limit * 100)))


def _ends(key: Key, standing: BalanceStanding | None, zone: ZoneInfo, now: datetime) -> tuple[str, str, str]:
    """The day it ends, how sure that is or by what, and how pressing."""
    moment, how = ends_at(standing) if standing else (None, "")
    if key.expires_at and (moment is None or key.expires_at < moment):
        moment, how = key.expires_at, "expires"
    if standing is None or moment is None:
        return figures.NOTHING, _why_no_end(standing, how, zone, now), ""
    days = (moment - now) / timedelta(days=1)
    tone = "bad" if days <= 3 else "warn" if days <= 10 else ""
    return day_words(moment, zone, now), _ends_note(standing, how, days, now), tone


def _ends_note(standing: BalanceStanding, how: str, days: float, now: datetime) -> str:
    if how == "expires":
        return _("key expires then")
    if standing.code:
        return _("by the last reading")
    if days <= 0:
        return _("due by now") if standing.reading and standing.reading.left else _("nothing left")
    off = _doubt(standing, now)
    whole = max(1, round(days))
    words = ngettext("%(days)s day", "%(days)s days", whole) % {"days": whole}
    return f"{words} ± {off}" if off else words


def _doubt(standing: BalanceStanding, now: datetime) -> str:
    if standing.runs_out_first is None or standing.runs_out_at is None:
        return ""
    last = standing.runs_out_last
    if last is None:
        return _("unsure")
    half = max(standing.runs_out_at - standing.runs_out_first, last - standing.runs_out_at) / timedelta(days=1)
    return str(round(half)) if half >= 0.5 else ""


def _why_no_end(standing: BalanceStanding | None, how: str, zone: ZoneInfo, now: datetime) -> str:
    if standing is None or standing.reading is None:
        return ""
    if how == "resets" and standing.reading.resets_at:
        return _("begins anew %(day)s") % {"day": day_words(standing.reading.resets_at, zone, now)}
    if standing.burn is None:
        return _("too few readings")
    return _("hardly used") if standing.reading.left is not None else _("nothing limits it")


def _used(standing: BalanceStanding | None, unit: str) -> str:
    if standing is None or standing.used_7 is None or standing.reading is None:
        return figures.NOTHING
    return f"{_short(standing.used_7, unit)} · {_short(standing.used_30, unit)}"


def _today(standing: BalanceStanding | None, unit: str) -> str:
    if standing is None or not standing.used_today:
        return ""
    return _("today %(amount)s") % {"amount": figures.amount(standing.used_today, unit)}


def _short(amount: Decimal | None, unit: str) -> str:
    """An amount where space is short: units in thousands, money from ten on without cents."""
    if amount is None:
        return figures.NOTHING
    if unit == "units":
        return f"{amount / 1000:,.0f}k" if amount >= 10_000 else f"{amount:,.0f}"
    return figures.amount(amount, unit).rsplit(".", 1)[0] if amount >= 10 else figures.amount(amount, unit)


def _binds(standing: BalanceStanding | None) -> str:
    if standing is None or standing.reading is None:
        return _("Not known")
    moment, how = ends_at(standing)
    if how == "expires" and moment:
        return _("Expiry date")
    return str(BINDS.get(standing.reading.binds, _("Not known")))
