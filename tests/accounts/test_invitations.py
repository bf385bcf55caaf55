"""Invitations: by mail and by link, used once, for a while, revocable."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Role, Team, User

NEW = "new@example.org"
PASSWORD = "a quite long password"


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def invite(visitor: Client, email: str = "", role: str = "member") -> str:
    """Invites, and returns the path of the link that went out."""
    visitor.post("/team/invitations/", {"email": email, "role": role})
    text = str(mail.outbox[-1].body) if email else visitor.get("/team/").content.decode()
    return path_in(text)


def path_in(text: str) -> str:
    found = re.search(r"http://testserver(/team/join/[\w-]+/)", text)
    assert found, text
    return found[1]


def sign_up(visitor: Client, email: str) -> Any:
    form = {"name": "New", "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return visitor.post("/accounts/signup/", form)


def test_an_invited_person_signs_up_and_joins(owner: User, team: Team, signed_in: Any, visitor: Client) -> None:
    link = invite(signed_in(owner), NEW, "viewer")
    assert mail.outbox[0].to == [NEW]
    assert "Join Demo team" in visitor.get(link).content.decode()

    assert sign_up(visitor, NEW)["Location"] == link
    visitor.post(link)

    person = User.objects.get(email=NEW)
    assert team.role_of(person) == Role.VIEWER
    assert person.emailaddress_set.get().verified
    assert [message.to for message in mail.outbox] == [[NEW]]


def test_a_mailed_invitation_makes_no_account_for_another_address_and_tells_of_none(
    owner: User, stranger: User, signed_in: Any, visitor: Client
) -> None:
    visitor.get(invite(signed_in(owner), NEW))
    assert f'value="{NEW}"' in visitor.get("/accounts/signup/").content.decode()

    told = []
    for email in (stranger.email, "nobody@example.org"):
        page = re.sub(r'(nonce|data-now|value|content)="[^"]*"', "", sign_up(visitor, email).content.decode())
        told.append(page.replace(email, "…"))

    assert told[0] == told[1]
    assert f"This invitation is for {NEW}: make the account with that address." in told[0]
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_somebody_with_an_account_signs_in_and_joins(
    owner: User, stranger: User, demo: str, team: Team, signed_in: Any, visitor: Client
) -> None:
    link = invite(signed_in(owner), stranger.email)
    visitor.get(link)

    answer = visitor.post("/accounts/login/", {"login": stranger.email, "password": demo})
    assert answer["Location"] == link
    visitor.post(link)

    assert team.role_of(stranger) == Role.MEMBER
    assert "<h1>Demo team</h1>" in visitor.get("/team/").content.decode()


def test_a_link_lets_in_one_person_and_no_second(
    owner: User, stranger: User, join: Any, team: Team, signed_in: Any
) -> None:
    link = invite(signed_in(owner))
    other = User.objects.create_user("other@example.org", "x")

    signed_in(stranger).post(link)
    answer = signed_in(other).post(link)

    assert team.role_of(stranger) == Role.MEMBER
    assert team.role_of(other) is None
    assert answer.status_code == 410
    assert "This invitation was used already." in answer.content.decode()


def test_the_link_is_shown_once_and_stored_only_as_a_hash(owner: User, signed_in: Any) -> None:
    browser = signed_in(owner)
    token = invite(browser).split("/")[3]

    assert token not in browser.get("/team/").content.decode()
    assert token not in str(Invitation.objects.values())


def test_a_mailed_invitation_is_only_for_its_address(owner: User, stranger: User, team: Team, signed_in: Any) -> None:
    link = invite(signed_in(owner), NEW)

    answer = signed_in(stranger).post(link)

    assert answer.status_code == 410
    assert "new@example.org" in answer.content.decode()
    assert team.role_of(stranger) is None


@pytest.mark.parametrize("change", [{"expires_at": timezone.now() - timedelta(1)}, {"revoked_at": timezone.now()}])
def test_expired_and_revoked_invitations_open_nothing(
    owner: User, stranger: User, team: Team, signed_in: Any, visitor: Client, change: dict[str, Any]
) -> None:
    link = invite(signed_in(owner))
    Invitation.objects.update(**change)

    assert visitor.get(link).status_code == 410
    assert signed_in(stranger).post(link).status_code == 410
    assert 'name="password1"' not in visitor.get("/accounts/signup/").content.decode()
    assert team.role_of(stranger) is None


def test_an_invitation_revoked_after_it_was_opened_closes_sign_up(owner: User, signed_in: Any, visitor: Client) -> None:
    admin = signed_in(owner)
    visitor.get(invite(admin))
    assert 'name="password1"' in visitor.get("/accounts/signup/").content.decode()

    admin.post(f"/team/invitations/{Invitation.objects.get().pk}/revoke/")
    sign_up(visitor, NEW)

    assert not User.objects.filter(email=NEW).exists()


def test_sending_again_ends_the_earlier_link(owner: User, stranger: User, team: Team, signed_in: Any) -> None:
    admin = signed_in(owner)
    first = invite(admin, stranger.email)

    admin.post(f"/team/invitations/{Invitation.objects.get().pk}/again/")
    second = path_in(str(mail.outbox[-1].body))

    browser = signed_in(stranger)
    assert (browser.get(first).status_code, browser.get(second).status_code) == (410, 200)


def test_closed_sign_up_lets_invited_people_with_accounts_in_only(
    owner: User, signed_in: Any, visitor: Client, settings: Any
) -> None:
    settings.SIGN_UP = "closed"

    visitor.get(invite(signed_in(owner), NEW))
    sign_up(visitor, NEW)

    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_only_admins_invite(join: Any, signed_in: Any, role: str) -> None:
    browser = signed_in(join(role))

    browser.post("/team/invitations/", {"email": NEW, "role": "viewer"})

    assert not Invitation.objects.exists()
    assert not mail.outbox
    assert 'id="invite"' not in browser.get("/team/").content.decode()


@pytest.mark.parametrize("role", ["owner", "king", ""])
def test_nobody_is_invited_as_owner(owner: User, signed_in: Any, role: str) -> None:
    signed_in(owner).post("/team/invitations/", {"email": NEW, "role": role})

    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "email", ["nobody", "a@b\r\nBcc: c@d.e", "a\0@b.cd", "a@b.cd\u200b", f"{'x' * 300}@b.cd", "member@example.com"]
)
def test_an_address_that_cannot_be_invited_is_told(owner: User, member: User, signed_in: Any, email: str) -> None:
    browser = signed_in(owner)

    browser.post("/team/invitations/", {"email": email, "role": "member"})

    assert not Invitation.objects.exists()
    assert not mail.outbox
    assert 'class="toast-card is-bad"' in browser.get("/team/").content.decode()


def test_a_second_open_invitation_for_the_same_address_is_refused(owner: User, signed_in: Any) -> None:
    browser = signed_in(owner)

    for _ in range(2):
        browser.post("/team/invitations/", {"email": NEW, "role": "member"})

    assert Invitation.objects.count() == len(mail.outbox) == 1


def test_a_neighbours_invitation_is_answered_as_a_missing_one(owner: User, stranger: User, signed_in: Any) -> None:
    invite(signed_in(owner), NEW)
    browser = signed_in(stranger)

    paths = [
        f"/team/invitations/{id}/{deed}/"
        for id in (Invitation.objects.get().pk, 999_999)
        for deed in ("again", "revoke")
    ]

    assert {browser.post(path).status_code for path in paths} == {404}


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "..", "%F0%9F%98%80"])
def test_a_made_up_token_is_answered_kindly(db: None, visitor: Client, token: str) -> None:
    assert visitor.get(f"/team/join/{token}/").status_code in (404, 410)


def test_a_member_who_opens_a_link_keeps_their_role_and_the_link_its_use(
    owner: User, team: Team, signed_in: Any
) -> None:
    browser = signed_in(owner)
    link = invite(browser, role="viewer")

    answer = browser.post(link)

    assert answer.status_code == 410
    assert team.role_of(owner) == Role.OWNER
    assert Invitation.objects.get().is_open
