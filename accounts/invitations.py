"""Inviting people: a token goes out once, by mail or as a link, and comes back once."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.access import may, may_grant
from accounts.models import Invitation, Membership, Role, Team, User
from accounts.models.audit import record
from accounts.teams import NotAllowed

SESSION_INVITATION = "invitation"
SESSION_INVITATION_PAGE = "invitation_page"
OPEN_AT_MOST = 200


class Refused(Exception):
    """Why an invitation was not made or not accepted, as a sentence for the person."""


@transaction.atomic
def invite(team: Team, *, email: str, role: Role, by: Membership, address: str | None = None) -> tuple[Invitation, str]:
    """A new invitation and its token. Without an address it is a link for whoever holds it."""
    if not may(by, "invite", team) or not may_grant(Role(by.role), role) or role is Role.OWNER:
        raise NotAllowed
    _refuse_needless(team, email)
    invitation = Invitation(team=team, email=email.lower(), role=role, invited_by=by.user)
    token = invitation.renew_token()
    invitation.save()
    record("invitation.made", by=by.user, team=team, thing=invitation, address=address, role=role.value)
    return invitation, token


@transaction.atomic
def send_again(invitation: Invitation, by: Membership, address: str | None = None) -> str:
    """A new token for the same invitation; the earlier one no longer works."""
    invitation = _held(invitation)
    if not may(by, "send again", invitation):
        raise NotAllowed
    if invitation.accepted_at or invitation.revoked_at:
        raise Refused(_("This invitation was used or revoked. Make a new one."))
    token = invitation.renew_token()
    invitation.save(update_fields=["token_hash", "expires_at"])
    record("invitation.sent_again", by=by.user, team=invitation.team, thing=invitation, address=address)
    return token


@transaction.atomic
def revoke(invitation: Invitation, by: Membership, address: str | None = None) -> None:
    """Make an invitation useless."""
    invitation = _held(invitation)
    if not may(by, "revoke", invitation):
        raise NotAllowed
    if invitation.accepted_at is None:
        invitation.revoke()
        record("invitation.revoked", by=by.user, team=invitation.team, thing=invitation, address=address)


def find(token: str) -> Invitation:
    """The invitation that `token` opens."""
    invitation = Invitation.objects.by_token(token).select_related("team", "invited_by").first()
    if invitation is None:
        raise Refused(_("This invitation does not exist. Perhaps a newer one was sent: look for the latest mail."))
    if not invitation.is_open:
        raise Refused(_why_closed(invitation))
    return invitation


@transaction.atomic
def accept(token: str, person: User, address: str | None = None) -> Membership:
    """Join the team of the invitation, which is used up by it."""
    invitation = _held(find(token))
    if not invitation.is_open:
        raise Refused(_why_closed(invitation))
    if not is_for(invitation, person):
        raise Refused(
            _("This invitation is for %(email)s. Sign in with that address, or ask for one to %(own)s.")
            % {"email": invitation.email, "own": person.email}
        )
    if invitation.team.memberships.filter(user=person).exists():
        raise Refused(_("You are in this team already."))
    invitation.accept(person)
    membership = Membership.objects.create(team=invitation.team, user=person, role=invitation.role)
    record("member.joined", by=person, team=invitation.team, thing=person, address=address, role=invitation.role)
    return membership


def is_for(invitation: Invitation, person: User) -> bool:
    """Whether `person` is who was invited, by any of their confirmed addresses; a link is for whoever holds it."""
    if not invitation.email or invitation.email == person.email:
        return True
    return EmailAddress.objects.filter(user=person, email=invitation.email, verified=True).exists()


def send_mail(invitation: Invitation, link: str, request: HttpRequest) -> None:
    """The mail with the link."""
    get_adapter(request).send_mail(
        "account/email/invitation", invitation.email, {"invitation": invitation, "link": link, "request": request}
    )


def remember(request: HttpRequest, token: str, page: str) -> None:
    """Let this visitor sign up, and come back to the invitation's page after."""
    request.session[SESSION_INVITATION] = token
    request.session[SESSION_INVITATION_PAGE] = page


def remembered(request: HttpRequest) -> Invitation | None:
    """The open invitation this visitor came with."""
    token = request.session.get(SESSION_INVITATION, "")
    return Invitation.objects.open().by_token(token).select_related("team").first() if token else None


def page_of(request: HttpRequest) -> str | None:
    """Where the visitor's open invitation waits."""
    return request.session.get(SESSION_INVITATION_PAGE) if remembered(request) else None


def forget(request: HttpRequest) -> None:
    """The invitation was used."""
    request.session.pop(SESSION_INVITATION, None)
    request.session.pop(SESSION_INVITATION_PAGE, None)


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is stored now, held until the end: it is used once, by whoever comes first."""
    return Invitation.objects.select_for_update(of=("self",)).select_related("team").get(pk=invitation.pk)


def _refuse_needless(team: Team, email: str) -> None:
    if Invitation.objects.open().filter(team=team).count() >= OPEN_AT_MOST:
        raise Refused(_("Too many invitations are open. Revoke some first."))
    known = Q(user__email=email.lower()) | Q(user__emailaddress__email=email.lower(), user__emailaddress__verified=True)
    if email and team.memberships.filter(known).exists():
        raise Refused(_("%(email)s is in this team already.") % {"email": email})
    if email and Invitation.objects.open().filter(team=team, email=email.lower()).exists():
        raise Refused(_("%(email)s has an open invitation. Send that one again.") % {"email": email})


def _why_closed(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return _("This invitation was used already.")
    if invitation.revoked_at:
        return _("This invitation was revoked. Ask for a new one.")
    return _("This invitation has expired. Ask for a new one.")
