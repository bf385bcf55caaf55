"""One saved request for the person who asks; what is not for them is missing."""

from uuid import UUID

from django.http import Http404

from accounts.requests import MemberRequest
from playground.models import Right, SavedRequest


def found(request: MemberRequest, id: UUID, least: Right = Right.VIEW) -> tuple[SavedRequest, Right]:
    """The request and what the person may do with it. Less than `least` is answered as missing."""
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team, pk=id)
    saved = seen.select_related("team", "owner").first()
    right = saved.right_of(request.user) if saved else None
    if saved is None or right is None or right.rank < least.rank:
        raise Http404
    return saved, right
