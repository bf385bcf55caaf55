"""A key, as its holder adds it and says how it is looked after."""

import re

from playwright.sync_api import Page, expect

from accounts.models import Key

PATIENCE = 60_000
SECRET = "sk-typed-once-0123456789abcd"


def test_a_key_is_added_read_every_hour_and_watched_by_a_rule_of_its_own(member_page: Page) -> None:
    page = member_page
    page.set_default_timeout(PATIENCE)

    page.goto("/keys/new/")
    page.locator("[name=name]").fill("Evaluation")
    page.locator("[name=secret]").fill(SECRET)
    page.get_by_label("Balance is read").select_option("60")
    page.get_by_role("button", name="Save key").click()
    expect(page.get_by_role("heading", name="Evaluation", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("every 1 hour")).to_be_visible(timeout=PATIENCE)
    assert SECRET not in page.content()

    page.get_by_role("link", name="Alerts").click()
    expect(page.get_by_text("As the team")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("Less is left than").fill("2.50")
    page.get_by_role("button", name="Save for this key").click()
    expect(page.get_by_text("A rule of its own")).to_be_visible(timeout=PATIENCE)

    key = Key.objects.get(name="Evaluation")
    expect(page).to_have_url(re.compile(rf"/alerts/keys/{key.pk}/$"), timeout=PATIENCE)
    assert (key.read_minutes, str(key.alert_rule.low_amount)) == (60, "2.50")
