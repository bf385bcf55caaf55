"""Keeping what a gateway told: the reading, how the key stands by it, when to look again."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import BalanceReading, BalanceStanding, Gateway, Key
from playground import alerts
from playground.balances import Balance
from playground.readings.asking import Outcome
from playground.readings.forecast import DAY, Point, Spending, forecast, last_and_usual_day
from playground.readings.states import ends_at

# A reading that says nothing new is kept all the same after this long, so that the chart has no holes.
KEEP_AFTER = timedelta(hours=6)
LONGEST_PAUSE = timedelta(hours=6)
DAYS_DRAWN = 14
MONTH = 30 * DAY


def keep(key_id: uuid.UUID, outcome: Outcome, at: datetime | None = None) -> BalanceStanding | None:
    """Keep what came of asking for a key. None when the key is gone meanwhile."""
    now = at or timezone.now()
    with transaction.atomic():
        keys = Key.objects.select_for_update(of=("self",)).select_related("gateway", "owner", "team")
        key = keys.filter(pk=key_id).first()
        if key is None:
            return None
        standing, _ = BalanceStanding.objects.select_related("reading").get_or_create(key=key)
        standing.key = key
        _know_kind(key.gateway, outcome)
        standing.asked_at, standing.code, standing.said = now, outcome.code, printable(outcome.said)
        if outcome.balance:
            spending = _told(standing, outcome.balance, now)
        else:
            spending = None
            _not_told(standing, outcome, now)
        standing.save()
        alerts.look(key, _seen(standing, spending, now), now)
    return standing


def pause_of(key: Key) -> timedelta:
    """How long lies between two readings of a key that go well."""
    return (
        timedelta(minutes=key.read_minutes) if key.read_minutes else timedelta(seconds=settings.BALANCE_EVERY_SECONDS)
    )


def _seen(standing: BalanceStanding, spending: Spending | None, now: datetime) -> alerts.Seen:
    """What alerts look at."""
    reading = standing.reading
    day, usual = last_and_usual_day(spending, now) if spending else (None, None)
    end, how = ends_at(standing)
    return alerts.Seen(
        told=spending is not None, code=standing.code, left=reading.left if reading else None,
        unit=reading.unit if reading else "", runs_out=end if how == "spent" else None, day=day, usual=usual,
        expires=alerts.expires_of(standing.key, reading), blocked=bool(reading and "blocked" in reading.oddities),
    )  # fmt: skip


def _know_kind(gateway: Gateway, outcome: Outcome) -> None:
    """The kind that answered is kept, so that it is asked for only once; that there is none may turn out wrong later."""
    if gateway.kind in _OPEN_KINDS and outcome.kind in Gateway.Kind.values:
        Gateway.objects.filter(pk=gateway.pk, kind=gateway.kind).update(kind=outcome.kind)


_OPEN_KINDS = (Gateway.Kind.UNKNOWN, Gateway.Kind.OPENAI)


def _told(standing: BalanceStanding, balance: Balance, now: datetime) -> Spending:
    standing.told_at, standing.failures = now, 0
    standing.facts = dict(balance.facts)
    standing.reading = _kept(standing, _reading(standing.key_id, balance, now))
    standing.next_at = now + pause_of(standing.key)
    return look_ahead(standing, now)


def _not_told(standing: BalanceStanding, outcome: Outcome, now: datetime) -> None:
    """Look again later each time, as late as the gateway wants."""
    last = BalanceReading.objects.filter(key_id=standing.key_id).order_by("-at").first()
    if last is None or last.code != outcome.code:
        BalanceReading.objects.create(key_id=standing.key_id, at=now, code=outcome.code)
    standing.failures = min(standing.failures + 1, 100)
    usual = pause_of(standing.key)
    pause = min(usual * 2 ** min(standing.failures - 1, 10), max(LONGEST_PAUSE, usual))
    wanted = timedelta(seconds=min(outcome.retry_after or 0, LONGEST_PAUSE.total_seconds()))
    standing.next_at = now + max(pause, wanted)


def _reading(key_id: uuid.UUID, balance: Balance, now: datetime) -> BalanceReading:
    main = balance.main
    assert main is not None
    unlimited = bool(balance.key and balance.key.unlimited)
    return BalanceReading(
        key_id=key_id, at=now, of=main.of, binds=balance.binds, unit=main.unit, left=_rounded(main.left),
        used=_rounded(main.used), limit=_rounded(main.limit), unlimited=unlimited, period=main.period,
        resets_at=main.resets_at, expires_at=balance.expires_at, source=balance.source, oddities=list(balance.oddities),
    )  # fmt: skip


def _kept(standing: BalanceStanding, fresh: BalanceReading) -> BalanceReading:
    """The fresh reading, stored where it says something new; else the one that said it already."""
    last = standing.reading
    if last and last.tells_the_same_as(fresh) and fresh.at - last.at < KEEP_AFTER:
        return last
    fresh.save()
    return fresh


def look_ahead(standing: BalanceStanding, now: datetime) -> Spending:
    """Work out what the board shows of the readings up to now; what was spent by them."""
    reading = standing.reading
    assert reading is not None
    spending = spending_of(standing.key_id, reading, now)
    told = forecast(spending, reading.left, now)
    standing.burn = _amount(told.burn)
    standing.runs_out_at, standing.runs_out_first, standing.runs_out_last = told.runs_out, told.first, told.last
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    standing.used_today = _amount(spending.between(today, now))
    standing.used_7 = _amount(spending.between(now - 7 * DAY, now))
    standing.used_30 = _amount(spending.between(now - MONTH, now))
    begin = spending.begin
    has_before = begin is not None and begin <= now - 13 * DAY
    standing.used_before = _amount(spending.between(now - 14 * DAY, now - 7 * DAY)) if has_before else None
    standing.days = _days(spending, reading, now)
    return spending


def _days(spending: Spending, reading: BalanceReading, now: datetime) -> list[float | None]:
    ends = [now - DAY * back for back in reversed(range(DAYS_DRAWN))]
    if reading.left is not None:
        return [spending.left_at(end) for end in ends]
    begin = spending.begin or now
    return [spending.between(end - DAY, end) if end >= begin else None for end in ends]


def spending_of(key_id: uuid.UUID, reading: BalanceReading, now: datetime) -> Spending:
    """What the key's readings of a month say was spent: one reading an hour is enough."""
    with connection.cursor() as cursor:
        cursor.execute(_HOURLY, [key_id, now - MONTH - DAY])
        points = [Point(at, (of, unit), left, used) for at, of, unit, left, used in cursor.fetchall()]
    return Spending([*points, Point(now, (reading.of, reading.unit), reading.left, reading.used)])


_HOURLY = """
SELECT DISTINCT ON (date_trunc('hour', at)) at, "of", unit, "left", used FROM accounts_balancereading
WHERE key_id = %s AND at > %s AND code = '' ORDER BY date_trunc('hour', at), at DESC
"""


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("1e-9"))


def _amount(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(round(number, 9)))


def printable(text: str) -> str:
    """A gateway's sentence as Postgres and pages can hold it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:300]
