"""Which team a request is about."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.access import chosen_membership, memberships_of


class TeamMiddleware:
    """Sets `request.team`, `request.membership` and `request.memberships`, by one query for people signed in.

    Not lazy on purpose: a lazy stand-in is never `None`, and almost every page asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        memberships = memberships_of(request.user)
        membership = chosen_membership(memberships, request.session)
        request.memberships = memberships  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.team = membership.team if membership else None  # type: ignore[attr-defined]
        return self.get_response(request)
