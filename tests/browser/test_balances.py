"""The board and its alerts, as an admin walks them."""

import re
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import BalanceStanding, Key
from playground import alerts
from playground.models import AlertRule

PATIENCE = 60_000


def test_an_admin_goes_from_the_board_to_alerts_and_says_when_to_tell(owner_page: Page) -> None:
    page = owner_page
    page.set_default_timeout(PATIENCE)
    key = Key.objects.select_related("team", "owner", "gateway").get(team__name="Demo team")
    AlertRule.objects.create(team=key.team, low_amount=Decimal(5))
    alerts.look(key, alerts.Seen(told=True, left=Decimal("1.20"), unit="USD"))

    page.goto("/balances/")
    page.get_by_role("link", name=re.compile("^Alerts")).click()
    expect(page.get_by_text("Demo key is running low: $1.20 left")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("It runs out within so many days").fill("9")
    page.get_by_role("button", name="Save alerts").click()
    expect(page.get_by_text("The alerts were saved")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("It runs out within so many days")).to_have_value("9", timeout=PATIENCE)

    page.goto("/notices/")
    page.get_by_role("link", name="Demo key is running low: $1.20 left").click()
    expect(page).to_have_url(re.compile(rf"/balances/{key.pk}/$"), timeout=PATIENCE)
    assert AlertRule.objects.get(team=key.team).low_days == 9

    # A refresh under a filter changes the rows that are shown, and has nothing to complain of where others are not.
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    other = Key.objects.create(team=key.team, owner=key.owner, gateway=key.gateway, name="Other", secret="sk-other-01")
    page.goto("/balances/?q=Demo")
    page.get_by_role("button", name="Refresh all").click()
    expect(page.get_by_role("button", name="Cancel refresh")).to_be_visible(timeout=PATIENCE)
    Key.objects.filter(pk=key.pk).update(name="Demo key, read anew")
    for each in (key, other):
        BalanceStanding.objects.update_or_create(key=each, defaults={"asked_at": timezone.now() + timedelta(hours=1)})
    expect(page.locator(".balance-link")).to_have_text(["Demo key, read anew"], timeout=PATIENCE)
    assert told == []
