"""Alerts by their pages: rules for the team and for keys, webhooks with a test and a log, notices that wait at the bell."""

from decimal import Decimal as D

import pytest
from asgiref.sync import async_to_sync

from accounts.models import AuditEvent
from playground import readings
from playground.models import Alert, AlertNotice, AlertRule, Webhook, WebhookDelivery
from tests.alerts.conftest import *  # noqa: F403
from tests.balances.gateways import STATUS, USAGE, status, usage

RULE = {"low_amount": "5", "low_unit": "USD", "low_days": "", "spike_times": "4", "refused": "on"}


@pytest.fixture
def low(scripted, key_at, owner, team):
    """A key that everybody may use, with an alert of it."""
    AlertRule.objects.create(team=team, low_amount=D(2))
    key = key_at(
        scripted({USAGE: usage(total_available=500_000), STATUS: status()}, kind="new-api"),
        name="Nightly", shared_with="team",
    )  # fmt: skip
    async_to_sync(readings.read_keys)([key.pk])
    return key


def said(browser, path):
    return browser.get(path).content.decode()


def deeds():
    return list(AuditEvent.objects.order_by("id").values_list("what", flat=True))


def test_an_admin_sets_when_the_team_is_told(team, owner, signed_in):
    answer = signed_in(owner).post("/alerts/", RULE)

    rule = AlertRule.objects.get(team=team)
    assert answer.status_code == 302
    assert (rule.key, rule.low_amount, rule.low_days, rule.spike_times, rule.expiry, rule.refused) == (
        None, D(5), None, D(4), False, True,
    )  # fmt: skip
    assert deeds()[-1] == "alerts.changed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"low_amount": "-1"}, {"low_amount": "much"}, {"low_days": "0"}, {"low_days": "1.5"}, {"spike_times": "1"},
        {"low_unit": "XXX"}, {"low_amount": "9" * 30}, {"low_amount": "NaN"},
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(owner, signed_in, wrong):
    answer = signed_in(owner).post("/alerts/", RULE | wrong)

    assert answer.status_code == 422
    assert not AlertRule.objects.exists()


def test_a_member_sees_the_rule_and_changes_nothing(member, signed_in):
    browser = signed_in(member)

    browser.post("/alerts/", RULE)

    page = said(browser, "/alerts/")
    assert not AlertRule.objects.exists()
    assert "Admins of the team may change it" in page and "Add webhook" not in page


def test_a_holder_sets_another_rule_for_their_key_and_takes_it_back(make_key, member, signed_in):
    key, browser = make_key(owner=member), signed_in(member)

    browser.post(f"/alerts/keys/{key.pk}/", RULE)
    assert AlertRule.objects.get(key=key).low_amount == D(5)
    assert "A rule of its own" in said(browser, f"/alerts/keys/{key.pk}/")
    browser.post(f"/alerts/keys/{key.pk}/follow/")

    assert not AlertRule.objects.filter(key=key).exists()
    assert "As the team" in said(browser, f"/alerts/keys/{key.pk}/")
    assert deeds()[-2:] == ["alerts.changed_for_key", "alerts.followed"]


def test_the_rule_of_a_shared_key_is_its_holders(make_key, member, signed_in):
    key = make_key(shared_with="team")

    signed_in(member).post(f"/alerts/keys/{key.pk}/", RULE)

    assert not AlertRule.objects.exists()
    assert "Its holder and the admins may change it." in said(signed_in(member), f"/alerts/keys/{key.pk}/")


def test_an_open_alert_stands_on_its_page_at_the_board_and_at_the_bell(low, owner, signed_in):
    browser = signed_in(owner)

    assert "Nightly is running low: $1.00 left" in said(browser, "/alerts/")
    assert "Nightly is running low: $1.00 left" in said(browser, "/notices/")
    assert browser.get("/alerts/").context["frame"]["unseen"] == "1"
    assert 'aria-label="1 new notice"' in said(browser, "/alerts/")
    assert browser.get("/balances/").context["open_alerts"] == 1
    browser.get(f"/balances/{low.pk}/")

    assert browser.get("/alerts/").context["frame"]["unseen"] == ""


def test_all_notices_are_marked_as_seen_together(low, owner, signed_in):
    signed_in(owner).post("/notices/seen/")

    assert not AlertNotice.objects.unseen().exists()


def test_an_alert_of_a_key_one_may_not_see_is_not_told(low, member, signed_in):
    low.shared_with = "me"
    low.save()

    assert "Nightly" not in said(signed_in(member), "/alerts/")
    assert signed_in(member).get(f"/alerts/keys/{low.pk}/").status_code == 404


def test_an_alert_that_is_over_says_so(low, owner, signed_in):
    Alert.objects.update(ended_at=Alert.objects.get().at)

    page = signed_in(owner).get("/alerts/")

    assert (len(page.context["open"]), len(page.context["ended"])) == (0, 1)


