"""Who belongs to the team: the page, roles, removing, leaving, handing over."""

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import teams
from accounts.access import may, may_grant
from accounts.doors import member_required
from accounts.forms import DeleteTeamForm, InvitationForm, RoleForm, TeamForm
from accounts.models import Membership, Role
from accounts.requests import MemberRequest, address_of
from playground.views.team.answers import answered


@require_GET
@member_required
def team(request: MemberRequest) -> HttpResponse:
    """Members and roles; for admins the open invitations, for owners what concerns the whole team."""
    me = request.membership
    offered = [(role.value, str(role.label)) for role in Role if may_grant(Role(me.role), role)]
    members = request.team.memberships.select_related("user").order_by("joined", "id")
    owners = sum(member.role == Role.OWNER for member in members)
    may_invite = may(me, "invite", request.team)
    return render(
        request,
        "team/page.html",
        {
            "members": [_row(me, member, offered, owners) for member in members],
            "invitations": request.team.invitations.pending().select_related("invited_by").order_by("-id")
            if may_invite
            else [],
            "invitation_form": InvitationForm(giver=Role(me.role)) if may_invite else None,
            "link": request.session.pop("invitation_link", None),
            "name_form": TeamForm(instance=request.team) if may(me, "rename", request.team) else None,
            "delete_form": DeleteTeamForm() if may(me, "delete", request.team) else None,
            "may_audit": may(me, "audit", request.team),
        },
    )


@require_POST
@member_required
def change_role(request: MemberRequest, id: int) -> HttpResponse:
    """Give a member another role."""
    member = _member(request, id)
    form = RoleForm(request.POST, giver=Role(request.membership.role))
    with answered(request):
        if not form.is_valid():
            raise teams.NotAllowed
        teams.change_role(member, form.cleaned_data["role"], by=request.membership, address=address_of(request))
        role = form.cleaned_data["role"].label
        messages.success(request, _("%(name)s is now: %(role)s") % {"name": member.user, "role": role})
    return redirect("team")


@require_POST
@member_required
def remove(request: MemberRequest, id: int) -> HttpResponse:
    """Remove a member."""
    member = _member(request, id)
    with answered(request):
        teams.remove(member, by=request.membership, address=address_of(request))
        messages.success(request, _("%(name)s was removed from %(team)s") % {"name": member.user, "team": request.team})
    return redirect("team")


@require_POST
@member_required
def hand_over(request: MemberRequest, id: int) -> HttpResponse:
    """Make a member the owner in one's own place."""
    member = _member(request, id)
    with answered(request):
        teams.hand_over(request.team, member, by=request.membership, address=address_of(request))
        messages.success(request, _("%(team)s now belongs to %(name)s") % {"name": member.user, "team": request.team})
    return redirect("team")


@require_POST
@member_required
def leave(request: MemberRequest) -> HttpResponse:
    """Leave the team."""
    with answered(request):
        teams.leave(request.membership, address=address_of(request))
        messages.success(request, _("You have left %(team)s") % {"team": request.team})
        return redirect("/")
    return redirect("team")


def _member(request: MemberRequest, id: int) -> Membership:
    return get_object_or_404(request.team.memberships.select_related("user", "team"), pk=id)


def _row(me: Membership, member: Membership, offered: list[tuple[str, str]], owners: int) -> dict[str, object]:
    """A member as the table shows them, with what I may do to them."""
    is_me = member.pk == me.pk
    may_change = may(me, "change role", member) and not is_me
    return {
        "member": member,
        "ago": naturaltime(member.joined),
        "is_me": is_me,
        "is_only_owner": is_me and me.role == Role.OWNER and owners == 1,
        "roles": offered if may_change else None,
        "may_hand_over": may(me, "hand over", me.team) and not is_me,
        "may_remove": may(me, "remove", member) and not is_me,
    }
