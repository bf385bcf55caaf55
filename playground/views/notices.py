"""What was shared with the person, newest first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models import Notice, SavedRequest
from playground.models.notices import NoticeQuerySet
from playground.views.frame import avatar

MOST_SHOWN = 100


@require_safe
@never_cache
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """The list; opening what a notice is about marks it seen."""
    shown = _notices(request).select_related("actor", "request").order_by("-id")[:MOST_SHOWN]
    rows = [{"notice": each, "avatar": avatar(each.actor.display_name if each.actor else "?")} for each in shown]
    return render(request, "notices/page.html", {"rows": rows})


@require_POST
@member_required
def seen(request: MemberRequest) -> HttpResponse:
    """Mark all as seen."""
    _notices(request).mark_seen()
    return redirect("notices")


def _notices(request: MemberRequest) -> NoticeQuerySet:
    """Those of this team whose thing the person still sees."""
    visible = SavedRequest.objects.visible_to(request.user).filter(team=request.team)
    return Notice.objects.filter(user=request.user, team=request.team, request__in=visible)
