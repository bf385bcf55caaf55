"""Inviting people, and what an invited person sees."""

import logging
from smtplib import SMTPException
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations
from accounts.access import SESSION_TEAM
from accounts.doors import member_required
from accounts.forms import InvitationForm
from accounts.models import Invitation, Role
from accounts.requests import MemberRequest, PersonRequest, absolute, address_of
from playground.views.team.answers import answered

logger = logging.getLogger(__name__)


@require_POST
@member_required
def invite(request: MemberRequest) -> HttpResponse:
    """Invite by mail, or make a link that is shown once."""
    form = InvitationForm(request.POST, giver=Role(request.membership.role))
    if not form.is_valid():
        _tell_errors(request, form)
        return redirect("team")
    with answered(request):
        invitation, token = invitations.invite(
            request.team,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            by=request.membership,
            address=address_of(request),
        )
        _hand_out(request, invitation, token)
    return redirect("team")


@require_POST
@member_required
def send_again(request: MemberRequest, id: int) -> HttpResponse:
    """Send the mail again, or show a new link; the earlier one ends."""
    invitation = get_object_or_404(request.team.invitations, pk=id)
    with answered(request):
        token = invitations.send_again(invitation, by=request.membership, address=address_of(request))
        _hand_out(request, invitation, token)
    return redirect("team")


@require_POST
@member_required
def revoke(request: MemberRequest, id: int) -> HttpResponse:
    """End an invitation."""
    invitation = get_object_or_404(request.team.invitations, pk=id)
    with answered(request):
        invitations.revoke(invitation, by=request.membership, address=address_of(request))
        messages.success(request, _("The invitation was revoked"))
    return redirect("team")


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What an invited person opens: who invites, into what, and a button. Open to people who are not signed in."""
    try:
        invitation = invitations.find(token)
        if request.method == "POST" and request.user.is_authenticated:
            return _accept(cast(PersonRequest, request), token)
    except invitations.Refused as refusal:
        return render(request, "team/join_refused.html", {"refusal": refusal}, status=410)
    if not request.user.is_authenticated:
        invitations.remember(request, token, request.path)
    context = {"invitation": invitation, "role": Role(invitation.role)}
    return render(request, "team/join.html", context)


def _accept(request: PersonRequest, token: str) -> HttpResponse:
    membership = invitations.accept(token, request.user, address=address_of(request))
    invitations.forget(request)
    request.session[SESSION_TEAM] = membership.team_id
    messages.success(request, _("Welcome to %(team)s") % {"team": membership.team})
    return redirect("/")


def _hand_out(request: MemberRequest, invitation: Invitation, token: str) -> None:
    link = absolute(request, reverse("team_join", args=[token]))
    if invitation.email and _is_mailed(request, invitation, link):
        messages.success(request, _("The invitation was sent to %(email)s") % {"email": invitation.email})
    else:
        # Shown once, on the page that follows; only its hash is stored with the invitation.
        request.session["invitation_link"] = link


def _is_mailed(request: MemberRequest, invitation: Invitation, link: str) -> bool:
    """Whether the mail server took it. Where it did not, the person is told and gets the link instead."""
    try:
        invitations.send_mail(invitation, link, request)
    except (OSError, SMTPException) as error:
        logger.warning("an invitation could not be mailed: %s", type(error).__name__)
        sentence = _(
            "The mail server does not answer. The invitation to %(email)s stands: copy its link and send it yourself."
        )
        messages.error(request, sentence % {"email": invitation.email})
        return False
    return True


def _tell_errors(request: MemberRequest, form: InvitationForm) -> None:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
