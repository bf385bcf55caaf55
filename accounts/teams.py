"""The life of a team: made, joined and left, handed over, deleted."""

from django.db import transaction

from accounts import signals
from accounts.access import may, may_grant
from accounts.models import Key, Membership, Role, Team, User
from accounts.models.audit import record


class NotAllowed(Exception):
    """The person has no right to this."""


class LastOwner(Exception):
    """A team cannot be left without an owner."""


class NameDiffers(Exception):
    """The name typed to confirm is not the team's."""


@transaction.atomic
def make_team(name: str, owner: User, address: str | None = None) -> Membership:
    """A new team with its first member."""
    team = Team.objects.create(name=name)
    membership = Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    record("team.made", by=owner, team=team, thing=team, address=address)
    return membership


@transaction.atomic
def rename(team: Team, name: str, by: Membership, address: str | None = None) -> None:
    """Give the team another name."""
    _allow(by, "rename", team)
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    record("team.renamed", by=by.user, team=team, thing=team, address=address, before=before)


@transaction.atomic
def require_second_factor(team: Team, required: bool, by: Membership, address: str | None = None) -> None:
    """Shut the team to members without a second factor, or open it again."""
    _allow(by, "require second factor", team)
    team.requires_second_factor = required
    team.save(update_fields=["requires_second_factor"])
    what = "team.second_factor_required" if required else "team.second_factor_optional"
    record(what, by=by.user, team=team, thing=team, address=address)
    for user in User.objects.filter(memberships__team=team):
        _tell(team, user)


@transaction.atomic
def change_role(membership: Membership, role: Role, by: Membership, address: str | None = None) -> None:
    """Give a member another role."""
    membership = _locked(membership)
    if not may(by, "change role", membership) or not may_grant(Role(by.role), role):
        raise NotAllowed
    if role is not Role.OWNER:
        _keep_an_owner_besides(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(
        "member.role_changed",
        by=by.user,
        team=membership.team,
        thing=membership.user,
        address=address,
        before=before,
        after=role.value,
    )
    _tell(membership.team, membership.user)


@transaction.atomic
def hand_over(team: Team, to: Membership, by: Membership, address: str | None = None) -> None:
    """Make another member the owner in one's own place; one stays as an admin."""
    _allow(by, "hand over", team)
    to, own = _locked(to), _locked(by)
    if to.team_id != team.pk or to.pk == own.pk:
        raise NotAllowed
    to.role, own.role = Role.OWNER, Role.ADMIN
    to.save(update_fields=["role"])
    own.save(update_fields=["role"])
    record("team.handed_over", by=by.user, team=team, thing=to.user, address=address)
    _tell(team, by.user)


@transaction.atomic
def leave(membership: Membership, address: str | None = None) -> None:
    """Leave a team: private keys go, what was shared stays with the team."""
    membership = _locked(membership)
    _keep_an_owner_besides(membership)
    record("member.left", by=membership.user, team=membership.team, thing=membership.user, address=address)
    _end(membership)


@transaction.atomic
def remove(membership: Membership, by: Membership, address: str | None = None) -> None:
    """Remove a member: private keys go, what was shared stays with the team."""
    membership = _locked(membership)
    _allow(by, "remove", membership)
    _keep_an_owner_besides(membership)
    record("member.removed", by=by.user, team=membership.team, thing=membership.user, address=address)
    _end(membership)


@transaction.atomic
def delete_team(team: Team, typed_name: str, by: Membership, address: str | None = None) -> None:
    """Delete the team with its keys, runs and saved requests, once its name was typed."""
    _allow(by, "delete", team)
    if typed_name.strip() != team.name:
        raise NameDiffers
    members = list(User.objects.filter(memberships__team=team))
    record("team.deleted", by=by.user, team=None, thing=team, address=address)
    team.delete()
    for user in members:
        _tell(team, user)


def _allow(by: Membership, verb: str, thing: Team | Membership) -> None:
    if not may(by, verb, thing):
        raise NotAllowed


def _locked(membership: Membership) -> Membership:
    """The membership as it is stored now, held until the end: of two owners who leave at once, one stays."""
    Team.objects.select_for_update().get(pk=membership.team_id)
    return Membership.objects.select_related("team", "user").get(pk=membership.pk)


def _keep_an_owner_besides(membership: Membership) -> None:
    others = membership.team.memberships.filter(role=Role.OWNER).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise LastOwner


def _end(membership: Membership) -> None:
    own = Key.objects.filter(team=membership.team, owner=membership.user)
    own.filter(shared_with=Key.Sharing.ME).delete()
    own.update(owner=None)
    membership.delete()
    _tell(membership.team, membership.user)


def _tell(team: Team, user: User) -> None:
    transaction.on_commit(lambda: signals.rights_changed.send(sender=Team, team=team, user=user))
