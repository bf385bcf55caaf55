"""Sharing a saved request: who sees it, what they may do, and telling those who are new to it."""

from typing import Any

from django.db import transaction

from accounts.models import Membership, User
from accounts.models.audit import record
from accounts.requests import MemberRequest, address_of
from playground.models import Notice, Right, SavedRequest, SavedShare, SavedVersion, Visibility
from playground.saved.telling import tell


class NotAllowed(Exception):
    """Only its owner decides who sees a saved request."""


def may_share(request: SavedRequest, person: User) -> bool:
    """Its owner; once they have left the team, everybody who may edit it."""
    if request.owner_id == person.pk:
        return request.right_of(person) is Right.EDIT
    return not _owner_is_here(request) and request.right_of(person) is Right.EDIT


@transaction.atomic
def share(
    request: SavedRequest,
    *,
    by: User,
    visibility: Visibility,
    team_right: Right,
    people: dict[int, Right],
    address: str | None = None,
) -> list[User]:
    """Let exactly these see it. `people` are ids of members with their rights. Returns those who newly see it."""
    if not may_share(request, by):
        raise NotAllowed
    seen_before = _who_sees(request)
    members = request.team.memberships.filter(user_id__in=people).exclude(user_id=request.owner_id or 0)
    named = list(members.values_list("user_id", flat=True))
    request.shares.exclude(user_id__in=named).delete()
    for user_id in named:
        SavedShare.objects.update_or_create(request=request, user_id=user_id, defaults={"right": people[user_id]})
    request.visibility, request.team_right = visibility, team_right
    request.save(update_fields=["visibility", "team_right"])
    seen_now = _who_sees(request)
    _keep_deeds(request, by, seen_before, seen_now, address)
    return list(User.objects.filter(pk__in=seen_now - seen_before - {by.pk}).order_by("pk"))


@transaction.atomic
def fork(request: SavedRequest, person: User) -> SavedRequest:
    """A copy of the current version that is the person's own and seen by nobody else."""
    copy = SavedRequest.objects.create(
        team=request.team,
        owner=person,
        folder=request.folder,
        name=request.name,
        description=request.description,
        tags=request.tags,
        operation=request.operation,
        forked_from=request,
    )
    SavedVersion.objects.create(request=copy, number=1, author=person, call=request.current.call)
    return copy


def share_and_tell(
    http: MemberRequest, request: SavedRequest, *, visibility: Visibility, team_right: Right, people: dict[int, Right]
) -> None:
    """Share as the person asks and tell those who newly see it."""
    new = share(
        request, by=http.user, visibility=visibility, team_right=team_right, people=people, address=address_of(http)
    )
    tell(http, new, Notice.Kind.SHARED, request)


def _owner_is_here(request: SavedRequest) -> bool:
    return request.owner is not None and request.team.role_of(request.owner) is not None


def _who_sees(request: SavedRequest) -> set[int]:
    """The ids of those who see it besides its owner."""
    if request.visibility == Visibility.TEAM:
        members = Membership.objects.filter(team=request.team_id).exclude(user_id=request.owner_id or 0)
        return set(members.values_list("user_id", flat=True))
    if request.visibility == Visibility.PEOPLE:
        return set(request.shares.values_list("user_id", flat=True))
    return set()


def _keep_deeds(request: SavedRequest, by: User, before: set[int], now: set[int], address: str | None) -> None:
    more: dict[str, Any] = {"visibility": str(request.visibility), "people": len(now)}
    if now - before:
        record("share.made", by=by, team=request.team, thing=request, address=address, **more)
    if before - now:
        record("share.revoked", by=by, team=request.team, thing=request, address=address, **more)
