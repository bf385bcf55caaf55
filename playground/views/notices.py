"""What was shared with the person, newest first."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models import AlertNotice, Notice, SavedRequest
from playground.models.notices import NoticeQuerySet
from playground.saved.telling import address_of, name_of
from playground.views.alerts.rows import alert_notices
from playground.views.frame import avatar

MOST_SHOWN = 100
SENTENCES = {
    Notice.Kind.SHARED: _lazy("%(name)s shared “%(thing)s” with you"),
    Notice.Kind.SUGGESTED: _lazy("%(name)s suggests a change of “%(thing)s”"),
    Notice.Kind.ACCEPTED: _lazy("%(name)s accepted your change of “%(thing)s”"),
    Notice.Kind.DECLINED: _lazy("%(name)s declined your change of “%(thing)s”"),
    Notice.Kind.MENTIONED: _lazy("%(name)s mentioned you under “%(thing)s”"),
    Notice.Kind.COMMENTED: _lazy("%(name)s commented on “%(thing)s”"),
}


@require_safe
@never_cache
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """The list; opening what a notice is about marks it seen."""
    shown = _notices(request).select_related("actor", "request", "run").order_by("-id")[:MOST_SHOWN]
    rows = [_row(each) for each in shown]
    return render(request, "notices/page.html", {"rows": rows, "alerts": alert_notices(request)})


@require_POST
@member_required
def seen(request: MemberRequest) -> HttpResponse:
    """Mark all as seen."""
    _notices(request).mark_seen()
    AlertNotice.objects.of(request.user, request.team).mark_seen()
    return redirect("notices")


def _row(notice: Notice) -> dict[str, Any]:
    thing = notice.request or notice.run
    name = notice.actor.display_name if notice.actor else _("Somebody")
    told = SENTENCES[Notice.Kind(notice.kind)] % {"name": name, "thing": name_of(thing)}
    place = "#comments" if notice.kind in (Notice.Kind.MENTIONED, Notice.Kind.COMMENTED) else ""
    return {"notice": notice, "avatar": avatar(name), "told": told, "address": address_of(thing) + place}


def _notices(request: MemberRequest) -> NoticeQuerySet:
    """Those of this team whose thing the person still sees."""
    visible = SavedRequest.objects.visible_to(request.user).filter(team=request.team)
    return Notice.objects.filter(
        Q(request__in=visible) | Q(run__team=request.team), user=request.user, team=request.team
    )
