"""Every run of the team, newest first: narrowed by filters and words, page by page, and its export."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from playground.comparing.blind import hidden_from
from playground.models import Keeping
from playground.models.runs import LARGEST_ID
from playground.runs.finding import COUNTED, PAGE, Found, count, find
from playground.search.asked import widened
from playground.views import figures
from playground.views.history_filters import Narrowed
from playground.views.keeping import fields_of, may_rule, sentence
from playground.views.run_rows import COLUMNS, by_day, day_name, row_of, zone_of

LONGEST_LIST_OF_RUNNING = 100
# Hits show where the words stand, each in lines of its own; their texts are read for it.
HITS = 20


@require_safe
@member_required
def history(request: HttpRequest) -> HttpResponse:
    """The page, or the rows alone when htmx asks for them."""
    narrowed = Narrowed(request)
    before, after = _position(request, "before") or _just_after(request), _position(request, "after")
    rows = HITS if narrowed.filters.asked else PAGE
    hidden = hidden_from(request.membership).ids  # type: ignore[attr-defined]
    found = find(request.team, narrowed.filters, COLUMNS, before=before, after=after, limit=rows, hidden=hidden)  # type: ignore[attr-defined]
    context = _rows(request, narrowed, found)
    if not _is_for_more(request):
        context |= _around(request, narrowed, found)
    response = render(request, _template(request), context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@member_required
def news(request: HttpRequest) -> JsonResponse:
    """What has changed since a list was shown: its running rows as they are now, and how many runs are new."""
    narrowed, zone = Narrowed(request), zone_of(request)
    filters, within = narrowed.filters, narrowed.query()
    shown = _uuids(request.GET.get("running", ""))
    changed = request.team.runs.filter(uuid__in=shown).values(*COLUMNS) if shown else []  # type: ignore[attr-defined]
    hidden = hidden_from(request.membership).ids  # type: ignore[attr-defined]
    seen = (run for run in changed if run["id"] not in hidden)
    rows = {str(run["uuid"]): _row_html(request, row_of(run, zone, within=within)) for run in seen}
    after = _number(request.GET.get("after", "")) or 0
    fresh = 0 if filters.asked else filters.narrow(request.team.runs).filter(id__gt=after)[:COUNTED].count()  # type: ignore[attr-defined]
    return JsonResponse({"rows": rows, "fresh": _fresh_words(fresh) if fresh else ""})


def _rows(request: HttpRequest, narrowed: Narrowed, found: Found) -> dict[str, Any]:
    zone = zone_of(request)
    first, last = (found.rows[0], found.rows[-1]) if found.rows else (None, None)
    day = last["started_at"].astimezone(zone).date().isoformat() if last else ""
    return {
        "days": by_day(found.rows, zone, request.GET.get("day", ""), found.excerpts, narrowed.query()),
        # In the middle of the list nothing is news: what is newer stands behind a button.
        "newest": LARGEST_ID if found.has_newer else first["id"] if first else 0,
        "older": narrowed.query(before=last["id"], day=day) if last and found.has_older else "",
        "newer": narrowed.query(after=first["id"]) if first and found.has_newer else "",
        "given_up": found.given_up_at and day_name(found.given_up_at, zone),
        "filters": narrowed,
        "is_more": _is_for_more(request),
        "is_htmx": bool(request.htmx),  # type: ignore[attr-defined]
    }


def _around(request: HttpRequest, narrowed: Narrowed, found: Found) -> dict[str, Any]:
    """What the page shows around its rows; older rows alone need none of it."""
    filters = narrowed.filters
    wider = widened(filters.q) if not found.rows else ""
    return {
        "count": _count_words(*count(request.team, filters, found), bool(narrowed)),  # type: ignore[attr-defined]
        "chips": narrowed.chips(),
        "choices": narrowed.choices(),
        "more_filters": narrowed.more(),
        "wider": wider,
        "wider_query": narrowed.query(q=wider),
        "is_empty_question": bool(filters.q and not filters.asked),
        "is_lost": any(name in request.GET and not _position(request, name) for name in ("before", "after"))
        or ("at" in request.GET and not _just_after(request)),
        "export": narrowed.query(),
        **_keeping(request),
    }


def _keeping(request: HttpRequest) -> dict[str, Any]:
    if request.htmx:  # type: ignore[attr-defined]
        return {}
    rule = Keeping.of(request.team.pk)  # type: ignore[attr-defined]
    return {"keeping": sentence(rule), "keeping_fields": fields_of(rule) if may_rule(request) else ()}  # type: ignore[arg-type]


def _is_for_more(request: HttpRequest) -> bool:
    """Whether rows are asked for that follow those a page shows already."""
    return bool(request.htmx) and _position(request, "before") is not None  # type: ignore[attr-defined]


def _template(request: HttpRequest) -> str:
    if not request.htmx or request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return "history/page.html"
    return "history/page.html#older" if _is_for_more(request) else "history/page.html#list"


def _row_html(request: HttpRequest, row: Any) -> str:
    return render_to_string("history/row.html", {"row": row}, request)


def _count_words(count: int, are_more: bool, is_filtered: bool) -> str:
    if are_more:
        return _("%(count)s+ runs") % {"count": figures.count(count)}
    if not count:
        return _("no run fits") if is_filtered else _("no runs yet")
    return ngettext("%(count)s run", "%(count)s runs", count) % {"count": figures.count(count)}


def _fresh_words(count: int) -> str:
    if count >= COUNTED:
        return _("%(count)s+ new runs") % {"count": figures.count(COUNTED)}
    return ngettext("%(count)s new run", "%(count)s new runs", count) % {"count": figures.count(count)}


def _position(request: HttpRequest, name: str) -> int | None:
    return _number(request.GET.get(name, ""))


def _just_after(request: HttpRequest) -> int | None:
    """The position from which a list begins with the run that `?at=` names."""
    for name in _uuids(request.GET.get("at", ""))[:1]:
        run = request.team.runs.filter(uuid=name).values_list("id", flat=True).first()  # type: ignore[attr-defined]
        return run and run + 1
    return None


def _number(text: str) -> int | None:
    """A number the database can hold, if that is what the address says."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    return min(int(text), LARGEST_ID)


def _uuids(text: str) -> list[str]:
    """The UUIDs in a list parted by commas; what is none is left out."""
    named = text.split(",")[:LONGEST_LIST_OF_RUNNING]
    return [name for name in named if len(name) == 36 and not set(name) - set("0123456789abcdef-")]
