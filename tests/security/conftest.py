"""The demo team, for those who attack it."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from accounts.demo import OWNER, make_demo
from accounts.models import Team, User
from tests.people import PASSWORD
from tests.runs.conftest import gateway

__all__ = ["gateway"]  # fixtures of a neighbour


@pytest.fixture
def demo(db: None) -> None:
    make_demo(PASSWORD)


@pytest.fixture
def owner(demo: None) -> User:
    return User.objects.get(email=OWNER)


@pytest.fixture
def team(owner: User) -> Team:
    return owner.memberships.get().team


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """The browser of a person: `client_of(OWNER)`; CSRF is checked where it is asked for."""

    def open_as(email: str, *, checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks, headers={"accept-language": "en"})
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return open_as
