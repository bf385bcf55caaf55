"""Pages in a real browser, Debian's chromium, against the whole site."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from accounts.demo import MEMBER, OWNER, STRANGER, make_demo
from accounts.models import User
from tests.browser.bench import WAIT_MS
from tests.conftest import Site

# Playwright keeps an event loop in this thread; the tests' own queries wait in it all the same, one after the other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A machine that runs the whole suite beside something else is slow: what is waited for gets time.
expect.set_options(timeout=WAIT_MS)

QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own chromium, which asks nobody for updates."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed: apt-get install chromium"
    return {**browser_type_launch_args, "executable_path": program, "args": QUIET}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], site: Site) -> dict[str, Any]:
    """Every page opens on the site of its test, in English."""
    return {**browser_context_args, "base_url": site.url, "locale": "en-US"}


@pytest.fixture(autouse=True)
def violations(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the policy forbade on any page of any browser of the test, which fails by it at its end.

    Chromium itself tells it on the console: of frames, workers and windows that a page opens too.
    """
    told: list[str] = []
    open_context = browser.new_context

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            told.append(f"{message.page.url if message.page else 'a worker'}: {message.text}")

    def listened_to(**given: Any) -> BrowserContext:
        context = open_context(**given)
        context.on("console", hear)
        return context

    monkeypatch.setattr(browser, "new_context", listened_to)
    yield told
    assert told == []


@pytest.fixture
def demo(site: Site) -> None:
    """The demo team."""
    make_demo("a password nobody types")


@pytest.fixture
def sign_in(demo: None, context: BrowserContext, site: Site) -> Callable[[str], Page]:
    """Opens a page as somebody: `sign_in(OWNER)`."""

    def open_page(email: str) -> Page:
        client = Client()
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: "en"}
        context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        return context.new_page()

    return open_page


@pytest.fixture
def owner_page(sign_in: Callable[[str], Page]) -> Page:
    """A page of the demo team's owner."""
    return sign_in(OWNER)


@pytest.fixture
def member_page(sign_in: Callable[[str], Page]) -> Page:
    """A page of a member of the demo team."""
    return sign_in(MEMBER)


@pytest.fixture
def stranger_page(sign_in: Callable[[str], Page]) -> Page:
    """A page of somebody from another team."""
    return sign_in(STRANGER)
