"""Faults that only a browser can have: it sleeps, its network goes, its clock is wrong."""

import pytest
from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import User
from tests.browser.test_answer import BODY, pane, prose, start
from tests.views.runs_made import make_run

A_DAY_LATE = """
  const Right = Date, wrong = %d * 24 * 3600 * 1000;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + wrong); }
    static now() { return Right.now() + wrong; }
  };
"""


def test_f32_a_page_that_slept_catches_up_when_it_wakes(owner_page: Page):
    run = start(owner_page, {**BODY, "model": "gpt-5.1:long"})
    expect(prose(owner_page)).to_contain_text("words")
    line = owner_page.context.new_cdp_session(owner_page)

    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    asleep = owner_page.context.new_page()
    asleep.goto(f"/runs/{run}/")
    expect(pane(asleep)).to_have_attribute("data-state", "succeeded", timeout=60_000)
    line.send("Page.setWebLifecycleState", {"state": "active"})

    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded", timeout=60_000)
    frames = "document.querySelector('run-answer').answer.store.frames"
    assert owner_page.evaluate(frames) == asleep.evaluate(frames)


def test_f33_a_page_that_was_offline_goes_on_where_it_was(owner_page: Page):
    run = start(owner_page, {**BODY, "model": "gpt-5.1:slow"})
    expect(pane(owner_page)).to_have_attribute("data-state", "running")
    owner_page.goto(f"/runs/{run}/")
    expect(pane(owner_page)).to_have_attribute("data-state", "running")
    lost = pane(owner_page).get_by_text("Connection lost; it comes back by itself")

    # Chromium leaves open sockets alone when it is told to be offline: the page itself lets its socket go.
    owner_page.context.set_offline(True)
    expect(lost).to_be_visible()
    owner_page.context.set_offline(False)
    expect(lost).to_be_hidden()
    owner_page.get_by_role("button", name="Stop").click()

    expect(pane(owner_page)).to_have_attribute("data-state", "stopped", timeout=60_000)
    seen = owner_page.evaluate("document.querySelector('run-answer').answer.store.frames.map((frame) => frame.seq)")
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize("days", [1, -1])
def test_f40_ages_are_right_when_the_browsers_clock_is_wrong_by_a_day(owner_page: Page, days):
    owner = User.objects.get(email=OWNER)
    team = owner.memberships.get().team
    make_run(team, owner, minutes_ago=0)
    make_run(team, owner, minutes_ago=30)
    owner_page.add_init_script(A_DAY_LATE % days)

    owner_page.goto("/history/")

    assert abs(owner_page.evaluate("Date.now()") - owner_page.evaluate("performance.timeOrigin")) > 23 * 3600 * 1000
    ages = owner_page.locator("time[data-ago]")
    expect(ages.first).to_have_text("just now")
    expect(ages.nth(1)).to_have_text("30 min. ago")
