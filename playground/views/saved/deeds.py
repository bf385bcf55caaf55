"""What people do to a saved request from its page: describe, restore, share, fork, delete."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models import ChangedElsewhere, Right, SavedRequest, SavedVersion, Visibility
from playground.saved import sharing
from playground.views.saved.finding import found
from playground.views.saved.forms import DetailsForm, stamp_of
from playground.views.saved.pages import shown


@require_POST
@member_required
def describe(request: MemberRequest, id: UUID) -> HttpResponse:
    """Change its name, folder, description and tags, when they are still those of `stamp`."""
    saved, right = found(request, id, Right.EDIT)
    stamp = stamp_of(saved)
    form = DetailsForm(request.POST, instance=saved)
    if request.POST.get("stamp", stamp) != stamp:
        # What was typed stays in the form; what stands there now is shown beside it.
        return shown(request, SavedRequest.objects.select_related("team", "owner").get(pk=id), right, form)
    if form.is_valid():
        form.save()
        messages.success(request, _("%(name)s was changed") % {"name": saved.name})
    else:
        messages.error(request, form.sentence())
    return redirect("saved_request", id=id)


@require_POST
@member_required
def restore(request: MemberRequest, id: UUID) -> HttpResponse:
    """Make an earlier version the current one again, as a new version."""
    saved, _right = found(request, id, Right.EDIT)
    number = request.POST.get("version", "")
    old = saved.versions.filter(number=number).first() if number.isdecimal() and len(number) < 10 else None
    after = request.POST.get("after", "")
    if old is None or not after.isdecimal() or len(after) > 9:
        messages.error(request, _("There is no such version."))
        return redirect("saved_request", id=id)
    try:
        note = _("Restored from v%(number)s") % {"number": old.number}
        saved.add_version(old.call, by=request.user, after=int(after), note=note)
        messages.success(request, _("v%(number)s is the current version again") % {"number": old.number})
    except ChangedElsewhere:
        messages.error(request, _("Somebody has saved a newer version meanwhile. Look at it first."))
    return redirect("saved_request", id=id)


@require_POST
@member_required
def share(request: MemberRequest, id: UUID) -> HttpResponse:
    """Say who sees it: `visibility`, `team_right`, and `right-<member's user>` for each named person."""
    saved, _right = found(request, id)
    visibility, team_right = request.POST.get("visibility", ""), request.POST.get("team_right", Right.RUN)
    if visibility not in Visibility.values or team_right not in Right.values:
        messages.error(request, _("Choose who sees it."))
        return redirect("saved_request", id=id)
    try:
        sharing.share_and_tell(
            request, saved, visibility=Visibility(visibility), team_right=Right(team_right), people=_people(request)
        )
    except sharing.NotAllowed:
        messages.error(request, _("Only its owner decides who sees it. Nothing was changed."))
        return redirect("saved_request", id=id)
    messages.success(request, _("Sharing was changed"))
    return redirect("saved_request", id=id)


@require_POST
@member_required
def fork(request: MemberRequest, id: UUID) -> HttpResponse:
    """Make a copy of one's own."""
    saved, _right = found(request, id)
    if not may(request.membership, "run", request.team):
        messages.error(request, _("Viewers of a team save no requests."))
        return redirect("saved_request", id=id)
    copy = sharing.fork(saved, request.user)
    messages.success(request, _("This copy of %(name)s is yours; only you see it") % {"name": saved.name})
    return redirect("saved_request", id=copy.pk)


@require_POST
@member_required
def delete(request: MemberRequest, id: UUID) -> HttpResponse:
    """Delete it with its versions; the runs stay in the history."""
    saved, _right = found(request, id)
    if not sharing.may_share(saved, request.user):
        messages.error(request, _("Only its owner may delete it."))
        return redirect("saved_request", id=id)
    SavedVersion.objects.filter(request=saved).delete()
    saved.delete()
    messages.success(request, _("%(name)s was deleted") % {"name": saved.name})
    return redirect("saved")


def _people(request: MemberRequest) -> dict[int, Right]:
    """The named people: fields `right-7=run`. An empty right names nobody."""
    named: dict[int, Right] = {}
    for field, right in request.POST.items():
        user = field.removeprefix("right-")
        if field.startswith("right-") and user.isdecimal() and len(user) < 19 and right in Right.values:
            named[int(user)] = Right(right)
    return named
