"""Watching a run together: two persons see the same stream from its beginning, and each other."""

from playwright.sync_api import Page, expect

from accounts.demo import MEMBER, OWNER
from accounts.models import User
from playground.models import Run
from tests.browser.test_compare import begin, signed_in


def test_a_teammate_sees_the_same_stream_from_its_beginning_and_both_see_each_other(
    owner_page: Page, browser, browser_context_args, site
):
    owner, member = (User.objects.get(email=email).display_name for email in (OWNER, MEMBER))
    begin(owner_page, ["gpt-5.1:slow"])
    owner_page.get_by_role("button", name="Run this column").first.click()
    expect(owner_page.locator('.cell[data-state="running"] .rendered')).to_contain_text("refunds")
    run = Run.objects.get(model="gpt-5.1:slow").uuid
    owner_page.goto(f"/runs/{run}/")

    mate = signed_in(browser.new_context(**browser_context_args), MEMBER, site)
    mate.goto(f"/runs/{run}/")

    expect(mate.locator("[data-onlookers]")).to_contain_text(f"{owner} is watching too")
    expect(owner_page.locator("[data-onlookers]")).to_contain_text(f"{member} is watching too")
    expect(mate.locator("run-answer")).to_have_attribute("data-state", "running")
    owner_page.get_by_role("button", name="Stop").click()
    for page in (owner_page, mate):
        expect(page.locator("run-answer")).to_have_attribute("data-state", "stopped")
    assert owner_page.locator("run-answer .rendered").inner_text() == mate.locator("run-answer .rendered").inner_text()

    mate.context.close()
    expect(owner_page.locator("[data-onlookers]")).to_be_hidden()
