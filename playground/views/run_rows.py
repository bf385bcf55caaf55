"""One run as lists show it: every figure spelled out here, so that a template of many rows has nothing to work out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from playground import catalogue
from playground.models.runs import State
from playground.search.excerpts import Excerpt
from playground.views import figures
from playground.views.frame import avatar
from playground.views.makers import mark_of

COLUMNS = (
    "id", "uuid", "operation", "model", "summary", "state", "status", "has_media", "started_at", "first_text_ms",
    "total_ms", "input_tokens", "output_tokens", "cost", "currency", "user_id", "user__name", "user__email",
    "tags", "is_starred",
)  # fmt: skip

ICONS = {
    State.RUNNING: "",
    State.SUCCEEDED: "circle-check",
    State.FAILED: "circle-x",
    State.CUT_SHORT: "split",
    State.STOPPED: "circle-stop",
    State.INTERRUPTED: "zap",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A run in a list."""

    id: int
    uuid: str
    url: str
    title: str
    summary: str
    model: str
    mark: str
    letter: str
    state: str
    state_icon: str
    state_word: str
    person: str
    avatar: dict[str, Any]
    first_text: str
    total: str
    tokens: str
    cost: str
    moment: str
    clock: str
    has_media: bool
    tags: list[str]
    is_starred: bool
    place: str
    hit: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The runs of one day; `name` is empty where the list before has named the day already."""

    name: str
    rows: list[Row]


def row_of(run: dict[str, Any], zone: ZoneInfo, excerpt: Excerpt | None = None, within: str = "") -> Row:
    """A run's columns as people read them; `excerpt` is where the words stand that were searched for.

    `within` are the filters of the list, as a query: the run's page goes on to its neighbours in the same list.
    """
    person = run["user__name"] or (run["user__email"] or "").partition("@")[0] or _("someone who has left")
    state = State(run["state"])
    return Row(
        id=run["id"],
        uuid=str(run["uuid"]),
        url=address_of(run["uuid"]) + (within and f"?{within}"),
        title=operation_title(run["operation"]),
        summary=run["summary"],
        model=run["model"],
        mark=mark_of(run["model"]),
        letter=run["model"][:1].upper(),
        state=state.value,
        state_icon=ICONS[state],
        state_word=state_word(state, run["status"]),
        person=person,
        avatar=avatar(person),
        first_text=figures.duration(run["first_text_ms"]),
        total=figures.duration(_lasted(run)),
        tokens=figures.tokens(run["input_tokens"], run["output_tokens"]),
        cost=figures.money(run["cost"], run["currency"]),
        moment=run["started_at"].isoformat(),
        clock=f"{run['started_at'].astimezone(zone):%H:%M}",
        has_media=run["has_media"],
        tags=run["tags"],
        is_starred=run["is_starred"],
        place=place_word(excerpt.where) if excerpt else "",
        hit=excerpt.parts if excerpt else (),
    )


def address_of(run: UUID) -> str:
    """The address of a run's page; asked for with every row, so not worked out anew."""
    before, after = _around_a_run(get_script_prefix())
    return f"{before}{run}{after}"


@lru_cache(maxsize=8)
def _around_a_run(prefix: str) -> tuple[str, str]:
    none = UUID(int=0)
    before, _none, after = reverse("run", args=[none]).partition(str(none))
    return before, after


def place_word(where: str) -> str:
    """Where in a run something was said."""
    words = {
        "system": _("system"), "user": _("user"), "assistant": _("assistant"), "tool_result": _("tool result"),
        "tools": _("tools"), "documents": _("documents"), "schema": _("schema"), "request": _("request"),
        "answer": _("answer"), "thinking": _("thinking"), "refusal": _("refusal"), "tool_call": _("tool call"),
        "problem": _("problem"),
    }  # fmt: skip
    return words[where]


def by_day(
    runs: Iterable[dict[str, Any]],
    zone: ZoneInfo,
    named: str = "",
    excerpts: Mapping[int, Excerpt] | None = None,
    within: str = "",
) -> list[Day]:
    """The runs under the days of the person's calendar. `named`: the day that the list before ends with."""
    days: list[Day] = []
    last = named
    for run in runs:
        day = run["started_at"].astimezone(zone).date()
        if not days or day.isoformat() != last:
            days.append(Day("" if day.isoformat() == named else day_name(day, zone), []))
            last = day.isoformat()
        days[-1].rows.append(row_of(run, zone, (excerpts or {}).get(run["id"]), within))
    return days


def day_name(day: date, zone: ZoneInfo) -> str:
    """Today, yesterday, or the day with its weekday."""
    age = (timezone.now().astimezone(zone).date() - day).days
    if age <= 0:
        return _("Today")
    if age == 1:
        return _("Yesterday")
    return _calendar_day(day, get_language())


@lru_cache(maxsize=2000)
def _calendar_day(day: date, language: str | None) -> str:
    return date_format(day, "l, j F Y" if language == "en" else "Y年n月j日 l")


def state_word(state: State, status: int | None) -> str:
    """The state in a word; a failure says the HTTP status beside it."""
    word = str(state.label)
    return f"{word} · {status}" if state is State.FAILED and status and status >= 400 else word


def operation_title(id: str) -> str:
    """What the catalogue calls an operation in the page's language; its id when it is gone."""
    operation = catalogue.find(id)
    return operation.title["en" if get_language() == "en" else "zh"] if operation else id


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The person's time zone: that of their account, else the browser's, else the site's."""
    name = getattr(request.user, "timezone", "") or request.COOKIES.get("timezone", "").replace("%2F", "/")
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _lasted(run: dict[str, Any]) -> int | None:
    if run["state"] != State.RUNNING:
        return run["total_ms"]
    age: datetime = timezone.now()
    return max(0, int((age - run["started_at"]).total_seconds() * 1000))
