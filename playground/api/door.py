"""Who comes in: the bearer of a personal token, with the rights that its person has in its team just now."""

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from accounts.models import Membership, PersonalToken, Scope, Team, User
from accounts.tokens import membership_of
from playground.api.problems import Problem


class ProgramRequest(HttpRequest):
    """What operations get: a request in somebody's name."""

    user: User  # type: ignore[assignment]
    membership: Membership
    team: Team
    auth: PersonalToken


class Token(HttpBearer):
    """Lets in tokens of one scope. A cookie opens nothing here, so no other site's page can act for its reader."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> PersonalToken | None:
        """The token, its person and team set on the request; None when it is none of ours, ended or its person has left."""
        found = PersonalToken.objects.usable().by_token(token).select_related("user", "team").first()
        membership = membership_of(found) if found else None
        if found is None or membership is None:
            return None
        if not found.allows(self.scope):
            raise Problem(
                403,
                "forbidden",
                _("This token was made without the right to: %(right)s") % {"right": self.scope.label},
            )
        found.mark_used()
        program = cast(ProgramRequest, request)
        program.user, program.membership, program.team = membership.user, membership, membership.team
        return found


reads, runs = Token(Scope.READ), Token(Scope.RUN)
