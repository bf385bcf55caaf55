"""What people put on a run: a star, tags, a note; and its deletion."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.models import Role
from accounts.requests import MemberRequest
from playground.models import Run
from playground.models.runs import LONGEST_TAG
from playground.runs.keeping import delete_runs
from playground.views.history_filters import Narrowed

MOST_TAGS = 12
LONGEST_NOTE = 4000


@require_POST
@member_required
def marks(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Keep what was sent of star, tags and note."""
    run = _found(request, uuid)
    if not may(request.membership, "run", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("run", uuid)
    if "starred" in request.POST:
        run.is_starred = request.POST["starred"] == "1"
    if "tags" in request.POST:
        run.tags = tags_in(request.POST["tags"])
    if "note" in request.POST:
        run.note = request.POST["note"].replace("\0", "").strip()[:LONGEST_NOTE]
    run.save(update_fields=["is_starred", "tags", "note"])
    within = Narrowed(request).query()
    return redirect(reverse("run", args=[uuid]) + (within and f"?{within}"))


@require_POST
@member_required
def delete(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Delete a run for good, once the beginning of its id was typed."""
    run = _found(request, uuid)
    if not may_delete(request, run):
        messages.error(request, _("Only the person who started a run, or an admin of the team, may delete it."))
    elif request.POST.get("name", "").strip().lower() != short_name(run):
        messages.error(request, _("What was typed is not the run's name. Nothing was deleted."))
    elif not delete_runs([run.id]):
        messages.error(request, _("The run is still under way. Stop it first."))
    else:
        messages.success(request, _("Run %(name)s was deleted") % {"name": short_name(run)})
        return redirect("history")
    return redirect("run", uuid)


def may_delete(request: MemberRequest, run: Run) -> bool:
    """Who may stop a run may delete it."""
    return run.user_id == request.user.pk or request.membership.is_at_least(Role.ADMIN)


def short_name(run: Run) -> str:
    """What a run is called where its whole id is too long."""
    return str(run.uuid)[:8]


def tags_in(text: str) -> list[str]:
    """Tags parted by commas or spaces, each once, in the order they were typed."""
    words = text.replace("\0", "").replace(",", " ").replace("，", " ").replace("#", " ").split()
    return list(dict.fromkeys(word[:LONGEST_TAG] for word in words))[:MOST_TAGS]


def _found(request: MemberRequest, uuid: UUID) -> Run:
    found = request.team.runs.filter(uuid=uuid).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
