"""What the command palette finds on the server: saved requests, runs, keys and people, for the person who asks."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.models import Key
from accounts.requests import MemberRequest
from playground.comparing.blind import hidden_from
from playground.models import SavedRequest
from playground.runs.finding import Filters, find
from playground.views.frame import avatar
from playground.views.run_rows import COLUMNS, Row, operation_title, row_of, zone_of

LONGEST_QUESTION = 100
MOST_WORDS = 6
SHOWN = 6
RUNS_SHOWN = 4

Entry = dict[str, Any]


@never_cache
@require_safe
@member_required
def palette(request: MemberRequest) -> JsonResponse:
    """`?q=`: what fits the words, by kind; without words what was at hand lately. Operations are found by the page itself."""
    asked = " ".join(request.GET.get("q", "").replace("\0", "")[:LONGEST_QUESTION].split())
    return JsonResponse(
        {
            "saved": _saved(request, asked),
            "runs": _runs(request, asked),
            "keys": _keys(request, asked),
            "people": _people(request, asked),
        }
    )


def _saved(request: MemberRequest, asked: str) -> list[Entry]:
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team)
    fitting = _fitting(seen, asked, ("name", "folder", "description")).order_by(*_best_first(asked, "name"), "-updated")
    rows = fitting.values("id", "name", "folder", "operation", "version", "tags")[:SHOWN]
    return [
        {
            "title": row["name"],
            "detail": _joined(row["folder"], f"v{row['version']}", operation_title(row["operation"]), *row["tags"]),
            "url": reverse("saved_request", args=[row["id"]]),
            "open": f"/?saved={row['id']}",
        }
        for row in rows
    ]


def _runs(request: MemberRequest, asked: str) -> list[Entry]:
    zone = zone_of(request)
    if asked:
        if not Filters(q=asked).asked:
            return []
        hidden = hidden_from(request.membership).ids
        found = find(request.team, Filters(q=asked), COLUMNS, limit=RUNS_SHOWN, hidden=hidden)
        return [_run(row_of(run, zone, found.excerpts.get(run["id"]))) for run in found.rows]
    own = request.team.runs.filter(user=request.user).newest_first()
    return [_run(row_of(run, zone)) for run in own.values(*COLUMNS)[:RUNS_SHOWN]]


def _run(row: Row) -> Entry:
    return {
        "title": row.summary or row.title,
        "hit": row.hit,
        "detail": _joined(row.model, row.person),
        "mark": row.mark,
        "state": row.state,
        "moment": row.moment,
        "clock": row.clock,
        "url": row.url,
    }


def _keys(request: MemberRequest, asked: str) -> list[Entry]:
    if not asked:
        return []
    seen = Key.objects.visible_to(request.user, request.team)
    fitting = _fitting(seen, asked, ("name", "mask", "gateway__name")).order_by(*_best_first(asked, "name"), "name")
    rows = fitting.values("id", "name", "mask", "gateway__name")[:SHOWN]
    return [
        {
            "title": row["name"],
            "detail": _joined(row["mask"], row["gateway__name"]),
            "url": reverse("key", args=[row["id"]]),
        }
        for row in rows
    ]


def _people(request: MemberRequest, asked: str) -> list[Entry]:
    """The team's people, for those who look after them."""
    if not asked or not may(request.membership, "invite", request.team):
        return []
    members = request.team.memberships.select_related("user")
    fitting = _fitting(members, asked, ("user__name", "user__email"))
    return [
        {
            "title": member.user.display_name,
            "detail": _joined(member.user.email, str(member.get_role_display())),
            "avatar": avatar(member.user.display_name),
            "url": f"{reverse('history')}?person={member.user_id}",
            "hint": _("their runs"),
        }
        for member in fitting.order_by("user__name", "user__email")[:SHOWN]
    ]


def _fitting(rows: Any, asked: str, fields: Sequence[str]) -> Any:
    """Rows that hold every word in one of the fields; in the first one its letters may stand apart."""
    for word in asked.split()[:MOST_WORDS]:
        held = Q(**{f"{fields[0]}__iregex": ".*".join(re.escape(letter) for letter in word)})
        for field in fields[1:]:
            held |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(held)
    return rows


def _best_first(asked: str, field: str) -> list[Any]:
    """Those that hold the words as they were typed stand before those that hold their letters."""
    if not asked:
        return []
    return [Case(When(**{f"{field}__icontains": asked}, then=Value(False)), default=True, output_field=BooleanField())]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
