"""The way in under attack: who exists is not told, guessing is slowed, a session is one's own and ends."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.demo import OWNER
from accounts.models import Invitation, Membership, PersonalToken, Scope, User
from tests.people import PASSWORD
from tests.security.entrance import LOGIN, NOBODY, RESET, SIGN_UP, sign_in, visitor


def told(answer: Any, email: str) -> tuple[int, str, str]:
    """What an answer says, without what differs between any two and without the address that was typed."""
    text = re.sub(r'(nonce|data-now|value|content)="[^"]*"', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), text.replace(email, "")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed: the one slow step of signing in, which a clock from outside would see."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return seen


def test_signing_in_tells_nobody_who_exists(demo):
    assert told(sign_in(visitor(), OWNER, "wrong"), OWNER) == told(sign_in(visitor(), NOBODY, "wrong"), NOBODY)


def test_signing_in_works_as_long_for_somebody_as_for_nobody(demo, hashed):
    for email in (OWNER, NOBODY):
        sign_in(visitor(), email, "a wrong one")

    assert hashed == ["a wrong one", "a wrong one"]


def test_a_deactivated_person_is_answered_like_a_wrong_password(demo, hashed):
    User.objects.filter(email=OWNER).update(is_active=False)

    answer = sign_in(visitor())

    assert "_auth_user_id" not in answer.wsgi_request.session
    assert PASSWORD in hashed


def test_a_forgotten_password_tells_nobody_who_exists(demo):
    answers = [told(visitor().post(RESET, {"email": email}), email) for email in (OWNER, NOBODY)]

    assert answers[0] == answers[1]
    # Both get a mail, so that not even the time it takes tells them apart.
    assert sorted(message.to[0] for message in mail.outbox) == [NOBODY, OWNER]


def test_signing_up_tells_nobody_who_exists(demo, settings, hashed):
    settings.SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    EmailAddress.objects.update_or_create(
        user=User.objects.get(email=OWNER), email=OWNER, defaults={"verified": True, "primary": True}
    )
    answers = []
    for email in (OWNER, NOBODY):
        form = {"email": email, "password1": "a quite long one", "password2": "a quite long one", "name": ""}
        answers.append(told(visitor().post(SIGN_UP, form), email))

    assert answers[0] == answers[1]
    assert [message.to[0] for message in mail.outbox] == [OWNER, NOBODY]
    assert User.objects.filter(email=OWNER).count() == 1
    assert len(set(hashed)) == 1


def test_guessing_a_password_is_stopped_whatever_the_guesser_calls_itself(demo):
    """Neither other letters in the address nor another claimed network address give more tries."""
    spellings = [OWNER, OWNER.upper(), f" {OWNER}", OWNER.title(), OWNER]
    for number, email in enumerate(spellings):
        visitor().post(LOGIN, {"login": email, "password": "wrong"}, headers={"x-forwarded-for": f"203.0.113.{number}"})

    answer = visitor().post(LOGIN, {"login": OWNER, "password": PASSWORD}, headers={"x-forwarded-for": "203.0.113.99"})

    assert "Too many failed login attempts" in answer.content.decode()
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_trying_one_password_on_many_people_is_stopped(demo):
    for number in range(10):
        sign_in(visitor(), f"person{number}@example.com", "spring2026")

    assert sign_in(visitor()).status_code in (200, 429)
    assert not Session.objects.exists()


def test_guessing_a_second_factor_is_stopped(demo, client_of):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(User.objects.get(email=OWNER), generate_totp_secret())
    guesser = visitor()
    way = sign_in(guesser)["Location"]

    answers = [guesser.post(way, {"code": f"{number:06}"}) for number in range(12)]

    assert any("Too many" in answer.content.decode() or answer.status_code == 429 for answer in answers)
    assert "_auth_user_id" not in guesser.session


def test_a_token_cannot_be_guessed_and_only_its_hash_is_kept(demo):
    user = User.objects.get(email=OWNER)
    team = user.memberships.get().team
    kept, text = PersonalToken.make(user, team, name="t", scopes=list(Scope), expires_at=None)

    assert len(text) >= 40
    assert text not in str(PersonalToken.objects.filter(pk=kept.pk).values())
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    assert Client(headers={"authorization": f"Bearer {wrong}"}).get("/api/keys").status_code == 401


def test_a_session_that_was_planted_before_is_not_the_one_after_signing_in(demo):
    """Session fixation: the attacker's cookie never becomes the victim's."""
    victim = visitor()
    victim.get(LOGIN)
    victim.session["planted"] = True
    planted = victim.session
    planted["planted"] = True
    planted.save()
    victim.cookies["sessionid"] = planted.session_key

    sign_in(victim)

    assert victim.cookies["sessionid"].value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    attacker = visitor()
    attacker.cookies["sessionid"] = planted.session_key
    assert attacker.get("/team/").status_code == 302


def test_a_session_of_ones_own_making_opens_nothing(demo):
    forger = visitor()
    forger.cookies["sessionid"] = "a" * 32

    assert forger.get("/team/").status_code == 302
    assert not Session.objects.filter(session_key="a" * 32).exists()
    names = set()
    for _ in range(4):
        person = visitor()
        sign_in(person)
        names.add(person.cookies["sessionid"].value)
    assert len(names) == 4
    assert all(re.fullmatch("[a-z0-9]{32}", name) for name in names)


def test_signing_out_ends_the_session_for_whoever_copied_it(demo):
    person = visitor()
    sign_in(person)
    thief = visitor()
    thief.cookies["sessionid"] = person.cookies["sessionid"].value
    assert thief.get("/team/").status_code == 200

    person.post("/accounts/logout/")

    assert thief.get("/team/").status_code == 302


def test_another_password_ends_every_other_session(demo):
    here, there = visitor(), visitor()
    sign_in(here)
    sign_in(there)
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})

    changed = {"oldpassword": PASSWORD, "password1": "a quite other one 7", "password2": "a quite other one 7"}
    here.post("/accounts/password/change/", changed)

    assert User.objects.get(email=OWNER).check_password("a quite other one 7")
    assert here.get("/team/").status_code == 200
    assert there.get("/team/").status_code == 302


def test_one_device_signs_another_out(demo):
    here, there = visitor(), visitor()
    sign_in(here)
    sign_in(there)
    for browser in (here, there):
        browser.get("/accounts/sessions/")

    here.post("/accounts/sessions/")

    assert here.get("/team/").status_code == 200
    assert there.get("/team/").status_code == 302


@pytest.mark.parametrize(
    "password", ["short7!", "password123", "12345678901", "owner@example.com", "1234567890", "qwertyuiop"]
)
def test_weak_passwords_are_refused(demo, password):
    person = visitor()
    sign_in(person)
    person.post("/accounts/reauthenticate/", {"password": PASSWORD})

    person.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})

    assert User.objects.get(email=OWNER).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["p" * 60 + " und 猫 🐈 ' \" \\ <b>", "x" * 128 + "7"])
def test_long_passwords_of_any_letters_are_taken_whole(demo, password):
    person = visitor()
    sign_in(person)
    person.post("/accounts/reauthenticate/", {"password": PASSWORD})

    person.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})

    user = User.objects.get(email=OWNER)
    assert user.check_password(password)
    assert not user.check_password(password[:-1])


def test_a_link_for_a_new_password_works_once(demo):
    visitor().post(RESET, {"email": OWNER})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    browser = visitor()
    way = browser.get(link[1])["Location"]
    browser.post(way, {"password1": "a quite other one 7", "password2": "a quite other one 7"})

    assert User.objects.get(email=OWNER).check_password("a quite other one 7")
    again = visitor()
    answer = again.get(link[1], follow=True)
    assert 'name="password1"' not in answer.content.decode()


def test_changing_what_guards_the_account_asks_for_the_password_again(demo, client_of):
    """A browser left open is not enough to take the account over."""
    client = client_of(OWNER)
    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")


def test_who_is_removed_from_a_team_is_out_at_once_with_every_token(demo):
    user = User.objects.get(email=OWNER)
    team = user.memberships.get().team
    _kept, text = PersonalToken.make(user, team, name="t", scopes=list(Scope), expires_at=None)
    program = Client(headers={"authorization": f"Bearer {text}"})
    assert program.get("/api/keys").status_code == 200

    Membership.objects.filter(user=user).delete()

    assert program.get("/api/keys").status_code == 401


def test_password_fields_hide_what_is_typed_and_take_what_is_pasted(demo, client_of, settings):
    settings.SIGN_UP = "open"
    signed_in = client_of(OWNER)
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    pages = [visitor().get(path) for path in (LOGIN, SIGN_UP)] + [
        signed_in.get(path) for path in ("/accounts/password/change/", "/accounts/reauthenticate/", "/keys/new/")
    ]
    fields = [
        field
        for page in pages
        for field in re.findall(r'<input[^>]*name="(?:\w*password\w*|secret)"[^>]*>', page.content.decode())
    ]

    assert len(fields) >= 7
    assert [
        field for field in fields if 'type="password"' not in field or "autocomplete=" not in field or "paste" in field
    ] == []


def test_signing_up_asks_for_no_secret_question(db, settings):
    settings.SIGN_UP = "open"
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="(\w+)"', visitor().get(SIGN_UP).content.decode()))

    assert names - {"csrfmiddlewaretoken", "next", "language"} == {"name", "email", "password1", "password2"}


# --- who exists: told by nothing that people may do when they are in --------------------------------------------------


def written(answer: Any, email: str) -> tuple[int, str, str]:
    """What the next page says, without the address that was typed."""
    page = re.sub(r"<script.*?</script>|<[^>]*>", " ", answer.content.decode(), flags=re.DOTALL)
    return answer.status_code, answer.request["PATH_INFO"], re.sub(r"\s+", " ", page.replace(email, "…"))


@pytest.mark.parametrize(("path", "form"), [
    ("/accounts/email/", {"action_add": ""}),
    ("/team/invitations/", {"role": "member"}),
])  # fmt: skip
def test_adding_an_address_and_inviting_tell_nobody_who_exists(demo, client_of, path, form):
    """The same sentence, and as many mails and questions to the database, whether somebody has the address or not."""
    told = []
    for email in ("stranger@example.com", "strangest@example.com"):
        client, before = client_of(OWNER), len(mail.outbox)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(path, {**form, "email": email})
            costs = len(asked)
        page = written(client.get(answer.headers.get("Location", path)), email)
        told.append((costs, len(mail.outbox) - before, *page))
        EmailAddress.objects.filter(email=email, user__email=OWNER).delete()
        Invitation.objects.filter(email=email).delete()

    assert told[0] == told[1]
