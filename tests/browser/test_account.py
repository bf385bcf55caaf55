"""How somebody gets back into their account, and guards it."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.usersessions.models import UserSession
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from accounts.demo import MEMBER, make_demo
from accounts.models import User
from tests.browser.people import page_of
from tests.conftest import Site

PASSWORD = "correct horse battery"
ANOTHER = "a quite other one 7"


@pytest.fixture
def member(site: Site) -> User:
    """A member of the demo team."""
    make_demo(PASSWORD)
    return User.objects.get(email=MEMBER)


def type_password(page: Page, password: str = PASSWORD) -> None:
    """Sign in with address and password."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(MEMBER)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/accounts/login/"))


def mailed_link(site: Site) -> str:
    """The path in the newest mail."""
    link = re.search(rf"{re.escape(site.url)}(/accounts/\S+)", str(mail.outbox[-1].body))
    assert link
    return link[1]


def code_now(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp_auth.format_hotp_value(totp_auth.hotp_value(secret, next(totp_auth.yield_hotp_counters_from_time())))


def test_a_forgotten_password_is_set_anew_by_mail(member: User, page: Page, site: Site) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot password").click()
    page.locator("[name=email]").fill(MEMBER)
    page.get_by_role("button", name="Mail the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = mailed_link(site)
    assert mail.outbox[-1].subject == "New password for Team Playground"

    page.goto(link)
    page.locator("[name=password1]").fill("123")
    page.locator("[name=password2]").fill("123")
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("alert")).to_contain_text("too short: it needs at least 10 letters")
    page.locator("[name=password1]").fill(ANOTHER)
    page.locator("[name=password2]").fill(ANOTHER)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("heading", name="The new password is set")).to_be_visible()
    type_password(page, ANOTHER)
    expect(page).not_to_have_url(re.compile("/accounts/"))


def test_a_link_that_was_used_says_so_and_offers_another(member: User, page: Page, site: Site) -> None:
    page.goto("/accounts/password/reset/")
    page.locator("[name=email]").fill(MEMBER)
    page.get_by_role("button", name="Mail the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = mailed_link(site)
    member.set_password(ANOTHER)
    member.save()

    page.goto(link)

    expect(page.get_by_role("heading", name="This link opens nothing any more")).to_be_visible()
    page.get_by_role("link", name="Ask for a new link").click()
    expect(page.locator("[name=email]")).to_be_visible()


def test_an_address_is_confirmed_by_mail_at_sign_up(site: Site, page: Page, settings: Any) -> None:
    settings.SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Create an account").click()
    page.locator("[name=name]").fill("New Person")
    page.locator("[name=email]").fill("new@example.com")
    page.locator("[name=password1]").fill(ANOTHER)
    page.locator("[name=password2]").fill(ANOTHER)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    page.goto(mailed_link(site))
    page.get_by_role("button", name="Yes, this is me").click()
    page.goto("/accounts/login/")
    if page.locator("[name=login]").count():
        page.locator("[name=login]").fill("new@example.com")
        page.locator("[name=password]").fill(ANOTHER)
        page.locator("[name=password]").press("Enter")

    expect(page.get_by_role("heading", name="Start a team")).to_be_visible()


def test_an_app_and_then_a_recovery_code_open_the_account(
    member: User, page: Page, browser: Browser, site: Site
) -> None:
    type_password(page)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up an app").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.get_by_label("Secret for the app").input_value()
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=code]").fill(code_now(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10

    other = page_of(browser, site)
    type_password(other)
    expect(other.get_by_role("button", name="Use a passkey")).to_have_count(0)
    other.locator("[name=code]").fill(codes[0])
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other).not_to_have_url(re.compile("/accounts/"))
    other.goto("/accounts/2fa/")

    expect(other.get_by_text("9 of 10 are left")).to_be_visible()
    other.context.close()


def test_every_other_device_is_signed_out_from_one(member: User, page: Page, browser: Browser, site: Site) -> None:
    type_password(page)
    other = page_of(browser, site)
    type_password(other)
    assert UserSession.objects.filter(user=member).count() == 2

    page.goto("/accounts/sessions/")
    page.get_by_role("button", name="Sign out all other devices").click()
    expect(page.get_by_role("button", name="Sign out all other devices")).to_have_count(0)
    other.goto("/keys/")

    expect(other.locator("[name=login]")).to_be_visible()
    page.goto("/keys/")
    expect(page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()
    other.context.close()
