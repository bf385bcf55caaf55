"""The demo team in a browser without scripts."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.demo import MEMBER, OWNER, STRANGER, make_demo
from accounts.models import Team, User


@pytest.fixture
def demo(db: None) -> None:
    make_demo("a password nobody types")


@pytest.fixture
def owner(demo: None) -> User:
    return User.objects.get(email=OWNER)


@pytest.fixture
def member(demo: None) -> User:
    return User.objects.get(email=MEMBER)


@pytest.fixture
def team(owner: User) -> Team:
    return owner.memberships.get().team


@pytest.fixture
def client_of():
    """A browser somebody is signed in at: `client_of(OWNER)`."""

    def sign_in(email: str, language: str = "en") -> Client:
        client = Client()
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in


@pytest.fixture
def client(demo: None, client_of) -> Client:
    """The owner's browser."""
    return client_of(OWNER)


@pytest.fixture
def stranger_client(demo: None, client_of) -> Client:
    """The browser of somebody from another team."""
    return client_of(STRANGER)
