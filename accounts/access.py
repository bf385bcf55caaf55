"""Who may do what.

| role | may |
|---|---|
| viewer | see the team, its members and its runs |
| member | that, and start runs, add keys and gateways, change and share what is theirs |
| admin | that, and invite, remove and change roles below owner, see and govern every key, say what alerts and webhooks tell, rename the team, read the audit |
| owner | that, and name other owners, hand the team over, require a second factor, delete the team |

Rights on a thing are asked anew each time: a role taken away is gone at the next question.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Gateway, Invitation, Key, Membership, Role, Team, User
from accounts.prepared import Prepared, together

SESSION_TEAM = "team"

Rule = Callable[[Role, User, Any], bool]


def may(person: User | AnonymousUser | Membership, verb: str, thing: Any) -> bool:
    """Whether `person` may `verb` the `thing`: a team, membership, invitation, gateway or key.

    A membership read just now, such as `request.membership`, may stand for its person and saves a query.
    An unknown verb is a mistake in the code and raises KeyError.
    """
    rule = _RULES[type(thing)][verb]
    user = person.user if isinstance(person, Membership) else person
    team = thing if isinstance(thing, Team) else thing.team
    if team is None or not isinstance(user, User) or not user.is_active:
        return False
    role = Role(person.role) if isinstance(person, Membership) and person.team_id == team.pk else team.role_of(user)
    return role is not None and rule(role, user, thing)


def team_of(user: User | AnonymousUser, session: SessionBase) -> tuple[Team | None, Membership | None]:
    """The team `user` works in now, and their membership of it: the one kept in the session, else their first.

    Nothing while they lack the second factor that the team requires.
    """
    membership = chosen_membership(memberships_of(user), session)
    return (membership.team, membership) if membership and not membership.is_locked else (None, None)


def memberships_of(user: User | AnonymousUser) -> list[Membership]:
    """Every membership of `user`, oldest first, with its team and whether it `is_locked`."""
    if not isinstance(user, User) or not user.is_active:
        return []
    memberships: list[Membership] = _memberships(user=user.pk)
    for membership in memberships:
        membership.user = user
    return memberships


_memberships = Prepared(
    lambda user: Membership.objects.filter(user=user).marked_locked().select_related("team").order_by("joined", "id"),
    user=int,
)


def membership_in(team: int, user: int) -> Membership | None:
    """The person's membership of a team, with both; None where there is none."""
    return next(iter(_membership_in(user=user, team=team)), None)


_membership_in = Prepared(
    lambda user, team: Membership.objects.filter(user=user, team=team).select_related("team", "user"),
    user=int,
    team=int,
)


def membership_with_keys(team: int, user: int, key: UUID | None = None) -> tuple[Membership | None, list[Key]]:
    """The person's membership of a team, and the keys they may use there, or of those only the one named."""
    keys = (
        (_usable_key, {"user": user, "team": team, "key": key}) if key else (_usable_keys, {"user": user, "team": team})
    )
    memberships, usable = together((_membership_in, {"user": user, "team": team}), keys)
    return next(iter(memberships), None), usable


def chosen_membership(memberships: list[Membership], session: SessionBase | Mapping[str, Any]) -> Membership | None:
    """The membership whose team the session names, else the first."""
    named = session.get(SESSION_TEAM) if memberships else None
    return next((m for m in memberships if m.team_id == named), memberships[0] if memberships else None)


def default_key(user: User, team: Team, operation: str, model: str = "") -> Key | None:
    """The key a call goes out with when none is named: the person's chosen one, else the team's default,
    else the oldest usable one; always one that allows the operation."""
    membership, keys = membership_with_keys(team.pk, user.pk)
    return key_among(keys, membership, operation, model)


def key_among(keys: list[Key], membership: Membership | None, operation: str, model: str) -> Key | None:
    """Of a person's usable keys, oldest first, the `preferred` one that allows the operation and the model."""
    allowing = [key for key in keys if key.allows(operation, model)]
    return preferred(allowing, membership.chosen_key_id if membership else None)


def preferred(keys: list[Key], chosen: UUID | None) -> Key | None:
    """Of keys oldest first the `chosen` one, else the team's default, else the oldest."""
    return min(keys, key=lambda key: (key.pk != chosen, not key.is_default), default=None)


def usable_keys(user: User, team: Team) -> list[Key]:
    """The keys `user` may send calls with, oldest first, with their gateways."""
    return _usable_keys(user=user.pk, team=team.pk)


_usable_keys = Prepared(
    lambda user, team: Key.objects.usable_by(user, team).select_related("gateway").oldest_first(), user=int, team=int
)

_usable_key = Prepared(
    lambda user, team, key: Key.objects.usable_by(user, team).select_related("gateway").filter(pk=key),
    user=int,
    team=int,
    key=UUID,
)


def may_grant(giver: Role, role: Role) -> bool:
    """Whether someone with the role `giver` may hand out `role`."""
    return giver is Role.OWNER or (giver is Role.ADMIN and role is not Role.OWNER)


def _at_least(needed: Role) -> Rule:
    return lambda role, user, thing: role.rank >= needed.rank


def _governs_member(role: Role, user: User, membership: Membership) -> bool:
    return may_grant(role, Role(membership.role))


def _owns_key_or_governs(role: Role, user: User, key: Key) -> bool:
    return role.rank >= Role.ADMIN.rank or (role.rank >= Role.MEMBER.rank and key.owner_id == user.pk)


def _owns_key(role: Role, user: User, key: Key) -> bool:
    return role.rank >= Role.MEMBER.rank and key.owner_id == user.pk


def _shares_key(role: Role, user: User, key: Key) -> bool:
    # Once its owner has left, a key is the team's and its admins decide.
    return _owns_key(role, user, key) or (key.owner_id is None and role.rank >= Role.ADMIN.rank)


def _sees_key(role: Role, user: User, key: Key) -> bool:
    return Key.objects.visible_to(user, key.team).filter(pk=key.pk).exists()


def _uses_key(role: Role, user: User, key: Key) -> bool:
    return key.is_usable_by(user)


_RULES: dict[type, dict[str, Rule]] = {
    Team: {
        "see": _at_least(Role.VIEWER),
        "run": _at_least(Role.MEMBER),
        "add key": _at_least(Role.MEMBER),
        "add gateway": _at_least(Role.MEMBER),
        "rename": _at_least(Role.ADMIN),
        "invite": _at_least(Role.ADMIN),
        "audit": _at_least(Role.ADMIN),
        "see every key": _at_least(Role.ADMIN),
        "set default key": _at_least(Role.ADMIN),
        "set alerts": _at_least(Role.ADMIN),
        "require second factor": _at_least(Role.OWNER),
        "hand over": _at_least(Role.OWNER),
        "delete": _at_least(Role.OWNER),
    },
    Membership: {
        "see": _at_least(Role.VIEWER),
        "change role": _governs_member,
        "remove": _governs_member,
    },
    Invitation: {
        "see": _at_least(Role.ADMIN),
        "send again": _at_least(Role.ADMIN),
        "revoke": _at_least(Role.ADMIN),
    },
    Gateway: {
        "see": _at_least(Role.VIEWER),
        "change": _at_least(Role.ADMIN),
        "delete": _at_least(Role.ADMIN),
    },
    Key: {
        "see": _sees_key,
        "use": _uses_key,
        "test": _uses_key,
        "change": _owns_key_or_governs,
        "share": _shares_key,
        "replace": _owns_key_or_governs,
        "switch off": _owns_key_or_governs,
        "delete": _owns_key_or_governs,
        "move": _owns_key,
    },
}
