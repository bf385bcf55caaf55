"""The team's page, its switcher, its members and its end."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import AuditEvent, Key, Membership, Role, Team, User


@pytest.fixture
def second_team(owner: User) -> Team:
    team = Team.objects.create(name="Second")
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


def member_id(team: Team, person: User) -> int:
    return team.memberships.get(user=person).pk


def said(browser: Client) -> str:
    return browser.get("/team/").content.decode()


def test_the_first_team_is_shown_until_another_is_chosen(owner: User, second_team: Team, signed_in: Any) -> None:
    browser = signed_in(owner)
    assert "<h1>Demo team</h1>" in said(browser)

    answer = browser.post("/team/switch/", {"team": str(second_team.public_id), "next": "/team/"})

    assert answer["Location"] == "/team/"
    assert "<h1>Second</h1>" in said(browser)


def test_a_team_one_does_not_belong_to_cannot_be_chosen(owner: User, stranger: User, signed_in: Any) -> None:
    browser = signed_in(owner)
    foreign = stranger.memberships.get().team

    for wanted in (str(foreign.public_id), str(foreign.pk), "nonsense", "a\0"):
        browser.post("/team/switch/", {"team": wanted})
        assert "<h1>Demo team</h1>" in said(browser)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "/runs/0/", "/\\evil.example", ""])
def test_switching_leads_only_to_lists_of_this_site(
    owner: User, second_team: Team, signed_in: Any, next_page: str
) -> None:
    answer = signed_in(owner).post("/team/switch/", {"team": str(second_team.public_id), "next": next_page})

    assert answer["Location"] == "/"


def test_people_without_a_team_make_one(db: None, signed_in: Any) -> None:
    person = User.objects.create_user("lonely@example.org", "x")
    browser = signed_in(person)
    assert browser.get("/team/")["Location"] == "/team/new/"

    browser.post("/team/new/", {"name": "Mine"})

    assert "<h1>Mine</h1>" in said(browser)


@pytest.mark.parametrize("name", ["", " ", "a\u200bb", "a\r\nb", "x" * 81, "\0", "\u3164"])
def test_a_team_name_that_cannot_be_read_is_refused(owner: User, team: Team, signed_in: Any, name: str) -> None:
    browser = signed_in(owner)

    assert browser.post("/team/new/", {"name": name}).status_code == 422
    browser.post("/team/rename/", {"name": name})

    assert list(Team.objects.filter(memberships__user=owner).values_list("name", flat=True)) == ["Demo team"]
    assert 'class="toast-card is-bad"' in said(browser)


def test_an_admin_changes_a_role_and_the_audit_tells_it(owner: User, member: User, team: Team, signed_in: Any) -> None:
    browser = signed_in(owner)

    browser.post(f"/team/members/{member_id(team, member)}/role/", {"role": "admin"})

    assert team.role_of(member) == Role.ADMIN
    event = AuditEvent.objects.get()
    assert (event.what, event.person, event.thing_name, event.address) == (
        "member.role_changed",
        owner,
        "Max Member",
        "127.0.0.1",
    )
    assert "changed the role of Max Member from Member to Admin" in browser.get("/team/audit/").content.decode()


@pytest.mark.parametrize("role", ["member", "viewer"])
@pytest.mark.parametrize("deed", ["role/", "remove/", "hand-over/"])
def test_members_and_viewers_change_nobody(
    join: Any, member: User, team: Team, signed_in: Any, role: str, deed: str
) -> None:
    browser = signed_in(join(role))

    browser.post(f"/team/members/{member_id(team, member)}/{deed}", {"role": "viewer"})

    assert team.role_of(member) == Role.MEMBER
    assert "Your role does not allow this" in said(browser)


def test_an_admin_makes_nobody_an_owner(join: Any, member: User, team: Team, signed_in: Any) -> None:
    browser = signed_in(join("admin"))

    browser.post(f"/team/members/{member_id(team, member)}/role/", {"role": "owner"})

    assert team.role_of(member) == Role.MEMBER


def test_a_foreign_member_is_answered_as_a_missing_one(owner: User, stranger: User, signed_in: Any) -> None:
    browser, foreign = signed_in(owner), stranger.memberships.get()

    answers = [browser.post(f"/team/members/{id}/remove/") for id in (foreign.pk, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Membership.objects.filter(pk=foreign.pk).exists()


def test_removing_a_member_deletes_private_keys_and_keeps_shared_ones(
    owner: User, member: User, team: Team, make_key: Any, signed_in: Any
) -> None:
    private, shared = make_key(owner=member, shared_with="me"), make_key(owner=member, shared_with="team")
    elsewhere = make_key(owner=member, shared_with="me", team=Team.objects.create(name="Other"))

    signed_in(owner).post(f"/team/members/{member_id(team, member)}/remove/")

    assert team.role_of(member) is None
    assert set(Key.objects.filter(pk__in=[private.pk, shared.pk, elsewhere.pk])) == {shared, elsewhere}
    assert Key.objects.get(pk=shared.pk).owner is None
    assert Key.objects.get(pk=elsewhere.pk).owner == member


def test_a_removed_member_is_out_at_the_next_click(owner: User, member: User, team: Team, signed_in: Any) -> None:
    browser = signed_in(member)
    assert browser.get("/team/").status_code == 200

    signed_in(owner).post(f"/team/members/{member_id(team, member)}/remove/")

    assert browser.get("/team/")["Location"] == "/team/new/"


def test_the_last_owner_neither_leaves_nor_steps_down(owner: User, team: Team, signed_in: Any) -> None:
    browser = signed_in(owner)

    browser.post("/team/leave/")
    assert "A team needs an owner" in said(browser)
    browser.post(f"/team/members/{member_id(team, owner)}/role/", {"role": "member"})

    assert team.role_of(owner) == Role.OWNER


def test_a_team_is_handed_over(owner: User, member: User, team: Team, signed_in: Any) -> None:
    signed_in(owner).post(f"/team/members/{member_id(team, member)}/hand-over/")

    assert (team.role_of(owner), team.role_of(member)) == (Role.ADMIN, Role.OWNER)


def test_a_member_leaves(member: User, team: Team, signed_in: Any) -> None:
    signed_in(member).post("/team/leave/")

    assert team.role_of(member) is None


def test_a_team_is_deleted_only_with_its_name_typed(
    owner: User, member: User, team: Team, make_key: Any, signed_in: Any
) -> None:
    make_key(gateway=team.gateways.create(name="Own", base_url="https://own.example"))
    browser = signed_in(owner)

    for typed in ("", "demo team", "Demo team\0"):
        browser.post("/team/delete/", {"name": typed})
        assert Team.objects.filter(pk=team.pk).exists()
    browser.post("/team/delete/", {"name": "Demo team"})

    assert not Team.objects.filter(pk=team.pk).exists()
    assert AuditEvent.objects.get(what="team.deleted").thing_name == "Demo team"


def test_only_the_owner_deletes_the_team(join: Any, team: Team, signed_in: Any) -> None:
    signed_in(join("admin")).post("/team/delete/", {"name": "Demo team"})

    assert Team.objects.filter(pk=team.pk).exists()


def test_a_team_that_requires_a_second_factor_shows_only_the_way_to_one(
    owner: User, member: User, team: Team, signed_in: Any
) -> None:
    Authenticator.objects.create(user=owner, type="totp", data={})
    signed_in(owner).post("/team/second-factor/", {"required": "on"})
    browser = signed_in(member)

    page = browser.get("/team/")

    assert page.status_code == 403
    assert "/accounts/2fa/" in page.content.decode()
    assert "owner@example.com" not in page.content.decode()
    assert browser.get("/accounts/2fa/").status_code == 200


def test_the_audit_is_for_admins_and_goes_out_as_a_table(owner: User, member: User, signed_in: Any) -> None:
    browser = signed_in(owner)
    browser.post("/team/rename/", {"name": "=HYPERLINK(1)"})

    table = b"".join(browser.get("/team/audit/?as=csv").streaming_content).decode()

    assert table.splitlines()[0] == "\ufefftime,person,what,thing,address,details"
    assert table.splitlines()[1].split(",")[1:5] == ["owner@example.com", "team.renamed", "'=HYPERLINK(1)", "127.0.0.1"]
    assert signed_in(member).get("/team/audit/").status_code == 403


@pytest.mark.parametrize("q", ["", "renamed", "owner", "nobody", "a\0b", "%", "x" * 5000])
def test_the_audit_is_searched_with_anything(owner: User, signed_in: Any, q: str) -> None:
    assert signed_in(owner).get("/team/audit/", {"q": q, "what": "team.renamed", "page": "z"}).status_code == 200


@pytest.mark.parametrize("path", ["/team/", "/team/audit/", "/team/new/", "/account/"])
def test_pages_are_closed_to_people_who_are_not_signed_in(db: None, client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_one_query_finds_the_team(owner: User, signed_in: Any, django_assert_max_num_queries: Any) -> None:
    browser = signed_in(owner)

    with django_assert_max_num_queries(4) as seen:  # session, person, memberships, and the page itself
        browser.get("/healthz")

    assert sum("accounts_membership" in query["sql"] for query in seen.captured_queries) == 1
