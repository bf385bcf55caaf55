"""What a request tells about where it comes from and where the site stands."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Membership, Team, User


class PersonRequest(HttpRequest):
    """What views behind `sign_in_required` get: somebody is signed in, perhaps without a team."""

    user: User  # type: ignore[assignment]
    memberships: list[Membership]
    htmx: Any


class MemberRequest(PersonRequest):
    """What views behind `member_required` get: somebody who works in a team."""

    team: Team
    membership: Membership


def address_of(request: HttpRequest) -> str | None:
    """The network address of the person's browser, for the audit."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        # Behind a unix socket there is none.
        return None


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a page: under `SITE_URL`, else where the request came to."""
    return settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else request.build_absolute_uri(path)
