"""People, teams and keys for the tests of accounts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.demo import MEMBER, OWNER, STRANGER, make_demo
from accounts.gateways import sandbox
from accounts.models import Key, Membership, Role, Team, User

PASSWORD = "correct horse battery"


@pytest.fixture
def demo(db: None) -> str:
    """The demo team; its password."""
    password = make_demo(PASSWORD)
    assert password
    return password


@pytest.fixture
def owner(demo: str) -> User:
    return User.objects.get(email=OWNER)


@pytest.fixture
def member(demo: str) -> User:
    return User.objects.get(email=MEMBER)


@pytest.fixture
def stranger(demo: str) -> User:
    return User.objects.get(email=STRANGER)


@pytest.fixture
def team(owner: User) -> Team:
    return owner.memberships.get().team


@pytest.fixture
def join(team: Team) -> Callable[..., User]:
    """Adds a person to the team: `join("viewer")`."""

    def _join(role: str, email: str = "") -> User:
        person = User.objects.create_user(email or f"{role}-{User.objects.count()}@example.com", PASSWORD)
        Membership.objects.create(team=team, user=person, role=Role(role))
        return person

    return _join


@pytest.fixture
def make_key(team: Team, owner: User) -> Callable[..., Key]:
    """Adds a key to the team: `make_key(shared_with="me")`."""

    def _make_key(**fields: Any) -> Key:
        given = {"team": team, "owner": owner, "gateway": sandbox(), "name": "Key", "secret": "sk-1234567890abcdef"}
        return Key.objects.create(**{**given, **fields})

    return _make_key


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which a person is signed in."""

    def _signed_in(person: User) -> Client:
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return _signed_in
