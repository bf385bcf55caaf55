"""What readings say of the days to come."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from playground.readings.forecast import Forecast, Point, Spending, forecast

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def readings(*left: float, every: timedelta = DAY, unit: str = "USD") -> Spending:
    """Readings that end now."""
    times = [NOW - every * back for back in reversed(range(len(left)))]
    return Spending(Point(at, ("key", unit), Decimal(str(value)), None) for at, value in zip(times, left, strict=True))


def test_an_even_burn_runs_out_when_the_rest_is_burnt():
    spending = readings(100, 90, 80, 70, 60, 50, 40, 30)

    told = forecast(spending, Decimal(30), NOW)

    assert (round(told.burn, 6), told.runs_out) == (10.0, NOW + 3 * DAY)
    assert told.first < told.runs_out < told.last
    assert told.last - told.first < timedelta(hours=6)


def test_an_uneven_burn_has_a_wide_range():
    spending = readings(100, 99, 79, 78, 58, 57, 37, 36)

    told = forecast(spending, Decimal(36), NOW)

    assert told.last - told.first > 3 * DAY


def test_one_wild_night_is_not_taken_for_a_habit():
    spending = readings(1000, 999, 998, 997, 996, 995, 994, 493)

    told = forecast(spending, Decimal(493), NOW)

    assert told.burn < 2


def test_money_that_was_added_is_no_spending():
    spending = readings(10, 5, 105, 100)

    assert spending.between(NOW - 3 * DAY, NOW) == 10
    assert round(forecast(spending, Decimal(100), NOW).burn, 3) == 3.333


def test_what_was_used_counts_before_what_is_left():
    points = [
        Point(NOW - DAY * 2, ("key", "USD"), Decimal(50), Decimal(0)),
        Point(NOW, ("key", "USD"), Decimal(50), Decimal(8)),
    ]

    assert Spending(points).between(NOW - DAY, NOW) == 4


def test_readings_in_another_unit_do_not_join():
    points = [Point(NOW - DAY, ("key", "USD"), Decimal(500), None), Point(NOW, ("key", "CNY"), Decimal(20), None)]

    assert Spending(points).between(NOW - DAY, NOW) == 0


def test_one_reading_tells_nothing_of_the_future():
    assert forecast(readings(10), Decimal(10), NOW) == Forecast()


def test_a_key_that_nobody_uses_never_runs_out():
    assert forecast(readings(10, 10, 10), Decimal(10), NOW) == Forecast(0.0)


def test_a_key_without_a_limit_burns_and_never_runs_out():
    told = forecast(readings(30, 20, 10), None, NOW)

    assert (told.burn, told.runs_out) == (10.0, None)


def test_a_key_that_is_spent_has_run_out():
    assert forecast(readings(2, 1, 0), Decimal(0), NOW).runs_out == NOW


def test_hours_are_enough_for_a_first_guess():
    told = forecast(readings(10, 9, 8, every=HOUR), Decimal(8), NOW)

    assert (told.burn, told.runs_out) == (24.0, NOW + DAY / 3)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.integers(1, 100))
def test_parts_add_up_to_the_whole(amounts, hours):
    spending = readings(*amounts, every=timedelta(hours=hours))
    start = NOW - timedelta(hours=hours * len(amounts))
    middle = NOW - timedelta(hours=hours * len(amounts) / 3)

    whole = spending.between(start, NOW)

    assert abs(spending.between(start, middle) + spending.between(middle, NOW) - whole) <= 1e-6 * max(1, whole)
