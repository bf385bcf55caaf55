"""Stretches of time in which words are looked for: small while they hold many runs, then ever larger."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from playground.models.runs import id_at
from playground.runs.finding.filters import Filters
from playground.search.words import day_of, day_word, month_word, team_word

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A stretch of time: the words of its days or months, one of which each of its runs carries, and the id it is read from."""

    words: tuple[str, ...]
    edge: int

    def tsquery(self) -> str:
        """For Postgres: runs of this stretch."""
        return "({})".format(" | ".join(f"'{word}'" for word in self.words))


# Gives windows, is told whether the last one held many runs, and ends with None.
Windows = Generator[Window | None, bool, None]


@dataclass(frozen=True)
class Stretch:
    """So many days or months in a row."""

    count: int
    word: Callable[[int, date], str]
    first: Callable[[date], date]

    def parts(self, day: date, down: bool) -> list[date]:
        """The first day of each of its days or months, from that of `day` on."""
        parts = [self.first(day)]
        while len(parts) < self.count:
            parts.append(self.first(parts[-1] - DAY) if down else self.after(parts[-1]))
        return parts

    def after(self, part: date) -> date:
        """The first day of the day or month that follows."""
        return self.first(part + DAY) if self.first(part + DAY) > part else (part + 31 * DAY).replace(day=1)


def _of_days(count: int) -> Stretch:
    return Stretch(count, day_word, lambda day: day)


def _of_months(count: int) -> Stretch:
    return Stretch(count, month_word, lambda day: day.replace(day=1))


# Two days hold a page of what is frequent even where one has only just begun. The index reads some days for a tenth of
# what a month costs it; what is in none of these is rare, and read whole for less than any of them.
STRETCHES = (_of_days(2), _of_days(5), _of_months(1), _of_months(3))


def windows(team: int, filters: Filters, edge: int, down: bool) -> Windows:
    """Windows that follow each other from `edge` on, each beginning where the last one ended."""
    floor, ceiling = filters.bounds
    tomorrow = id_at(timezone.now() + DAY)
    if down:
        return _downwards(team, min(edge, ceiling, tomorrow), floor)
    return _upwards(team, max(edge, floor - 1), day_of(min(ceiling, tomorrow)))


def _downwards(team: int, edge: int, floor: int) -> Windows:
    day, step = day_of(edge), 0
    while step < len(STRETCHES):
        parts = STRETCHES[step].parts(day, down=True)
        are_many = yield _window(team, step, parts, edge)
        edge, day, step = min(edge, _begin(parts[-1])), parts[-1] - DAY, _next(step, are_many)
        if edge <= floor:
            yield None
    yield Window((team_word(team),), edge)
    yield None


def _upwards(team: int, edge: int, last: date) -> Windows:
    day, step = day_of(edge), 0
    while step < len(STRETCHES):
        parts = STRETCHES[step].parts(day, down=False)
        are_many = yield _window(team, step, parts, edge)
        day = STRETCHES[step].after(parts[-1])
        edge, step = max(edge, _begin(day) - 1), _next(step, are_many)
        if day > last:
            yield None
    yield Window((team_word(team),), edge)
    yield None


def _window(team: int, step: int, parts: list[date], edge: int) -> Window:
    return Window(tuple(STRETCHES[step].word(team, part) for part in parts), edge)


def _next(step: int, are_many: bool) -> int:
    """Where much was found the next stretch may be as short, but for the first, which is there to be quick."""
    return step if are_many and step else step + 1


def _begin(day: date) -> int:
    return id_at(datetime(day.year, day.month, day.day, tzinfo=UTC))
