"""The stretches of time in which words are looked for: every day is read once, however much they hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from playground.models.runs import LARGEST_ID, id_at
from playground.runs.finding.filters import Filters
from playground.runs.finding.windows import Window, windows
from playground.search.words import day_of, day_word, month_word, place_words, team_word

TEAM = 7


def _walked(are_many: bool, edge: int, down: bool, most: int = 40) -> list[Window]:
    stretches = windows(TEAM, Filters(), edge, down)
    walked, window = [], next(stretches)
    while window and len(walked) < most:
        walked.append(window)
        window = stretches.send(are_many)
    return walked


def _finds(window: Window, run: int, down: bool) -> bool:
    beyond = run < window.edge if down else run > window.edge
    return beyond and bool(set(window.words) & set(place_words(TEAM, run)))


def test_what_is_rare_is_looked_for_in_five_steps() -> None:
    walked = _walked(False, LARGEST_ID, down=True)

    assert [len(window.words) for window in walked] == [2, 5, 1, 3, 1]
    assert walked[-1].words == (team_word(TEAM),)


def test_what_is_frequent_is_looked_for_a_few_days_at_a_time() -> None:
    walked = _walked(True, LARGEST_ID, down=True)

    assert [len(window.words) for window in walked] == [2] + [5] * 39


@pytest.mark.parametrize("down", [True, False])
@pytest.mark.parametrize("are_many", [True, False])
def test_every_run_is_found_once(are_many: bool, down: bool) -> None:
    now = timezone.now()
    edge = id_at(now) if down else id_at(now - timedelta(days=150))
    walked = _walked(are_many, edge, down)

    for days in range(1, 150):
        run = id_at(now - timedelta(days=days, hours=3))
        found = [_finds(window, run, down) for window in walked]
        following = [window.edge for window in walked[1:]] + [0 if down else LARGEST_ID]
        # A month may hold days that were read before: the edge of a window leaves them out, as the next one's bounds it.
        counted = [
            hit and (run >= after if down else run <= after) for hit, after in zip(found, following, strict=True)
        ]
        assert sum(counted) == 1, day_of(run)


def test_months_turn_over_the_year() -> None:
    walked = _walked(False, id_at(datetime(2026, 1, 9, tzinfo=UTC)), down=True)

    assert walked[1].words[-1] == day_word(TEAM, date(2026, 1, 3))
    assert walked[2].words == (month_word(TEAM, date(2026, 1, 2)),)
    assert walked[3].words == tuple(month_word(TEAM, date(2025, month, 1)) for month in (12, 11, 10))


def test_a_window_asks_for_any_of_its_days() -> None:
    assert Window(("t:7:2026-01-02", "t:7:2026-01-01"), 0).tsquery() == "('t:7:2026-01-02' | 't:7:2026-01-01')"
