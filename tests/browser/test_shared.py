"""A link to a run, opened by somebody who is signed in nowhere: it shows what happened, keeps to its policy, tells no secret."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.demo import OWNER, STRANGER
from accounts.models import Key, User
from playground.models import LinkRule, Run, RunShare
from playground.saved import links
from tests.browser.people import page_of
from tests.conftest import Site
from tests.views.runs_made import make_run, spoken

SECRET = "sk-planted-and-never-told-4711"
SLOW = 30_000


@pytest.fixture
def run(demo: None) -> Run:
    """A run that the owner made with a key of the team."""
    owner = User.objects.get(email=OWNER)
    team = owner.memberships.get().team
    LinkRule.objects.create(team=team, allows_anyone=True)
    key = Key.objects.filter(team=team).first()
    key.secret = SECRET
    key.save()
    return make_run(team, owner, key=key, frames=spoken("text", "The total ", "is **wrong**."))


def shared(run: Run) -> str:
    """The path of a link for anyone, made as its page makes it."""
    _share, token = links.make(
        run, by=run.user.memberships.get(), audience=RunShare.Audience.ANYONE, days=7, address=None
    )
    return f"/shared/{token}/"


def watched(page: Page) -> list[str]:
    """What goes wrong on the page from now on: errors of scripts and everything its policy forbids."""
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    return told


def test_somebody_signed_out_reads_it_and_runs_it_after_signing_in(browser: Browser, site: Site, run: Run):
    path, page = shared(run), page_of(browser, site)
    told = watched(page)
    stranger = User.objects.get(email=STRANGER)
    stranger.set_password("a password somebody types")
    stranger.save()

    page.goto(path)
    expect(page.locator("run-answer")).to_contain_text("The total is wrong.", timeout=SLOW)
    expect(page.locator(".replay")).to_be_visible()
    assert told == []
    assert SECRET not in page.content()
    assert SECRET[3:20] not in page.content()
    assert "sk-…" in page.content()
    page.get_by_role("link", name="Run this with my key").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.locator("[name=login]").fill(STRANGER)
    page.locator("[name=password]").fill("a password somebody types")
    page.locator("[name=password]").press("Enter")

    expect(page.locator(".toast-card").first).to_contain_text("Filled in from the shared run", timeout=SLOW)
    expect(page.locator(".message textarea").last).to_have_value("What is the exchange rate?")
    assert RunShare.objects.get().opened == 1


def test_it_still_opens_when_the_run_its_key_and_its_author_are_gone(browser: Browser, site: Site, run: Run):
    path, page = shared(run), page_of(browser, site)
    told = watched(page)
    run.key.delete()
    Run.objects.filter(pk=run.pk).update(model="a-model-nobody-offers-any-more")
    run.user.delete()
    run.delete()

    page.goto(path)

    expect(page.locator("run-answer")).to_contain_text("The total is wrong.", timeout=SLOW)
    expect(page.locator("main")).to_contain_text("gpt-5.1")
    expect(page.locator("main")).to_contain_text("Olivia Owner")
    assert told == []


def test_a_link_that_was_ended_asks_everybody_to_sign_in(browser: Browser, site: Site, run: Run):
    path = shared(run)
    mine, page = page_of(browser, site, OWNER), page_of(browser, site)
    mine.goto("/links/")
    expect(mine.locator("tbody")).to_contain_text("0 times")
    mine.get_by_role("button", name="End the link").click()
    expect(mine.locator("tbody")).to_contain_text("ended")

    page.goto(path)

    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "The total" not in page.content()
