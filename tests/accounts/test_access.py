"""Who may do what, by role."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.utils import timezone

from accounts.access import default_key, may, team_of
from accounts.models import Invitation, Key, Membership, Role, Team, User

ROLES = ("owner", "admin", "member", "viewer")
# Which keys of another member each role may use, and may see: m = only me, n = named members, t = the team.
USABLE = {"owner": "t", "admin": "t", "member": "t", "viewer": ""}
SEEN = {"owner": "mnt", "admin": "mnt", "member": "t", "viewer": "t"}
MAY = {
    "see": ROLES,
    "run": ROLES[:3],
    "add key": ROLES[:3],
    "add gateway": ROLES[:3],
    "rename": ROLES[:2],
    "invite": ROLES[:2],
    "audit": ROLES[:2],
    "see every key": ROLES[:2],
    "set default key": ROLES[:2],
    "require second factor": ROLES[:1],
    "hand over": ROLES[:1],
    "delete": ROLES[:1],
}


@pytest.fixture
def three_keys(make_key: Any, join: Any) -> dict[str, Key]:
    """One key of each sharing, by its letter, all of one member."""
    Key.objects.all().delete()
    holder = join("member", "holder@example.com")
    sharings = {"m": "me", "n": "members", "t": "team"}
    return {letter: make_key(owner=holder, shared_with=sharing) for letter, sharing in sharings.items()}


def letters(keys: dict[str, Key], found: Any) -> str:
    ids = set(found.values_list("pk", flat=True))
    return "".join(letter for letter, key in keys.items() if key.pk in ids)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_uses_and_sees_the_keys_it_should(role: str, three_keys: Any, join: Any, team: Team) -> None:
    person = join(role)

    assert letters(three_keys, Key.objects.usable_by(person, team)) == USABLE[role]
    assert letters(three_keys, Key.objects.visible_to(person, team)) == SEEN[role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", MAY)
def test_each_role_may_do_to_the_team_what_the_table_says(role: str, verb: str, join: Any, team: Team) -> None:
    assert may(join(role), verb, team) is (role in MAY[verb])


def test_a_stranger_may_nothing(stranger: User, three_keys: Any, team: Team, owner: User) -> None:
    things = {team: MAY, owner.memberships.get(): ("see", "remove"), three_keys["t"]: ("see", "use", "change")}

    assert [verb for thing, verbs in things.items() for verb in verbs if may(stranger, verb, thing)] == []
    assert not Key.objects.usable_by(stranger, team).exists()
    assert not Key.objects.visible_to(stranger, team).exists()


def test_nobody_signed_in_and_somebody_switched_off_may_nothing(team: Team, owner: User) -> None:
    assert not may(AnonymousUser(), "see", team)
    owner.is_active = False
    owner.save()
    assert not may(owner, "see", team)
    assert not Key.objects.usable_by(owner, team).exists()


def test_an_unknown_verb_is_a_mistake_in_the_code(team: Team, owner: User) -> None:
    with pytest.raises(KeyError):
        may(owner, "paint", team)


def test_a_named_member_may_use_a_key_and_an_unnamed_one_may_not(three_keys: Any, join: Any, team: Team) -> None:
    named, other = join("member"), join("member")
    three_keys["n"].members.add(team.memberships.get(user=named))

    assert letters(three_keys, Key.objects.usable_by(named, team)) == "nt"
    assert letters(three_keys, Key.objects.usable_by(other, team)) == "t"


def test_names_on_a_key_count_only_while_it_is_shared_by_name(three_keys: Any, join: Any, team: Team) -> None:
    named = join("member")
    three_keys["m"].members.add(team.memberships.get(user=named))

    assert letters(three_keys, Key.objects.usable_by(named, team)) == "t"


def test_a_named_viewer_may_not_use_it_either(three_keys: Any, join: Any, team: Team) -> None:
    viewer = join("viewer")
    three_keys["n"].members.add(team.memberships.get(user=viewer))

    assert letters(three_keys, Key.objects.usable_by(viewer, team)) == ""


def test_a_holder_who_was_removed_may_no_longer_use_their_own_key(three_keys: Any, team: Team) -> None:
    holder = User.objects.get(email="holder@example.com")
    assert letters(three_keys, Key.objects.usable_by(holder, team)) == "mnt"

    holder.memberships.all().delete()

    assert letters(three_keys, Key.objects.usable_by(holder, team)) == ""


def test_a_holder_who_became_a_viewer_uses_no_key(three_keys: Any, team: Team) -> None:
    holder = User.objects.get(email="holder@example.com")

    holder.memberships.update(role=Role.VIEWER)

    assert letters(three_keys, Key.objects.usable_by(holder, team)) == ""


def test_keys_switched_off_or_expired_are_usable_by_nobody(make_key: Any, owner: User, team: Team) -> None:
    Key.objects.all().delete()
    off, old = make_key(), make_key(expires_at=timezone.now() - timedelta(seconds=1))
    on = make_key(expires_at=timezone.now() + timedelta(hours=1))

    off.switch_off()

    assert set(Key.objects.usable_by(owner, team)) == {on}
    assert [key.is_live for key in (off, old, on)] == [False, False, True]
    off.switch_on()
    assert set(Key.objects.usable_by(owner, team)) == {on, off}


@pytest.mark.parametrize(
    ("allowed", "model", "fits"),
    [
        ([], "any", True),
        (["gpt-5"], "gpt-5", True),
        (["gpt-5"], "gpt-5-mini", False),
        (["gpt-5*"], "gpt-5-mini", True),
        (["gpt-5*"], "xgpt-5", False),
        (["gpt.5"], "gpt-5", False),
        (["claude-*", "gpt-5"], "claude-sonnet-4-5", True),
        (["gpt-5"], "", True),
    ],
)
def test_a_key_allows_only_its_models(allowed: list[str], model: str, fits: bool, make_key: Any) -> None:
    assert make_key(allowed_models=allowed).allows("chat", model) is fits


def test_a_key_allows_only_its_operations(make_key: Any) -> None:
    key = make_key(allowed_operations=["chat"])

    assert [key.allows("chat"), key.allows("images")] == [True, False]


def test_the_default_key_is_the_chosen_one_then_the_teams_then_the_oldest(
    make_key: Any, member: User, team: Team
) -> None:
    Key.objects.all().delete()
    oldest, default, chosen = (make_key(name=name, shared_with="team") for name in ("oldest", "default", "chosen"))
    assert default_key(member, team, "chat") == oldest
    default.make_default()
    assert default_key(member, team, "chat") == default
    team.memberships.get(user=member).choose(chosen)
    assert default_key(member, team, "chat") == chosen
    chosen.switch_off()
    assert default_key(member, team, "chat") == default


def test_the_default_key_allows_the_operation_and_the_model(make_key: Any, member: User, team: Team) -> None:
    Key.objects.all().delete()
    default = make_key(shared_with="team", allowed_operations=["images"])
    default.make_default()
    second = make_key(shared_with="team", allowed_models=["gpt-*"])

    assert default_key(member, team, "images", "x") == default
    assert default_key(member, team, "chat", "gpt-5") == second
    assert default_key(member, team, "chat", "claude") is None


def test_viewers_and_strangers_have_no_default_key(join: Any, stranger: User, team: Team) -> None:
    assert default_key(join("viewer"), team, "chat") is None
    assert default_key(stranger, team, "chat") is None


def test_a_team_has_one_default_key(make_key: Any, team: Team) -> None:
    one, two = make_key(), make_key()

    one.make_default()
    two.make_default()

    assert list(team.keys.filter(is_default=True)) == [two]


def test_admins_change_roles_below_owner_and_only_owners_touch_owners(join: Any, team: Team) -> None:
    people = {role: join(role) for role in ROLES}
    members = {role: team.memberships.get(user=people[role]) for role in ROLES}

    table = {by: [on for on in ROLES if may(people[by], "change role", members[on])] for by in ROLES}

    assert table == {"owner": list(ROLES), "admin": ["admin", "member", "viewer"], "member": [], "viewer": []}


def test_invitations_are_for_admins(join: Any, team: Team) -> None:
    invitation = Invitation(team=team)

    assert [role for role in ROLES if may(join(role), "revoke", invitation)] == ["owner", "admin"]


def test_sharing_a_key_is_its_holders_own_until_they_left(three_keys: Any, join: Any) -> None:
    holder, admin, key = User.objects.get(email="holder@example.com"), join("admin"), three_keys["m"]
    assert [may(holder, "share", key), may(admin, "share", key), may(admin, "switch off", key)] == [True, False, True]

    key.owner = None

    assert [may(holder, "share", key), may(admin, "share", key)] == [False, True]


def test_a_team_that_requires_a_second_factor_is_locked_without_one(member: User, team: Team) -> None:
    key = Key.objects.usable_by(member, team).get()
    team.requires_second_factor = True
    team.save()

    assert [may(member, "see", team), may(member, "use", key), team_of(member, SessionStore())[0]] == [
        False,
        False,
        None,
    ]
    Authenticator.objects.create(user=member, type="totp", data={})
    assert [may(member, "see", team), may(member, "use", key), team_of(member, SessionStore())[0]] == [True, True, team]


def test_the_team_of_a_session_is_the_named_one_else_the_first(member: User, team: Team, stranger: User) -> None:
    second, foreign = Team.objects.create(name="Second"), stranger.memberships.get().team
    Membership.objects.create(team=second, user=member)
    session = SessionStore()

    assert team_of(member, session)[0] == team
    session["team"] = second.pk
    assert team_of(member, session)[0] == second
    session["team"] = foreign.pk
    assert team_of(member, session)[0] == team
    assert team_of(AnonymousUser(), session) == (None, None)
