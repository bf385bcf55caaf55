"""Suggesting a change of a saved request, and what those who may edit it make of it."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, User
from playground.models import Right, SavedRequest, SavedVersion, Suggestion, Visibility

MOST_OPEN = 50


class TooMany(Exception):
    """As many suggestions wait as anybody would read."""


class Decided(Exception):
    """Somebody has accepted or declined it before."""


def suggest(request: SavedRequest, *, by: User, call: str, after: int, message: str) -> Suggestion:
    """Keep what `by` would have it send. Raises TooMany."""
    if request.suggestions.filter(state=Suggestion.State.OPEN).count() >= MOST_OPEN:
        raise TooMany
    return request.suggestions.create(author=by, call=call, after=after, message=message)


@transaction.atomic
def accept(suggestion: Suggestion, *, by: User, after: int) -> SavedVersion:
    """Make it the next version, in its author's name. Raises Decided, or ChangedElsewhere when `after` is no longer current."""
    decided = _decide(suggestion, by, Suggestion.State.ACCEPTED)
    author = decided.author or by
    version = decided.request.add_version(decided.call, by=author, after=after, note=" ".join(decided.message.split()))
    decided.version = version.number
    decided.save(update_fields=["version"])
    return version


@transaction.atomic
def decline(suggestion: Suggestion, *, by: User, word: str) -> None:
    """Leave the request as it is. Raises Decided."""
    decided = _decide(suggestion, by, Suggestion.State.DECLINED)
    decided.word = word
    decided.save(update_fields=["word"])


def editors_of(request: SavedRequest) -> list[User]:
    """The people of the team who may edit it."""
    members = Membership.objects.filter(team=request.team_id).select_related("user")
    if request.visibility != Visibility.TEAM or request.team_right != Right.EDIT:
        named = request.shares.filter(right=Right.EDIT).values("user_id")
        members = members.filter(Q(user=request.owner_id) | Q(user__in=named))
    return [member.user for member in members if request.right_of(member.user) is Right.EDIT]


def _decide(suggestion: Suggestion, by: User, state: Suggestion.State) -> Suggestion:
    mine = Suggestion.objects.select_for_update(of=("self",)).select_related("request", "author").get(pk=suggestion.pk)
    if not mine.is_open:
        raise Decided
    mine.state, mine.decided_by, mine.decided_at = state, by, timezone.now()
    mine.save(update_fields=["state", "decided_by", "decided_at"])
    return mine