# --- webhooks ---------------------------------------------------------------------------------------------------------


def test_a_webhook_is_added_and_its_secret_shown_once(team, owner, signed_in, settings):
    settings.GATEWAY_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    browser = signed_in(owner)

    answer = browser.post("/alerts/webhooks/", {"url": "http://127.0.0.1:9/hook?a=b"})

    webhook = Webhook.objects.get(team=team)
    assert answer["Location"] == f"/alerts/webhooks/{webhook.pk}/"
    secret = webhook.secret.reveal()
    assert secret.startswith("whsec_") and len(secret) > 40
    assert secret in said(browser, f"/alerts/webhooks/{webhook.pk}/")
    assert secret not in said(browser, f"/alerts/webhooks/{webhook.pk}/")
    browser.post(f"/alerts/webhooks/{webhook.pk}/renew/")
    assert Webhook.objects.get().secret.reveal() != secret
    assert Webhook.objects.get().secret.reveal() in said(browser, f"/alerts/webhooks/{webhook.pk}/")
    browser.post(f"/alerts/webhooks/{webhook.pk}/delete/")
    assert deeds()[-3:] == ["webhook.added", "webhook.renewed", "webhook.deleted"]
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.com", "ftp://hooks.example.com", "http://", "https://user:pass@hooks.example.com/", "https://a b/",
        "https://h.example.com/#x", "https://h\u200b.example.com/", "https://h.example.com:99999/",
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://0x7f.1/", "http://localhost/",
        "https://h.example.com/\r\nX-Evil: 1", "https://h.example.com/" + "x" * 500,
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_stands_inside_is_refused(owner, signed_in, url):
    assert signed_in(owner).post("/alerts/webhooks/", {"url": url}).status_code == 422
    assert not Webhook.objects.exists()


def test_a_test_is_sent_at_once_and_stands_in_the_log(receiver, owner, signed_in):
    browser = signed_in(owner)

    page = browser.post(f"/alerts/webhooks/{receiver.row.pk}/test/", follow=True).content.decode()

    assert "The test arrived: 200" in page
    assert receiver.got[0].json["type"] == "test"
    assert WebhookDelivery.objects.get().answer == "seen"


def test_a_test_that_fails_says_why_and_is_not_repeated(receiver, owner, signed_in):
    receiver.says = ["404 Nobody"]

    page = signed_in(owner).post(f"/alerts/webhooks/{receiver.row.pk}/test/", follow=True).content.decode()

    assert "The test did not arrive: 404 seen" in page
    assert WebhookDelivery.objects.get().state == "failed"


def test_an_answer_with_markup_is_shown_and_never_run(receiver, low, owner, signed_in):
    WebhookDelivery.objects.create(webhook=receiver.row, event="test", answer="<script>alert(1)</script>", status=500)

    page = said(signed_in(owner), f"/alerts/webhooks/{receiver.row.pk}/")

    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_a_team_has_ten_webhooks_at_most(team, owner, signed_in):
    for number in range(10):
        hook = Webhook(team=team, url=f"https://hooks.example.com/{number}")
        hook.secret = "whsec_AAAA"
        hook.save()

    page = signed_in(owner).post("/alerts/webhooks/", {"url": "https://1.1.1.1/"}, follow=True).content.decode()

    assert "ten webhooks at most" in page
    assert Webhook.objects.count() == 10


# --- quiet hours and reading ----------------------------------------------------------------------------------------


def test_quiet_hours_are_set_in_ones_own_zone(owner, signed_in):
    browser = signed_in(owner)
    given = {"name": "O", "language": "en", "theme": "system", "timezone": "Asia/Shanghai"}

    browser.post("/account/", given | {"quiet_from": "22:00", "quiet_until": "07:30"})

    owner.refresh_from_db()
    assert (f"{owner.quiet_from:%H:%M}", f"{owner.quiet_until:%H:%M}") == ("22:00", "07:30")
    assert "Your mail waits from 22:00 to 07:30." in said(browser, "/alerts/")
    for wrong in ({"quiet_from": "22:00"}, {"timezone": "", "quiet_from": "22:00", "quiet_until": "07:00"}):
        assert browser.post("/account/", given | wrong).status_code == 422


def test_how_often_a_key_is_read_is_set_at_the_key(low, owner, signed_in):
    browser = signed_in(owner)
    assert "every 15 minutes" in said(browser, f"/keys/{low.pk}/")

    browser.post(f"/keys/{low.pk}/", {"name": "Nightly", "shared_with": "team", "read_minutes": "360"})

    assert "every 6 hours" in said(browser, f"/keys/{low.pk}/")
    standing = async_to_sync(readings.read_keys)([low.pk])[low.pk]
    assert (standing.next_at - standing.asked_at).total_seconds() == 6 * 3600
    wrong = {"name": "Nightly", "shared_with": "team", "read_minutes": "1"}
    assert browser.post(f"/keys/{low.pk}/", wrong).status_code == 422
