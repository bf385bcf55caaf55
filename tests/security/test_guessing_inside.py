"""Who guesses inside an account that was left open, or where links and tokens open something."""

import json
from types import SimpleNamespace
from typing import Any

from django.test import Client

from accounts.demo import OWNER
from accounts.models import Membership, PersonalToken, Scope, User
from tests.people import PASSWORD
from tests.security.entrance import LOGIN, sign_in, visitor
from tests.security.passkeys import Passkey


def with_codes(email: str = OWNER) -> list[str]:
    """Give the person an authenticator app and recovery codes; the codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = User.objects.get(email=email)
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).get_unused_codes()


def stopped_after(answers: list[Any]) -> int:
    """At which try it was said, in a sentence, that there were too many; 0 when never."""
    sentences = ("Too many failed login attempts", "This was tried too often")
    return next(
        (at for at, answer in enumerate(answers, 1) if any(one in answer.content.decode() for one in sentences)), 0
    )


def test_guessing_the_password_of_an_open_session_is_stopped_with_a_page_of_ours(demo, client_of):
    client = client_of(OWNER)

    answers = [client.post("/accounts/reauthenticate/", {"password": f"wrong {number}"}) for number in range(12)]
    right = client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert 0 < stopped_after(answers) <= 11
    assert (right.status_code, "Too many tries" in right.content.decode()) == (429, True)
    assert client.get("/accounts/2fa/recovery-codes/generate/")["Location"].startswith("/accounts/reauthenticate/")
    assert client.get("/team/").status_code == 200


def test_guessing_a_code_of_an_open_session_is_stopped_even_for_a_right_one(demo, client_of):
    codes, client = with_codes(), client_of(OWNER)

    answers = [client.post("/accounts/2fa/reauthenticate/", {"code": f"{number:06}"}) for number in range(6)]
    answers.append(client.post("/accounts/2fa/reauthenticate/", {"code": codes[0]}))

    assert 0 < stopped_after(answers) <= 6
    assert stopped_after(answers[-1:]) == 1


def test_guessing_at_a_passkey_of_an_open_session_is_stopped_even_for_the_right_one(demo, client_of):
    """Whoever sits at an open browser may try so many keys that call themselves the person's, not more."""
    way, client, other = "/accounts/2fa/webauthn/reauthenticate/", client_of(OWNER), client_of("member@example.com")
    right, others = (Passkey().added_to(User.objects.get(email=email)) for email in (OWNER, "member@example.com"))

    def tried(browser: Client, passkey: Passkey) -> tuple[Any, bool]:
        browser.get(way)
        answer = browser.post(way, {"credential": json.dumps(passkey.answer(browser))}, follow=True)
        return answer, browser.get("/accounts/2fa/webauthn/add/").status_code == 200

    wrong = [tried(client, Passkey(right.name)) for _ in range(5)]
    late = tried(client, right)

    assert [is_in for _answer, is_in in (*wrong, late)] == [False] * 6
    assert stopped_after([answer for answer, _is_in in (*wrong, late)]) == 6
    assert tried(other, others)[1]


def test_guessing_recovery_codes_at_the_door_is_stopped_even_for_a_right_one(demo):
    codes, guesser = with_codes(), visitor()
    way = sign_in(guesser)["Location"]

    answers = [guesser.post(way, {"code": f"{number:08}"}) for number in range(6)]
    answers.append(guesser.post(way, {"code": codes[0]}))

    assert 0 < stopped_after(answers) <= 6
    assert "_auth_user_id" not in guesser.session


def test_a_recovery_code_opens_once(demo):
    codes = with_codes()
    first, second = visitor(), visitor()

    for browser in (first, second):
        browser.post(sign_in(browser)["Location"], {"code": codes[0]})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_code_of_an_app_opens_once(demo, monkeypatch):
    """Who reads it over a shoulder comes too late, however long it would still be good."""
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: 1_800_000_010))
    user = User.objects.get(email=OWNER)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    first, second = visitor(), visitor()
    ways = [sign_in(browser)["Location"] for browser in (first, second)]
    code = format_hotp_value(hotp_value(secret, 1_800_000_010 // 30))

    for browser, way in zip((first, second), ways, strict=True):
        browser.post(way, {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_asking_for_a_passkey_again_and_again_is_stopped(demo):
    answers = [visitor().post("/accounts/2fa/webauthn/login/", {"credential": "{}"}) for _ in range(12)]

    assert [answer.status_code for answer in answers[:10]] == [302] * 10
    assert stopped_after(answers) == 11


def test_a_team_is_deleted_by_its_owner_alone_and_by_its_name_alone(demo, client_of):
    """Its name is no secret: it is typed as a proof that it is meant. What guards the team is the role."""
    owner, member = client_of(OWNER), client_of("member@example.com")
    name = User.objects.get(email=OWNER).memberships.get().team.name

    told = [member.post("/team/delete/", {"name": name}, follow=True).content.decode()]
    told += [owner.post("/team/delete/", {"name": wrong}, follow=True).content.decode() for wrong in ("", name.upper())]

    assert "Your role does not allow this" in told[0]
    assert all("The name typed is not the team&#x27;s" in page for page in told[1:])
    assert Membership.objects.filter(team__name=name).exists()


def test_guessing_links_and_tokens_is_counted_by_where_it_comes_from(demo, settings, one_long_minute):
    """Each has 256 bits; that the guesses are counted keeps them cheap for the site. Another token is no new start."""
    settings.REQUESTS_PER_MINUTE = 5
    programs = [Client(headers={"authorization": f"Bearer tp_{number:043}"}) for number in range(12)]

    tokens = [program.get("/api/keys") for program in programs]
    links = [visitor().get(f"/shared/{number:043}/") for number in range(12)]
    pages = [Client(headers={"authorization": f"x {number}"}).get(LOGIN) for number in range(12)]

    assert [answer.status_code for answer in tokens[:5]] == [401] * 5
    assert (tokens[-1].status_code, tokens[-1].json()["code"]) == (429, "too_many")
    assert links[-1].status_code == 429
    assert pages[-1].status_code == 429


def test_a_program_with_a_right_token_has_a_count_of_its_own(demo, settings, one_long_minute):
    settings.REQUESTS_PER_MINUTE = 5
    user = User.objects.get(email=OWNER)
    _kept, text = PersonalToken.make(user, user.memberships.get().team, name="t", scopes=list(Scope), expires_at=None)
    program = Client(headers={"authorization": f"Bearer {text}"})

    for _ in range(5):
        visitor().get(LOGIN)

    assert program.get("/api/keys").status_code == 200
