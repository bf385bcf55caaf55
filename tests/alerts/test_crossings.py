"""When a line counts as crossed, and when it may be crossed anew."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal as D

import pytest

from accounts.models import User
from playground.alerts.crossings import DAY, Seen, Verdict, verdicts
from playground.alerts.quiet import mail_time
from playground.models import AlertKind, AlertRule
from playground.readings.forecast import Point, Spending, last_and_usual_day

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CROSSED, CLEAR, UNKNOWN = Verdict.CROSSED, Verdict.CLEAR, Verdict.UNKNOWN


def verdict(kind, seen, remind=7, **rule):
    return verdicts(seen, AlertRule(**rule), remind, NOW)[kind]


def told(**more):
    return Seen(**{"told": True, "left": D(50), "unit": "USD", **more})


@pytest.mark.parametrize(
    ("left", "expected"), [("4.99", CROSSED), ("5", CROSSED), ("5.2", UNKNOWN), ("5.50", UNKNOWN), ("5.51", CLEAR)]
)
def test_an_amount_is_crossed_at_its_line_and_left_a_tenth_above(left, expected):
    assert verdict(AlertKind.LOW, told(left=D(left)), low_amount=D(5), low_days=None) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(2, CROSSED), (4, CROSSED), (4.5, UNKNOWN), (5.1, CLEAR), (None, CLEAR)]
)
def test_days_left_are_crossed_at_their_line_and_left_a_quarter_above(days, expected):
    out = NOW + timedelta(days=days) if days else None

    assert verdict(AlertKind.LOW, told(runs_out=out), low_days=4) == expected


def test_an_amount_says_nothing_of_a_key_in_another_unit():
    assert verdict(AlertKind.LOW, told(left=D(1), unit="CNY"), low_amount=D(5), low_unit="USD") == CLEAR


def test_a_key_with_nothing_left_is_low_by_any_rule_but_none():
    for seen in (told(left=D(0)), Seen(code="spent")):
        assert verdict(AlertKind.LOW, seen, low_days=1) == CROSSED
        assert verdict(AlertKind.LOW, seen, low_days=None) == CLEAR


def test_a_gateway_that_tells_nothing_changes_nothing():
    silent = Seen(code="unreachable", left=D(1), unit="USD")

    judged = verdicts(silent, AlertRule(low_amount=D(5)), None, NOW)

    assert judged == {
        AlertKind.LOW: UNKNOWN, AlertKind.SPIKE: UNKNOWN, AlertKind.EXPIRY: CLEAR, AlertKind.REFUSED: UNKNOWN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "usual", "left", "expected"),
    [
        (30, 10, 100, CROSSED), (29, 10, 100, UNKNOWN), (22, 10, 100, CLEAR), (30, None, 100, UNKNOWN), (30, 0, 100, UNKNOWN),
        # Three times next to nothing is next to nothing.
        (0.03, 0.01, 100, UNKNOWN), (0.03, 0.01, None, CROSSED),
    ],
)  # fmt: skip
def test_a_spike_is_many_times_the_usual_day(day, usual, left, expected):
    seen = told(day=day, usual=usual, left=left if left is None else D(left))

    assert verdict(AlertKind.SPIKE, seen, spike_times=D(3)) == expected


@pytest.mark.parametrize(
    ("days", "remind", "expected"),
    [(6, 7, CROSSED), (8, 7, CLEAR), (6, None, CLEAR), (-1, 7, CROSSED), (None, 7, CLEAR), (29, 30, CROSSED)],
)
def test_a_key_expires_within_the_days_of_its_own_reminder(days, remind, expected):
    expires = NOW + timedelta(days=days) if days is not None else None

    assert verdict(AlertKind.EXPIRY, told(expires=expires), remind) == expected
    assert verdict(AlertKind.EXPIRY, told(expires=expires), remind, expiry=False) == CLEAR


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(code="refused"), CROSSED), (Seen(code="disabled"), CROSSED), (told(blocked=True), CROSSED), (told(), CLEAR),
        (Seen(code="rate_limited"), UNKNOWN),
    ],
)  # fmt: skip
def test_a_refused_key_is_clear_only_once_it_is_accepted_again(seen, expected):
    assert verdict(AlertKind.REFUSED, seen) == expected
    assert verdict(AlertKind.REFUSED, seen, refused=False) == CLEAR


def test_the_usual_day_leaves_the_last_one_out():
    left = [100, 98, 96, 94, 60]
    points = (
        Point(NOW - DAY * (4 - number), ("key", "USD"), D(amount), None) for number, amount in enumerate(left)
    )  # fmt: skip

    assert last_and_usual_day(Spending(points), NOW) == (34.0, 2.0)
    assert last_and_usual_day(Spending([]), NOW) == (0.0, None)


SHANGHAI_NIGHT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # 23:30 there


@pytest.mark.parametrize(
    ("zone", "hours", "expected"),
    [
        ("Asia/Shanghai", (time(22), time(7)), datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),
        ("Asia/Shanghai", (time(23, 30), time(23, 45)), datetime(2026, 11, 22, 15, 45, tzinfo=UTC)),
        ("Asia/Shanghai", (time(7), time(22)), SHANGHAI_NIGHT),
        ("Europe/Berlin", (time(22), time(7)), SHANGHAI_NIGHT),
        ("", (time(15), time(16)), datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("Asia/Shanghai", (None, None), SHANGHAI_NIGHT),
        ("Asia/Shanghai", (time(22), time(22)), SHANGHAI_NIGHT),
    ],
)
def test_mail_waits_for_the_end_of_the_quiet_hours_where_the_person_is(zone, hours, expected):
    person = User(timezone=zone, quiet_from=hours[0], quiet_until=hours[1])

    assert mail_time(person, SHANGHAI_NIGHT) == expected


def test_quiet_hours_end_by_the_clock_on_a_night_that_is_an_hour_longer():
    person = User(timezone="Europe/Berlin", quiet_from=time(22), quiet_until=time(7))

    assert mail_time(person, datetime(2026, 10, 24, 21, tzinfo=UTC)) == datetime(2026, 10, 25, 6, tzinfo=UTC)
