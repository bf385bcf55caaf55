"""The team itself: chosen, made, renamed, shut to those without a second factor, deleted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import teams
from accounts.access import SESSION_TEAM
from accounts.doors import member_required, sign_in_required
from accounts.forms import DeleteTeamForm, TeamForm
from accounts.models import Team
from accounts.requests import MemberRequest, PersonRequest, address_of
from playground.views.team.answers import answered


@require_POST
@sign_in_required
def switch(request: PersonRequest) -> HttpResponse:
    """Work in another of one's teams."""
    wanted = request.POST.get("team", "")
    chosen = next((m for m in request.memberships if str(m.team.public_id) == wanted), None)
    if chosen:
        request.session[SESSION_TEAM] = chosen.team_id
    return redirect(_next(request))


@require_http_methods(["GET", "POST"])
@sign_in_required
def new(request: PersonRequest) -> HttpResponse:
    """Make a team of one's own."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership = teams.make_team(form.cleaned_data["name"], request.user, address=address_of(request))
        request.session[SESSION_TEAM] = membership.team_id
        messages.success(request, _("%(team)s is ready") % {"team": membership.team})
        return redirect("/")
    return render(request, "team/new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@member_required
def rename(request: MemberRequest) -> HttpResponse:
    """Give the team another name."""
    form = TeamForm(request.POST, instance=Team(pk=request.team.pk))
    with answered(request):
        if form.is_valid():
            teams.rename(request.team, form.cleaned_data["name"], by=request.membership, address=address_of(request))
            messages.success(request, _("The team is now called %(team)s") % {"team": request.team})
    for error in form.errors.get("name", []):
        messages.error(request, str(error))
    return redirect("team")


@require_POST
@member_required
def second_factor(request: MemberRequest) -> HttpResponse:
    """Require a second factor of every member, or no longer."""
    required = request.POST.get("required") == "on"
    with answered(request):
        teams.require_second_factor(request.team, required, by=request.membership, address=address_of(request))
        messages.success(
            request, _("Members now need a second factor") if required else _("A second factor is now optional")
        )
    return redirect("team")


@require_POST
@member_required
def delete(request: MemberRequest) -> HttpResponse:
    """Delete the team, once its name was typed."""
    form = DeleteTeamForm(request.POST)
    typed = form.cleaned_data["name"] if form.is_valid() else ""
    with answered(request):
        teams.delete_team(request.team, typed, by=request.membership, address=address_of(request))
        messages.success(request, _("%(team)s was deleted") % {"team": request.team})
        return redirect("/")
    return redirect("team")


def _next(request: PersonRequest) -> str:
    """The list that was looked at. A single run or saved request belongs to the team just left."""
    first = "/" + request.POST.get("next", "").lstrip("/").split("/")[0] + "/"
    return first if is_valid_path(first) else "/"
