"""The site with the demo team, and programs that hold its people's tokens."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.management import call_command

from accounts.demo import make_demo
from tests.conftest import Site
from tests.people import MEMBER, OWNER, PASSWORD, STRANGER


@pytest.fixture
def demo(transactional_db: None) -> None:
    """The demo team."""
    assert make_demo(PASSWORD)


def token_of(email: str, *options: str) -> str:
    """A token as the command prints it."""
    out = StringIO()
    call_command("token", email, *options, stdout=out)
    return out.getvalue().strip()


Program = Callable[..., httpx.Response]


@pytest.fixture
def program(demo: None, site: Site) -> Any:
    """A program of a person: `program(OWNER)` is an httpx client at the API."""
    clients: list[httpx.Client] = []

    def _program(email: str, *options: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(email, *options)}", "Accept-Language": "en"}
        clients.append(httpx.Client(base_url=site.url, headers=headers, timeout=30))
        return clients[-1]

    yield _program
    for client in clients:
        client.close()


@pytest.fixture
def owner(program: Any) -> httpx.Client:
    return program(OWNER)


@pytest.fixture
def member(program: Any) -> httpx.Client:
    return program(MEMBER)


@pytest.fixture
def stranger(program: Any) -> httpx.Client:
    return program(STRANGER)
