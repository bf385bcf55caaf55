"""Sessions end by themselves: after a time without a deed, and in any case thirty days after signing in."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import session_ends
from accounts.demo import OWNER

HOURS, DAY = 3600, 24 * 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves what the sessions take for now."""
    moved = [0.0]
    real = time.time
    monkeypatch.setattr(session_ends.time, "time", lambda: real() + moved[0])

    def later(seconds: float) -> None:
        moved[0] += seconds

    return later


def signed_in(password: str, **more: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/accounts/login/", {"login": OWNER, "password": password, **more})
    return client


def left() -> timedelta:
    """How long the one session lasts from now."""
    return Session.objects.get().expire_date - timezone.now()


def is_about(seconds: float) -> Any:
    return pytest.approx(seconds, abs=120)


def test_a_session_that_is_not_to_be_remembered_ends_after_twelve_hours_without_a_deed(demo):
    client = signed_in(demo)

    assert left().total_seconds() == is_about(12 * HOURS)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/history/").status_code == 302


def test_a_deed_lets_it_last_and_what_a_page_asks_by_itself_does_not(demo, clock):
    client = signed_in(demo)
    clock(6 * HOURS)

    client.get("/history/news/", headers={"sec-fetch-mode": "cors"})
    assert left().total_seconds() == is_about(12 * HOURS)
    client.get("/history/", headers={"sec-fetch-mode": "navigate"})
    assert left().total_seconds() == is_about(18 * HOURS)


def test_a_remembered_session_lasts_thirty_days_and_no_deed_makes_it_longer(demo, clock):
    client = signed_in(demo, remember="on")

    assert left().total_seconds() == is_about(30 * DAY)
    session = client.session
    session["anything"] = "else"
    session.save()
    assert left().total_seconds() <= 30 * DAY


def test_deeds_make_no_session_longer_than_thirty_days(demo, clock):
    client = signed_in(demo)
    for _ in range(70):
        clock(11 * HOURS)
        client.get("/history/")

    assert left().total_seconds() == is_about(30 * DAY)


def test_the_operator_says_how_long_or_that_it_does_not_end(demo, settings):
    settings.SESSION_IDLE_HOURS = 0.5
    signed_in(demo)
    assert left().total_seconds() == is_about(0.5 * HOURS)

    Session.objects.all().delete()
    settings.SESSION_IDLE_HOURS = 0
    signed_in(demo)
    assert left().total_seconds() == is_about(30 * DAY)


def test_signing_out_empties_what_the_browser_stored(demo):
    client = signed_in(demo)
    before = client.get("/history/")

    assert "Clear-Site-Data" not in before
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/accounts/login/")
