"""Passwords known from breaches are refused, by a file of the operator's."""

import hashlib
import random
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.breaches import is_breached
from accounts.models import User
from playground.management.commands.doctor import LOOKS

BREACHED = "Tr0ub4dor and three"


def digest(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def a_list(path: Path, *passwords: str, end: str = "\r\n", count: str = ":12") -> Path:
    path.write_bytes("".join(f"{line}{count}{end}" for line in sorted(map(digest, passwords))).encode())
    return path


@pytest.mark.parametrize(("end", "count"), [("\r\n", ":12"), ("\n", ""), ("\n", ":3")])
@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_every_password_of_a_list_is_found_and_no_other_one(tmp_path, size, end, count):
    listed = [f"listed {number}" for number in range(size)]
    path = a_list(tmp_path / "list.txt", *listed, end=end, count=count)

    assert [password for password in listed if not is_breached(password, path)] == []
    assert [number for number in range(500) if is_breached(f"other {number}", path)] == []


def test_lines_of_all_lengths_and_a_last_one_without_an_end_are_read(tmp_path):
    chance = random.Random(6)
    lines = [f"{line}:{chance.randint(1, 10**9)}" for line in sorted(digest(f"{number}") for number in range(99))]
    path = tmp_path / "list.txt"
    path.write_text("\n".join(lines))

    assert all(is_breached(f"{number}", path) for number in range(99))
    assert not is_breached("99", path)


def test_a_breached_password_is_refused_and_nothing_is_changed(demo: str, settings, tmp_path):
    settings.BREACHED_PASSWORDS = str(a_list(tmp_path / "list.txt", BREACHED))
    client, owner = Client(headers={"accept-language": "en"}), User.objects.get(email="owner@example.com")
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    form = {"oldpassword": demo, "password1": BREACHED, "password2": BREACHED}

    page = client.post("/accounts/password/change/", form).content.decode()
    owner.refresh_from_db()

    assert "This password is known from a breach of some site. Choose another one." in page
    assert owner.check_password(demo)


@pytest.mark.parametrize("path", ["missing.txt", "empty.txt"])
def test_a_list_that_cannot_be_read_refuses_nobody_and_is_told(settings, tmp_path, caplog, path):
    (tmp_path / "empty.txt").touch()
    settings.BREACHED_PASSWORDS = str(tmp_path / path)

    validate_password(BREACHED)

    assert "passwords are not compared with breached ones" in caplog.text
    assert BREACHED not in caplog.text


def test_the_doctor_looks_at_the_list(settings, tmp_path):
    told = []
    (tmp_path / "other.txt").write_text("password\n123456\n")
    for path in ("", str(a_list(tmp_path / "list.txt", BREACHED)), str(tmp_path / "other.txt")):
        settings.BREACHED_PASSWORDS = path
        told.append(LOOKS["passwords"]().state)

    assert told == ["good", "good", "bad"]


def test_without_a_list_only_common_passwords_are_refused(settings):
    validate_password(BREACHED)
    with pytest.raises(ValidationError):
        validate_password("password123")
