"""The site with the demo team, and its people."""

from collections.abc import Callable, Iterator

import pytest

from accounts.demo import make_demo
from tests.conftest import Site
from tests.people import MEMBER, OWNER, PASSWORD, STRANGER, Person
from tests.upstream import Script, Upstream, upstream


@pytest.fixture
def demo(transactional_db: None) -> None:
    make_demo(PASSWORD)


@pytest.fixture
def owner(site: Site, demo: None) -> Person:
    return Person(site.url, OWNER)


@pytest.fixture
def member(site: Site, demo: None) -> Person:
    return Person(site.url, MEMBER)


@pytest.fixture
def stranger(site: Site, demo: None) -> Person:
    return Person(site.url, STRANGER)


@pytest.fixture
def gateway(demo: None) -> Iterator[Callable[[Script], Upstream]]:
    """Puts a scripted gateway in the place of the sandbox: `there = gateway(chat("hello"))`."""
    from accounts.models import Gateway, Key

    opened = []

    def use(script: Script) -> Upstream:
        serving = upstream(script)
        there = serving.__enter__()
        opened.append(serving)
        scripted = Gateway.objects.create(name="Scripted", base_url=there.url, trusted=True)
        Key.objects.update(gateway=scripted)
        return there

    yield use
    for serving in opened:
        serving.__exit__(None, None, None)
