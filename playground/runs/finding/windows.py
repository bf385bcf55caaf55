"""Stretches of time in which words are looked for: small while they hold many runs, then ever larger."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from playground.models.runs import id_at
from playground.runs.finding.filters import Filters
from playground.search.words import day_of, day_word, month_word, team_word

DAYS_ALONE, MONTHS_ALONE = 2, 6


@dataclass(frozen=True)
class Window:
    """A stretch of time: the word its runs carry, and the id it is read from."""

    word: str
    edge: int


# Gives windows, is told whether the last one held many runs, and ends with None.
Windows = Generator[Window | None, bool, None]


def windows(team: int, filters: Filters, edge: int, down: bool) -> Windows:
    """Windows that follow each other from `edge` on, each beginning where the last one ended."""
    floor, ceiling = filters.bounds
    if down:
        return _downwards(team, min(edge, ceiling, id_at(timezone.now() + timedelta(days=1))), floor)
    return _upwards(team, max(edge, floor - 1), ceiling)


def _downwards(team: int, edge: int, floor: int) -> Windows:
    day, days = day_of(edge), 0
    are_many = False
    while days < DAYS_ALONE or are_many:
        are_many = yield Window(day_word(team, day), edge)
        edge, day, days = min(edge, _begin(day)), day - timedelta(days=1), days + 1
        if edge <= floor:
            yield None
    month = day.replace(day=1)
    for _ in range(MONTHS_ALONE):
        yield Window(month_word(team, month), edge)
        edge, month = min(edge, _begin(month)), (month - timedelta(days=1)).replace(day=1)
        if edge <= floor:
            yield None
    yield Window(team_word(team), edge)
    yield None


def _upwards(team: int, edge: int, ceiling: int) -> Windows:
    day, now = day_of(edge), day_of(min(ceiling, id_at(timezone.now() + timedelta(days=1))))
    days, are_many = 0, False
    while days < DAYS_ALONE or are_many:
        are_many = yield Window(day_word(team, day), edge)
        day, days = day + timedelta(days=1), days + 1
        edge = max(edge, _begin(day) - 1)
        if day > now:
            yield None
    month = day.replace(day=1)
    for _ in range(MONTHS_ALONE):
        yield Window(month_word(team, month), edge)
        month = (month + timedelta(days=32)).replace(day=1)
        edge = max(edge, _begin(month) - 1)
        if month > now:
            yield None
    yield Window(team_word(team), edge)
    yield None


def _begin(day: date) -> int:
    return id_at(datetime(day.year, day.month, day.day, tzinfo=UTC))
