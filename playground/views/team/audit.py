"""Who did what in the team, for its admins: a page and a CSV."""

from collections.abc import Iterator
from datetime import UTC

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may
from accounts.deeds import DEEDS, sentence_of
from accounts.doors import member_required
from accounts.models import AuditEvent
from accounts.requests import MemberRequest
from playground.views.tables import csv_response

PAGE = 50
CSV_ROWS = 100_000


@require_GET
@member_required
def audit(request: MemberRequest) -> HttpResponseBase:
    """The deeds, newest first, by person and kind."""
    if not may(request.membership, "audit", request.team):
        raise PermissionDenied
    found = _asked(request)
    if request.GET.get("as") == "csv":
        return _csv(found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(event, sentence_of(event)) for event in page]
    chosen = {"q": _words(request), "what": request.GET.get("what", "")}
    return render(request, "team/audit.html", {"rows": rows, "page": page, "deeds": DEEDS, "chosen": chosen})


def _asked(request: MemberRequest) -> QuerySet[AuditEvent]:
    found = request.team.audit_events.newest_first()
    if what := _given(request, "what"):
        found = found.filter(what=what)
    if words := _words(request):
        found = found.filter(Q(person_email__icontains=words) | Q(thing_name__icontains=words))
    return found


def _words(request: MemberRequest) -> str:
    return _given(request, "q")


def _given(request: MemberRequest, name: str) -> str:
    # Postgres cannot hold NUL, so nothing with it can be found.
    return request.GET.get(name, "").replace("\0", "")[:200]


def _csv(events: QuerySet[AuditEvent]) -> HttpResponseBase:
    return csv_response("audit.csv", ["time", "person", "what", "thing", "address", "details"], _rows(events))


def _rows(events: QuerySet[AuditEvent]) -> Iterator[list[str]]:
    for event in events[:CSV_ROWS].iterator():
        details = "; ".join(f"{name}={value}" for name, value in event.details.items())
        at = event.at.astimezone(UTC).isoformat(timespec="seconds")
        yield [at, event.person_email, event.what, event.thing_name, event.address or "", details]
