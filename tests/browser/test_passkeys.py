"""Passkeys, with an authenticator that the browser pretends to hold."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts.demo import OWNER, make_demo
from accounts.models import Team, User
from tests.conftest import Site

PASSWORD = "correct horse battery"
BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], site: Site) -> dict[str, Any]:
    """Browsers let passkeys work at a name only, not at a bare number."""
    return {**browser_context_args, "base_url": site.url.replace("127.0.0.1", "localhost")}


@pytest.fixture
def owner(site: Site) -> User:
    """The owner of the demo team."""
    make_demo(PASSWORD)
    return User.objects.get(email=OWNER)


@pytest.fixture(autouse=True)
def device(page: Page) -> None:
    """A device that can hold passkeys, and whose person always says yes."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})


def type_password(page: Page) -> None:
    """Sign in with address and password."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(OWNER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/accounts/login/"))


def say_it_is_me(page: Page) -> None:
    """Type the password again, as what guards an account asks."""
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def add_passkey(page: Page, name: str, *, alone: bool = True) -> None:
    """Add a passkey, from the page where second factors stand."""
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    say_it_is_me(page)
    page.locator("[name=name]").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign this device out."""
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.locator("[name=login]")).to_be_visible()


def test_a_passkey_is_added_opens_the_account_alone_and_is_removed(owner: User, page: Page) -> None:
    type_password(page)
    add_passkey(page, "The laptop")
    sign_out(page)

    page.goto("/accounts/login/?next=/keys/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()

    page.goto("/accounts/2fa/")
    expect(page.get_by_text("1 passkey opens your account.")).to_be_visible()
    page.get_by_role("link", name="Show passkeys").click()
    page.get_by_role("link", name="Remove The laptop").click()
    say_it_is_me(page)
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("No passkey opens your account.")).to_be_visible()
    assert not Authenticator.objects.filter(user=owner).exists()


def test_a_passkey_is_asked_for_after_the_password(owner: User, page: Page) -> None:
    type_password(page)
    add_passkey(page, "The key ring", alone=False)
    sign_out(page)

    type_password(page)
    expect(page.get_by_text("Now show your passkey, or type a code.")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).not_to_have_url(re.compile("/accounts/"))
    page.goto("/keys/")
    expect(page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()


def test_a_team_that_requires_a_second_factor_opens_to_a_passkey(owner: User, page: Page) -> None:
    Team.objects.update(requires_second_factor=True)
    type_password(page)

    page.goto("/keys/")
    expect(page.get_by_role("heading", name="Keys", exact=True)).to_have_count(0)
    add_passkey(page, "The laptop")
    page.goto("/keys/")

    expect(page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()


def test_a_device_without_a_passkey_says_so_where_one_is_looking(owner: User, page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("No passkey was used.")


def test_a_passkey_that_its_person_removed_opens_nothing(owner: User, page: Page) -> None:
    type_password(page)
    add_passkey(page, "The laptop")
    Authenticator.objects.filter(user=owner).delete()
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("This passkey does not open any account here")).to_be_visible()
    expect(page.locator("[name=login]")).to_be_visible()


def test_the_same_device_is_not_added_twice(owner: User, page: Page) -> None:
    type_password(page)
    add_passkey(page, "The laptop")

    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("holds a passkey of your account already")
    assert Authenticator.objects.filter(user=owner, type="webauthn").count() == 1
