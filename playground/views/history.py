"""Every run of the team, newest first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from accounts.models import Membership, Team
from accounts.requests import MemberRequest
from playground.models.runs import RunQuerySet, State, id_at
from playground.views import figures
from playground.views.run_rows import COLUMNS, by_day, operation_title, row_of, zone_of

PAGE = 50
COUNTED = 1000
CHOICES_FROM = 1000
LONGEST_LIST_OF_RUNNING = 100
FILTERS = ("operation", "model", "state", "person", "key", "since", "until")
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to, as the address says it."""

    operation: str = ""
    model: str = ""
    state: str = ""
    person: str = ""
    key: str = ""
    # Days of the person's calendar, both included.
    since: str = ""
    until: str = ""
    zone: tzinfo = UTC

    @classmethod
    def of(cls, request: MemberRequest) -> "Filters":
        asked = {name: request.GET.get(name, "") for name in FILTERS}
        if asked["state"] not in State.values:
            asked["state"] = ""
        if not asked["person"].isdecimal() or len(asked["person"]) > 18:
            asked["person"] = ""
        asked["key"] = "".join(_uuids(asked["key"])[:1])
        asked |= {name: asked[name] if _day(asked[name]) else "" for name in ("since", "until")}
        return cls(**{name: value.replace("\0", "")[:200] for name, value in asked.items()}, zone=zone_of(request))

    def narrow(self, runs: RunQuerySet) -> RunQuerySet:
        """Those of the runs that fit."""
        given: dict[str, Any] = {
            "operation": self.operation, "model": self.model, "state": self.state, "user": self.person, "key": self.key,
            "id__gte": self._id_at(self.since, 0), "id__lt": self._id_at(self.until, 1),
        }  # fmt: skip
        return runs.filter(**{name: value for name, value in given.items() if value})

    def __bool__(self) -> bool:
        return any(self._given().values())

    def query(self, **more: Any) -> str:
        """The filters as the query of an address."""
        return urlencode({name: value for name, value in {**self._given(), **more}.items() if value})

    def _given(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FILTERS}

    def _id_at(self, day: str, days_later: int) -> int | None:
        """The first id that a run of a day can have, or of one some days later."""
        begin = _day(day)
        return id_at(datetime.combine(begin + timedelta(days=days_later), time(), self.zone)) if begin else None


@require_safe
@member_required
def history(request: MemberRequest) -> HttpResponse:
    """The page, or the rows alone when htmx asks for them."""
    filters = Filters.of(request)
    runs = filters.narrow(request.team.runs.newest_first())
    before = _number(request.GET.get("before"))
    context = _rows(request, filters, runs.older_than(before) if before else runs)
    response = render(request, _template(request, before), _with_frame(request, filters, runs, context))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@member_required
def news(request: MemberRequest) -> JsonResponse:
    """What has changed since a list was shown: its running rows as they are now, and how many runs are new."""
    filters = Filters.of(request)
    runs = filters.narrow(request.team.runs.all())
    shown = _uuids(request.GET.get("running", ""))
    zone = zone_of(request)
    changed = request.team.runs.filter(uuid__in=shown).values(*COLUMNS) if shown else []
    rows = {str(run["uuid"]): _row_html(request, row_of(run, zone)) for run in changed}
    fresh = runs.filter(id__gt=_number(request.GET.get("after")) or 0)[:COUNTED].count()
    return JsonResponse({"rows": rows, "fresh": _fresh_words(fresh) if fresh else ""})


def _rows(request: MemberRequest, filters: Filters, runs: RunQuerySet) -> dict[str, Any]:
    found = list(runs.values(*COLUMNS)[: PAGE + 1])
    shown, zone = found[:PAGE], zone_of(request)
    last = shown[-1] if shown else None
    older = last and len(found) > PAGE
    day = last["started_at"].astimezone(zone).date().isoformat() if last else ""
    return {
        "days": by_day(shown, zone, request.GET.get("day", "")),
        "newest": shown[0]["id"] if shown else 0,
        "older": filters.query(before=last["id"], day=day) if last and older else "",
        "filters": filters,
        "is_htmx": bool(request.htmx),
    }


def _with_frame(request: MemberRequest, filters: Filters, runs: RunQuerySet, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows around its rows; older rows alone need none of it."""
    if request.htmx and "before" in request.GET:
        return context
    context["count"] = _count_words(runs[: COUNTED + 1].count(), bool(filters))
    context["choices"] = _choices(request.team, filters)
    return context


def _template(request: MemberRequest, before: int | None) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "history/page.html"
    return "history/page.html#older" if before else "history/page.html#list"


def _row_html(request: MemberRequest, row: Any) -> str:
    return render_to_string("history/row.html", {"row": row}, request)


def _choices(team: Team, filters: Filters) -> list[dict[str, Any]]:
    """The filters with what the team's last runs offer to choose from."""
    recent = list(team.runs.newest_first().values_list("operation", "model")[:CHOICES_FROM])
    operations = {name for name, _model in recent} | {filters.operation} - {""}
    models = {model for _name, model in recent if model} | {filters.model} - {""}
    people = Membership.objects.filter(team=team).select_related("user").order_by("user__name", "user__email")
    return [
        _choice(
            "operation", _("Operation"), filters, sorted(((id, operation_title(id)) for id in operations), key=_title)
        ),
        _choice("model", _("Model"), filters, [(model, model) for model in sorted(models)]),
        _choice("state", _("State"), filters, [(value, str(word)) for value, word in State.choices]),
        _choice("person", _("Person"), filters, [(str(m.user_id), m.user.display_name) for m in people]),
    ]


def _choice(name: str, label: str, filters: Filters, options: list[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "chosen": getattr(filters, name)}


def _title(option: tuple[str, str]) -> str:
    return option[1]


def _count_words(count: int, is_filtered: bool) -> str:
    if count > COUNTED:
        return _("%(count)s+ runs") % {"count": figures.count(COUNTED)}
    if not count:
        return _("no run fits") if is_filtered else _("no runs yet")
    return ngettext("%(count)s run", "%(count)s runs", count) % {"count": figures.count(count)}


def _fresh_words(count: int) -> str:
    if count >= COUNTED:
        return _("%(count)s+ new runs") % {"count": figures.count(COUNTED)}
    return ngettext("%(count)s new run", "%(count)s new runs", count) % {"count": figures.count(count)}


def _day(text: str) -> date | None:
    """The day that is meant by its ISO spelling."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 2100 else None


def _number(text: str | None) -> int | None:
    """A number the database can hold, if that is what the address says."""
    if not text or not text.isdecimal() or len(text) > 19:
        return None
    return min(int(text), LARGEST_ID)


def _uuids(text: str) -> list[str]:
    """The UUIDs in a list parted by commas; what is none is left out."""
    named = text.split(",")[:LONGEST_LIST_OF_RUNNING]
    return [name for name in named if len(name) == 36 and not set(name) - set("0123456789abcdef-")]
