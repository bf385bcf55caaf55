"""Signing in, through the real page."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp_auth
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.demo import OWNER
from accounts.models import Team, User

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def token_of(page: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def sign_in(visitor: Client, email: str, password: str, path: str = LOGIN, **fields: str) -> Any:
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token_of(visitor.get(path)), **fields}
    return visitor.post(path, form)


@pytest.mark.parametrize("email", [OWNER, OWNER.upper(), f" {OWNER} "])
def test_a_person_signs_in_with_address_and_password_in_any_case(demo: str, visitor: Client, email: str) -> None:
    answer = sign_in(visitor, email, demo)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert int(visitor.session["_auth_user_id"]) == User.objects.get(email=OWNER).pk


def test_signing_in_leads_to_where_one_was_going(demo: str, visitor: Client) -> None:
    way = visitor.get("/team/")["Location"]

    answer = sign_in(visitor, OWNER, demo, way, next="/team/")

    assert way == "/accounts/login/?next=/team/"
    assert 'name="next" value="/team/"' in browser_page(way)
    assert answer["Location"] == "/team/"


def browser_page(path: str) -> str:
    return Client().get(path).content.decode()


def test_signing_in_never_leads_to_another_site(demo: str, visitor: Client) -> None:
    assert sign_in(visitor, OWNER, demo, next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"), [(OWNER, "wrong"), ("nobody@example.com", "wrong"), (OWNER, "x" * 5000), ("a\0@b.c", "x")]
)
def test_a_wrong_address_or_password_is_told_in_one_sentence(
    demo: str, visitor: Client, email: str, password: str
) -> None:
    answer = sign_in(visitor, email, password)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "_auth_user_id" not in visitor.session


def test_a_wrong_password_does_not_tell_whether_the_account_exists(demo: str) -> None:
    def said(email: str) -> str:
        page = sign_in(Client(), email, "wrong").content.decode()
        problem = re.search(r'class="form-problem".*?<p>(.*?)</p>', page, re.DOTALL)
        return problem[1] if problem else ""

    assert said(OWNER) == said("nobody@example.com") != ""


def test_after_five_wrong_passwords_even_the_right_one_waits(demo: str, visitor: Client) -> None:
    for _ in range(5):
        sign_in(visitor, OWNER, "wrong")

    answer = sign_in(visitor, OWNER, demo)

    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()


def test_staying_signed_in_is_asked_and_kept_for_thirty_days(demo: str, visitor: Client) -> None:
    sign_in(visitor, OWNER, demo, remember="on")
    assert visitor.session.get_expiry_age() == 30 * 24 * 3600

    visitor.logout()
    sign_in(visitor, OWNER, demo)
    assert visitor.session.get_expire_at_browser_close()


def test_the_page_speaks_the_language_of_its_cookie(demo: str) -> None:
    browser = Client()

    browser.cookies["django_language"] = "en"
    assert "<h1>Sign in</h1>" in browser.get(LOGIN).content.decode()
    browser.cookies["django_language"] = "zh-hans"
    assert '<html lang="zh-hans"' in browser.get(LOGIN).content.decode()


def test_sign_up_is_closed_to_the_uninvited(db: None, visitor: Client) -> None:
    page = visitor.get("/accounts/signup/").content.decode()

    assert 'name="password1"' not in page
    assert "Create an account" not in visitor.get(LOGIN).content.decode()


def test_open_sign_up_asks_for_confirmation_and_then_for_a_team(db: None, settings: Any) -> None:
    settings.SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    browser = Client(headers={"accept-language": "en"})
    form = {
        "name": "New One",
        "email": "New@Example.org",
        "password1": "a quite long one",
        "password2": "a quite long one",
    }

    assert browser.post("/accounts/signup/", form)["Location"] == "/accounts/confirm-email/"
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[0].body))
    assert link
    browser.post(link[1])

    person = User.objects.get()
    assert (person.email, person.name, person.language) == ("new@example.org", "New One", "en")
    assert EmailAddress.objects.get(user=person).verified
    browser.post(LOGIN, {"login": person.email, "password": "a quite long one"})
    assert browser.get("/team/")["Location"] == "/team/new/"
    browser.post("/team/new/", {"name": "Fresh"})
    assert Team.objects.get().role_of(person) == "owner"


@pytest.mark.parametrize("name", ["a\u200bb", "a\nb", "a\x07b", "a\u202eb", "x" * 81, "a\0b"])
def test_names_with_what_cannot_be_seen_are_refused_with_a_sentence(
    demo: str, owner: User, signed_in: Any, name: str
) -> None:
    browser = signed_in(owner)

    page = browser.post("/account/", {"name": name, "language": "en", "theme": "dark", "timezone": ""})

    assert page.status_code == 422
    assert 'id="id_name_error"' in page.content.decode()
    assert User.objects.get(pk=owner.pk).name == "Olivia Owner"


def test_a_profile_is_saved_and_the_device_follows(demo: str, owner: User, signed_in: Any) -> None:
    browser = signed_in(owner)

    browser.post("/account/", {"name": "奥莉", "language": "zh-hans", "theme": "dark", "timezone": "Asia/Shanghai"})

    person = User.objects.get(pk=owner.pk)
    assert (person.name, person.language, person.theme, person.timezone) == ("奥莉", "zh-hans", "dark", "Asia/Shanghai")
    assert (browser.cookies["django_language"].value, browser.cookies["theme"].value) == ("zh-hans", "dark")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/reauthenticate/",
        "/accounts/sessions/",
        "/account/",
        "/accounts/logout/",
    ],
)
def test_every_account_page_is_drawn_in_our_frame(demo: str, visitor: Client, path: str) -> None:
    sign_in(visitor, OWNER, demo)
    visitor.post(
        "/accounts/reauthenticate/", {"password": demo, "csrfmiddlewaretoken": visitor.cookies["csrftoken"].value}
    )

    page = visitor.get(path)

    assert page.status_code == 200
    assert "dist/main.css" in page.content.decode()
    assert (
        re.findall(r"<(?:style|script(?![^>]*(?:src=|application/json)))|\sstyle=|\son\w+=", page.content.decode())
        == []
    )


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/", LOGIN]
)
def test_pages_before_sign_in_are_drawn_in_our_frame(db: None, visitor: Client, path: str) -> None:
    page = visitor.get(path)

    assert page.status_code == 200
    assert 'class="entrance"' in page.content.decode()


def test_a_forgotten_password_is_set_anew_by_mail(demo: str, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://play.example", ["*"]
    browser = Client(headers={"accept-language": "en", "host": "evil.example"})

    browser.post("/accounts/password/reset/", {"email": OWNER})

    body = str(mail.outbox[0].body)
    link = re.search(r"https://play\.example(/accounts/password/reset/key/\S+)", body)
    assert link
    assert "http://evil.example/accounts" not in body
    way = browser.get(link[1])["Location"]
    browser.post(way, {"password1": "a quite other one", "password2": "a quite other one"})
    assert User.objects.get(email=OWNER).check_password("a quite other one")


def test_a_zero_width_letter_in_an_address_is_refused_at_sign_up(db: None, settings: Any) -> None:
    settings.SIGN_UP = "open"
    form = {"email": "own\u200ber@example.com", "password1": "a quite long one", "password2": "a quite long one"}

    page = Client().post("/accounts/signup/", form)

    assert page.status_code == 200
    assert 'id="id_email_error"' in page.content.decode()


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp_auth.format_hotp_value(totp_auth.hotp_value(secret, next(totp_auth.yield_hotp_counters_from_time())))


def test_a_second_factor_is_set_up_and_then_asked_for(demo: str, owner: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    sign_in(browser, OWNER, demo)
    browser.post("/accounts/reauthenticate/", {"password": demo})
    secret = re.search(r'value="([A-Z2-7]{32})"', browser.get("/accounts/2fa/totp/activate/").content.decode())
    assert secret

    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    kept = [str(factor.data) for factor in Authenticator.objects.filter(user=owner)]
    codes = browser.get("/accounts/2fa/recovery-codes/").content.decode()
    browser.post("/accounts/logout/")
    way = sign_in(browser, OWNER, demo)["Location"]

    assert len(kept) == 2
    assert all("v1:" in data and secret[1] not in data for data in kept)
    assert way == "/accounts/2fa/authenticate/"
    assert browser.get("/team/")["Location"] == "/accounts/login/?next=/team/"
    assert 'class="entrance"' in browser.get(way).content.decode()
    recovery = re.search(r"\b[0-9a-f]{8}\b", codes[codes.index("<textarea") :])
    assert recovery
    assert browser.post(way, {"code": recovery[0]})["Location"] == "/"
    assert browser.get("/team/").status_code == 200


NO_PASSKEYS = [
    "", "{", "[]", "{}", "\0", '{"id": 1}', '{"id": "x", "response": []}', '{"a": "' + "x" * 20_000 + '"}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "eA"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key",'
    ' "response": {"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}}',
]  # fmt: skip


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_is_told_and_what_was_typed_stays(demo: str, owner: User, credential: str) -> None:
    browser = Client(headers={"accept-language": "en"})
    sign_in(browser, OWNER, demo)
    browser.post("/accounts/reauthenticate/", {"password": demo})
    browser.get("/accounts/2fa/webauthn/add/")

    page = browser.post("/accounts/2fa/webauthn/add/", {"name": "The laptop", "credential": credential})

    assert page.status_code == 200
    assert "The passkey could not be read." in page.content.decode()
    assert 'value="The laptop"' in page.content.decode()
    assert not Authenticator.objects.filter(user=owner).exists()


@pytest.mark.parametrize("credential", NO_PASSKEYS[2:])
def test_what_is_no_passkey_signs_nobody_in(demo: str, credential: str) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.get("/accounts/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})

    page = browser.post("/accounts/2fa/webauthn/login/", {"credential": credential}, follow=True)

    assert page.status_code == 200
    assert browser.get("/team/").status_code == 302


def test_a_passkey_that_opens_nothing_is_told(demo: str) -> None:
    page = Client(headers={"accept-language": "en"}).post(
        "/accounts/2fa/webauthn/login/", {"credential": NO_PASSKEYS[-1]}, follow=True
    )

    assert "This passkey does not open any account here." in page.content.decode()
