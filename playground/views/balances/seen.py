"""The keys whose balance a person may see, and what was told of them."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from accounts.models import BalanceReading, BalanceStanding, Key
from accounts.prepared import Prepared
from accounts.requests import MemberRequest

DAY = timedelta(days=1)
UNSHOWN = ("secret", "note", "tags", "allowed_models", "allowed_operations", "standing__facts")


def keys_of(request: MemberRequest) -> QuerySet[Key]:
    """The keys whose balance this person may see, with all that the board shows."""
    return _keys_of(request.user.pk, request.team.pk)


def all_keys_of(request: MemberRequest) -> list[Key]:
    """The same, fetched."""
    return _all_keys_of(user=request.user.pk, team=request.team.pk)


def _keys_of(user: int, team: int) -> QuerySet[Key]:
    visible = Key.objects.visible_to(user, team)
    # Few people and gateways stand behind many keys: those are fetched once, not joined to each.
    return visible.select_related("standing__reading").prefetch_related("owner", "gateway").defer(*UNSHOWN)


_all_keys_of = Prepared(_keys_of, user=int, team=int)


def standing_of(key: Key) -> BalanceStanding | None:
    """How a key stands; None before anybody asked its gateway."""
    return getattr(key, "standing", None)


def told(keys: Iterable[Key]) -> list[tuple[Key, BalanceStanding, BalanceReading]]:
    """The keys of which a figure was told, with it."""
    return [
        (key, key.standing, key.standing.reading)
        for key in keys
        if standing_of(key) is not None and key.standing.reading is not None
    ]
