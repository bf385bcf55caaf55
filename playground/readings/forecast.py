"""What readings say of the days to come: burn per day, and when a key runs out. Numbers in, numbers out."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import fmean, median, stdev

DAY = timedelta(days=1)
DAYS_LOOKED_AT = 14
SHORTEST = timedelta(hours=1)
DAYS_FOR_A_HABIT = 3
FURTHEST = timedelta(days=3650)
# A day may count for this many times the middle of all days: one night's batch is no habit.
FAIR = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One reading's figures; readings of another unit or purse do not join."""

    at: datetime
    purse: tuple[str, str]
    left: Decimal | None
    used: Decimal | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How much goes a day, and between when and when the rest is gone; None where readings are too few or nothing goes."""

    burn: float | None = None
    runs_out: datetime | None = None
    first: datetime | None = None
    last: datetime | None = None


class Spending:
    """What was spent up to any moment, out of readings taken whenever they were: even between two of them."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._points: list[Point] = sorted(points, key=lambda point: point.at)
        self._times = [point.at.timestamp() for point in self._points]
        self._sums = [0.0]
        for before, after in zip(self._points, self._points[1:], strict=False):
            self._sums.append(self._sums[-1] + _spent(before, after))

    @property
    def span(self) -> timedelta:
        """How long the readings cover."""
        return self._points[-1].at - self._points[0].at if self._points else timedelta()

    @property
    def begin(self) -> datetime | None:
        return self._points[0].at if self._points else None

    def between(self, start: datetime, end: datetime) -> float:
        """What was spent from `start` to `end`, as far as readings reach."""
        return max(0.0, self._until(end) - self._until(start))

    def left_at(self, moment: datetime) -> float | None:
        """What was left then, by the last reading before."""
        at = bisect_right(self._times, moment.timestamp()) - 1
        left = self._points[at].left if at >= 0 else None
        return None if left is None else float(left)

    def by_day(self, now: datetime, days: int) -> list[float]:
        """What went in each of the last whole days that readings cover, the oldest first."""
        covered = min(days, int((now - self.begin) / DAY)) if self.begin else 0
        return [self.between(now - DAY * (back + 1), now - DAY * back) for back in reversed(range(covered))]

    def _until(self, moment: datetime) -> float:
        if not self._points:
            return 0.0
        then = moment.timestamp()
        at = bisect_right(self._times, then) - 1
        if at < 0:
            return 0.0
        if at == len(self._points) - 1:
            return self._sums[-1]
        part = (then - self._times[at]) / (self._times[at + 1] - self._times[at])
        return self._sums[at] + part * (self._sums[at + 1] - self._sums[at])


def forecast(spending: Spending, left: Decimal | None, now: datetime) -> Forecast:
    """When `left` is gone if the days to come are like those before."""
    if spending.span < SHORTEST:
        return Forecast()
    burn, doubt = _habit(spending, now)
    if left is None or burn <= 0:
        return Forecast(burn)
    if left <= 0:
        return Forecast(burn, now, now, now)
    rest = float(left)
    return Forecast(
        burn,
        _after(now, rest / burn),
        _after(now, rest / (burn + doubt)),
        _after(now, rest / (burn - doubt)) if burn > doubt else None,
    )


def last_and_usual_day(spending: Spending, now: datetime) -> tuple[float, float | None]:
    """What went in the last 24 hours, and in a usual one of the days before; None where fewer than three are known."""
    *before, last = spending.by_day(now, DAYS_LOOKED_AT + 1) or [0.0]
    return last, fmean(_fair(before)) if len(before) >= DAYS_FOR_A_HABIT else None


def _habit(spending: Spending, now: datetime) -> tuple[float, float]:
    """What goes a day, and how far that may be off."""
    days = spending.by_day(now, DAYS_LOOKED_AT)
    if not days:
        burn = spending.between(now - DAY, now) / (spending.span / DAY)
        return burn, burn / 2
    fair = _fair(days)
    burn = fmean(fair)
    # Twice the standard error; with few days, at least a tenth more for each day that is missing to a week.
    error = 2 * stdev(fair) / len(fair) ** 0.5 if len(fair) > 1 else burn / 2
    return burn, max(error, burn * 0.1 * max(0, 7 - len(fair)) / 2, burn * 0.02)


def _fair(days: Sequence[float]) -> list[float]:
    middle = median(days)
    return [min(day, FAIR * middle) for day in days] if middle else list(days)


def _after(now: datetime, days: float) -> datetime | None:
    return now + DAY * days if days < FURTHEST / DAY else None


def _spent(before: Point, after: Point) -> float:
    """What went between two readings; what was added or began anew is no spending."""
    if before.purse != after.purse:
        return 0.0
    if before.used is not None and after.used is not None:
        return max(0.0, float(after.used - before.used))
    if before.left is not None and after.left is not None:
        return max(0.0, float(before.left - after.left))
    return 0.0
