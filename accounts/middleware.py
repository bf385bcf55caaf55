"""Which team a request is about, that what people are told stays with them, and which methods there are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from accounts import session_ends
from accounts.access import chosen_membership, memberships_of


class TeamMiddleware:
    """Sets `request.team` and `request.membership` (None for people without a team), and beside them
    `request.memberships` for the team switcher and `request.locked_membership`, which lacks a second factor.

    One query for people signed in. Not lazy on purpose: a lazy stand-in is never `None`, and almost every page asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place_in_team(request)
        return self.get_response(request)


class NotKeptMiddleware:
    """What is told to somebody signed in stays in no cache, that of the browser included, unless its view says otherwise,
    and with their session ends what the browser has stored for them.

    After signing out the "back" button, or the store, would show it again on a shared machine.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        if was_signed_in:
            session_ends.note(request)
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class MethodsMiddleware:
    """Refuses TRACE, which views without a list of methods would answer like GET."""

    METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseNotAllowed(self.METHODS) if request.method == "TRACE" else self.get_response(request)


def place_in_team(request: HttpRequest) -> None:
    """Set the team of `request`, again after it was changed."""
    memberships = memberships_of(request.user)
    membership = chosen_membership(memberships, request.session)
    locked = membership if membership and membership.is_locked else None
    open_membership = None if locked else membership
    request.memberships = memberships  # type: ignore[attr-defined]
    request.locked_membership = locked  # type: ignore[attr-defined]
    request.membership = open_membership  # type: ignore[attr-defined]
    request.team = open_membership.team if open_membership else None  # type: ignore[attr-defined]
