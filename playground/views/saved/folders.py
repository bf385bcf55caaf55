"""Folders: made, renamed, taken away; and moving a request into one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest
from accounts.texts import refuse_invisible
from playground.models import Right, SavedFolder
from playground.saved import folders
from playground.views.saved.finding import found

MOST_FOLDERS = 500


@require_POST
@member_required
def make(request: MemberRequest) -> HttpResponse:
    """A folder that may be empty: `name`, within `within`."""
    path = _path(request, "name", within=request.POST.get("within", ""))
    if not path or not _may(request):
        return _back(request, request.POST.get("within", ""))
    if SavedFolder.objects.filter(team=request.team).count() >= MOST_FOLDERS:
        messages.error(request, _("A team has at most 500 folders."))
        return _back(request, "")
    SavedFolder.objects.get_or_create(team=request.team, path=path)
    messages.success(request, _("The folder %(name)s was made") % {"name": path})
    return _back(request, path)


@require_POST
@member_required
def rename(request: MemberRequest) -> HttpResponse:
    """Rename or move a folder: from `path` to `name`, with all within it."""
    old, new = request.POST.get("path", ""), _path(request, "name")
    if not old or not new or not _may(request):
        return _back(request, old)
    try:
        stay = folders.rename(request.team, request.user, old, new)
    except folders.NoFolder:
        messages.error(request, _("A folder cannot have this name. Nothing was changed."))
        return _back(request, old)
    messages.success(request, _("%(old)s is called %(new)s now") % {"old": old, "new": new})
    _tell_those_left(request, stay)
    return _back(request, new)


@require_POST
@member_required
def remove(request: MemberRequest) -> HttpResponse:
    """Take a folder away; what stands in it moves up."""
    path = request.POST.get("path", "")
    if path and _may(request):
        stay = folders.remove(request.team, request.user, path)
        messages.success(request, _("The folder %(name)s is gone; what stood in it moved up") % {"name": path})
        _tell_those_left(request, stay)
    return _back(request, path.rpartition("/")[0])


@require_POST
@member_required
def move(request: MemberRequest, id: UUID) -> HttpResponse:
    """Put a request into another folder."""
    saved, _right = found(request, id, Right.EDIT)
    folder = _path(request, "folder")
    if folder is not None:
        saved.folder = folder
        saved.save(update_fields=["folder"])
        where = folder or _("No folder")
        messages.success(request, _("%(name)s stands in %(folder)s now") % {"name": saved.name, "folder": where})
    return _back(request, request.POST.get("shown", ""))


def _may(request: MemberRequest) -> bool:
    if may(request.membership, "run", request.team):
        return True
    messages.error(request, _("Your role does not allow this. Nothing was changed."))
    return False


def _path(request: MemberRequest, field: str, within: str = "") -> str | None:
    """The path that was typed, tidied; None after saying what is wrong with it."""
    typed = request.POST.get(field, "")
    try:
        refuse_invisible(typed)
        return folders.tidied(f"{within}/{typed}" if within and typed.strip() else typed)
    except (ValidationError, folders.NoFolder):
        messages.error(request, _("A folder cannot have this name. Nothing was changed."))
        return None


def _tell_those_left(request: MemberRequest, stay: int) -> None:
    if stay:
        told = ngettext(
            "%(count)s request stays where it is: you may not change it.",
            "%(count)s requests stay where they are: you may not change them.",
            stay,
        )
        messages.error(request, told % {"count": stay})


def _back(request: MemberRequest, path: str) -> HttpResponse:
    asked = f"?{urlencode({'folder': path})}" if path else ""
    return redirect(reverse("saved") + asked)
