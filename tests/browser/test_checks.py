"""Checks in a browser: demanded, run with a progress bar, seen over time."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import User
from playground.models import SavedRequest, SavedVersion
from tests.browser.test_workbench_page import serious


@pytest.fixture
def saved(demo) -> SavedRequest:
    owner = User.objects.get(email=OWNER)
    made = SavedRequest.objects.create(
        team=owner.memberships.get().team, owner=owner, name="Refund check", folder="Finance", operation="chat-stream"
    )
    body = {"model": "gpt-5.1:fast", "stream": True, "messages": [{"role": "user", "content": "Refunds"}]}
    text = {"text": json.dumps(body), "off": {}, "path": {}, "query": [], "headers": [], "stream": None}
    SavedVersion.objects.create(request=made, number=1, author=owner, call=json.dumps(text))
    return made


def demand(page: Page, kind: str, expected: str, path: str = "") -> None:
    page.get_by_label("Check", exact=True).select_option(label=kind)
    # A place in the answer is asked for by the one kind that has one.
    expect(page.get_by_label("JSONPath")).to_be_visible(visible=bool(path))
    if path:
        page.get_by_label("JSONPath").fill(path)
    page.get_by_label("Expected").fill(expected)
    page.get_by_role("button", name="Add the check").click()


def test_checks_are_demanded_run_and_seen_over_time(owner_page: Page, saved: SavedRequest):
    owner_page.goto(f"/saved/{saved.pk}/")
    owner_page.get_by_role("link", name="Checks").click()
    demand(owner_page, "contains", "Refunds")
    demand(owner_page, "JSONPath equals", "1", "total")
    expect(owner_page.get_by_text("This is no JSONPath")).to_be_visible()
    demand(owner_page, "JSONPath equals", "1", "$.total")
    expect(owner_page.locator(".check-list li")).to_have_count(2)

    owner_page.goto("/checks/")
    owner_page.get_by_role("button", name="Run Finance").click()
    expect(owner_page.get_by_text("1 failed").first).to_be_visible(timeout=60_000)
    expect(owner_page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "1")
    expect(owner_page.get_by_text("the answer is no JSON")).to_be_visible()
    assert serious(owner_page) == []

    owner_page.get_by_role("link", name="Refund check").click()
    expect(owner_page.locator(".checks-chart rect")).to_have_count(1)
    assert serious(owner_page) == []
    owner_page.get_by_role("link", name="Run", exact=True).click()
    expect(owner_page).to_have_url(re.compile("/runs/"))


@pytest.mark.parametrize("path", ["/checks/", "/checks/{id}/"])
def test_the_phone_shows_checks_without_scrolling_sideways(owner_page: Page, saved: SavedRequest, path: str):
    saved.checks.create(kind="contains", expected="x" * 300)
    owner_page.set_viewport_size({"width": 390, "height": 844})
    owner_page.goto(path.format(id=saved.pk))

    expect(owner_page.get_by_role("heading", level=1)).to_be_visible()
    assert serious(owner_page) == []
    assert owner_page.evaluate("document.documentElement.scrollWidth") == 390
