"""Who came in, who was refused and what guards an account changed stands in the log, without a word of theirs."""

import logging
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.demo import OWNER
from accounts.models import User

LOGIN = "/accounts/login/"
HERE = "from 127.0.0.1"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    """The lines of the door, as they are written."""
    caplog.set_level(logging.INFO, "accounts.door_log")
    return lambda: [f"{one.levelname} {one.getMessage()}" for one in caplog.records if one.name == "accounts.door_log"]


@pytest.fixture
def person(demo: str) -> User:
    return User.objects.get(email=OWNER)


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def test_coming_and_going_are_written_down(demo, person, told):
    client = Client()
    sign_in(client, OWNER, demo)
    client.post("/accounts/logout/")

    assert told() == [
        f"INFO signed in: person {person.pk} {HERE}, by password",
        f"INFO signed out: person {person.pk} {HERE}",
    ]


def test_who_is_refused_is_written_down_without_what_they_typed(demo, person, told, caplog):
    sign_in(Client(), OWNER.upper(), "wrong horse")
    sign_in(Client(), "my-secret-typed-here@example.com", "wrong horse")

    assert told() == [
        f"WARNING sign-in refused: person {person.pk} {HERE}, wrong password",
        f"WARNING sign-in refused: nobody known {HERE}, wrong password",
    ]
    assert "wrong horse" not in caplog.text
    assert "my-secret" not in "".join(told())


def test_too_many_tries_are_written_down(demo, person, told):
    for _ in range(6):
        sign_in(Client(), OWNER, "wrong")

    assert told()[-1] == f"WARNING sign-in refused: person {person.pk} {HERE}, too many tries"


def test_a_second_factor_is_told_with_the_first_and_so_is_a_wrong_one(demo, person, told, monkeypatch):
    from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

    # In the middle of a code's half minute, and there it stays.
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: now)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client = Client()
    way = sign_in(client, OWNER, demo)["Location"]
    right = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"
    client.post(way, {"code": "000000" if right != "000000" else "000001"})
    client.post(way, {"code": right})

    assert told() == [
        f"WARNING sign-in refused: person {person.pk} {HERE}, wrong totp",
        f"INFO signed in: person {person.pk} {HERE}, by password and totp",
    ]


def test_another_password_is_written_down(demo, person, told):
    client = Client()
    sign_in(client, OWNER, demo)
    new = "a quite different one"
    client.post("/accounts/password/change/", {"oldpassword": demo, "password1": new, "password2": new})

    assert f"INFO password changed: person {person.pk} {HERE}" in told()
    assert new not in "".join(told())
