"""Who did what in the team, for its admins: a page and a CSV."""

import csv
from collections.abc import Iterator
from datetime import UTC

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may
from accounts.deeds import DEEDS, sentence_of
from accounts.doors import member_required
from accounts.models import AuditEvent
from accounts.requests import MemberRequest

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
    if what := request.GET.get("what", ""):
        found = found.filter(what=what)
    if words := _words(request):
        found = found.filter(Q(person_email__icontains=words) | Q(thing_name__icontains=words))
    return found


def _words(request: MemberRequest) -> str:
    # Postgres cannot hold NUL, so nothing with it can be found.
    return request.GET.get("q", "").replace("\0", "")[:200]


def _csv(events: QuerySet[AuditEvent]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # A byte order mark, or spreadsheets read Chinese as Latin-1.
    yield "\ufeff" + writer.writerow(["time", "person", "what", "thing", "address", "details"])
    for event in events[:CSV_ROWS].iterator():
        details = "; ".join(f"{name}={value}" for name, value in event.details.items())
        row = [event.person_email, event.what, event.thing_name, event.address or "", details]
        yield writer.writerow([event.at.astimezone(UTC).isoformat(timespec="seconds"), *map(_inert, row)])


def _inert(text: str) -> str:
    """Spreadsheets run a cell that begins like a formula; a quote before it keeps it a text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


class _Echo:
    """A file that hands each line back."""

    def write(self, line: str) -> str:
        return line
