"""The list of saved requests, and the page of one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.prepared import Prepared, together
from accounts.requests import MemberRequest
from playground.models import Right, Run, SavedFolder, SavedRequest, SavedRun, SavedVersion, State, Visibility
from playground.models.saved import SavedRequestQuerySet, below
from playground.saved import talking
from playground.saved.calls import model_of
from playground.saved.differences import compare, everything
from playground.saved.folders import tree_of
from playground.saved.sharing import may_share
from playground.saved.standing import Standing, standing_of
from playground.views import figures
from playground.views.makers import mark_of
from playground.views.run_rows import COLUMNS, ICONS, operation_title, row_of, state_word, zone_of
from playground.views.saved import comments, running, suggestions
from playground.views.saved.finding import found
from playground.views.saved.forms import DetailsForm, stamp_of
from playground.views.saved.people import person_of

MOST_SHOWN = 500
RESULTS = 20
LAST_RESULTS = 5
MOST_TAGS = 30
_RESULT = ("id", "uuid", "state", "status", "total_ms", "started_at")


@require_safe
@member_required
def saved(request: MemberRequest) -> HttpResponse:
    """Everything the person may see, by folder."""
    asked = _Asked.of(request)
    here = {"user": request.user.pk, "team": request.team.pk}
    if asked.is_any:
        rows, seen = list(asked.narrow(_listed(**here), request)[: MOST_SHOWN + 1]), _SEEN(**here)
    else:
        rows, seen = together((_LISTED, here), (_SEEN, here))
    paths = _paths(request, seen)
    context = {
        "folders": _folders(request, rows[:MOST_SHOWN]),
        "count": min(len(rows), MOST_SHOWN),
        "is_cut": len(rows) > MOST_SHOWN,
        "asked": asked,
        "tree": tree_of(paths.items()),
        "paths": sorted(path for path in paths if path),
        "whole": sum(paths.values()),
        "tags": _tags(seen),
        "others": sum(owner != request.user.pk for _folder, _tags, owner in seen),
        "may_change": may(request.membership, "run", request.team),
        "is_empty": not paths,
    }
    return render(request, "saved/page.html", context)


def _visible(user: int, team: int) -> SavedRequestQuerySet:
    return SavedRequest.objects.visible_to(user).filter(team=team)


def _listed(user: int, team: int) -> SavedRequestQuerySet:
    """All that the person sees, with what the list tells of each, in its order."""
    whole = _visible(user, team).select_related("owner", "team").annotate(run_count=Count("runs"))
    return whole.order_by("folder", "name", "created")


_LISTED = Prepared(lambda user, team: _listed(user, team)[: MOST_SHOWN + 1], user=int, team=int)
_SEEN = Prepared(lambda user, team: _visible(user, team).values_list("folder", "tags", "owner_id"), user=int, team=int)

Facts = tuple[str, list[str], int | None]  # of a saved request: its folder, its tags, its owner


@dataclass(frozen=True)
class _Asked:
    """What the list is narrowed to."""

    words: str
    whose: str
    folder: str
    tag: str

    @classmethod
    def of(cls, request: MemberRequest) -> "_Asked":
        given = {
            name: request.GET.get(name, "").replace("\0", "").strip()[:200] for name in ("q", "whose", "folder", "tag")
        }
        return cls(given["q"], given["whose"], given["folder"], given["tag"])

    def narrow(self, seen: SavedRequestQuerySet, request: MemberRequest) -> SavedRequestQuerySet:
        shown = seen.filter(_holding(self.words))
        if self.folder:
            shown = shown.filter(below(self.folder))
        if self.tag:
            shown = shown.filter(tags__contains=[self.tag])
        if self.whose == "mine":
            return shown.filter(owner=request.user)
        return shown.exclude(owner=request.user) if self.whose == "others" else shown

    @property
    def is_any(self) -> bool:
        return bool(self.words or self.whose or self.folder or self.tag)


@require_safe
@member_required
def saved_request(request: MemberRequest, id: UUID) -> HttpResponse:
    """One saved request: what it is, how its versions differ, its last results, who sees it."""
    saved, right = found(request, id)
    _mark_seen(request, saved)
    return shown(request, saved, right)


def shown(request: MemberRequest, saved: SavedRequest, right: Right, form: DetailsForm | None = None) -> HttpResponse:
    """Its page; `form` holds details that were typed while somebody else changed them."""
    versions = list(saved.versions.select_related("author").defer("call").order_by("-number")[:200])
    model = model_of(saved.current.call)
    standing = standing_of(saved, request.user, right, model)
    context = {
        "saved": saved,
        "owner": person_of(saved.owner),
        "operation": operation_title(saved.operation),
        "model": model,
        "mark": mark_of(model),
        "standing": standing,
        "may_edit": right is Right.EDIT,
        "may_share": may_share(saved, request.user),
        "may_fork": may(request.membership, "run", request.team),
        "form": form or DetailsForm(instance=saved, initial={"tags": ", ".join(saved.tags)}),
        "stamp": stamp_of(saved),
        "changed_meanwhile": form is not None,
        "versions": [{"version": each, "person": person_of(each.author)} for each in versions],
        "people": _people(request, saved, model),
        "visibilities": Visibility.choices,
        "rights": Right.choices,
        "results": _results(request, saved),
        "started": running.shown(request, saved),
        **suggestions.shown(request, saved, right),
        **comments.shown(request, saved),
        "comment_url": reverse("saved_comment", args=[saved.pk]),
        **_compared(request, saved),
    }
    return render(request, "saved/request.html", context)


def _holding(words: str) -> Q:
    """Those that hold every word in name, folder, description, tags or operation."""
    wanted = Q()
    for word in words.split()[:10]:
        places = ("name", "folder", "description", "operation")
        held = Q(tags__contains=[word])
        for place in places:
            held |= Q(**{f"{place}__icontains": word})
        wanted &= held
    return wanted


def _paths(request: MemberRequest, seen: list[Facts]) -> dict[str, int]:
    """Every folder, those without a request too, and how many requests stand right in it."""
    made = SavedFolder.objects.filter(team=request.team).values_list("path", flat=True)
    return {**dict.fromkeys(made, 0), **Counter(folder for folder, _tags, _owner in seen)}


def _tags(seen: list[Facts]) -> list[tuple[str, int]]:
    """The tags in use, the most used first."""
    counted = Counter(tag for _folder, tags, _owner in seen for tag in tags)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TAGS]


def _folders(request: MemberRequest, rows: Sequence[SavedRequest]) -> list[dict[str, Any]]:
    last = _last_results(rows)
    return [
        {"name": name, "rows": [_row(request, saved, last.get(saved.pk, [])) for saved in within]}
        for name, within in groupby(rows, key=lambda saved: saved.folder)
    ]


def _last_results(rows: Sequence[SavedRequest]) -> dict[UUID, list[dict[str, Any]]]:
    """The last few runs of each request, newest first: how they ended and where they stand."""
    place = Window(RowNumber(), partition_by=F("request_id"), order_by=F("run_id").desc())
    links = SavedRun.objects.filter(request__in=[saved.pk for saved in rows]).annotate(place=place)
    pairs = list(links.filter(place__lte=LAST_RESULTS).values_list("request_id", "run_id"))
    runs = {run["id"]: run for run in Run.objects.filter(pk__in=[run for _saved, run in pairs]).values(*_RESULT)}
    found: dict[UUID, list[dict[str, Any]]] = {}
    for saved, run_id in sorted(pairs, key=lambda pair: -pair[1]):
        if run := runs.get(run_id):
            found.setdefault(saved, []).append(_result(run))
    return found


def _result(run: dict[str, Any]) -> dict[str, Any]:
    state = State(run["state"])
    word = f"{state_word(state, run['status'])} · {figures.duration(run['total_ms'])}"
    return {"uuid": run["uuid"], "state": state.value, "icon": ICONS[state], "word": word, "at": run["started_at"]}


def _row(request: MemberRequest, saved: SavedRequest, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "results": results,
        "may_move": saved.right_of(request.user) is Right.EDIT,
        "saved": saved,
        "operation": operation_title(saved.operation),
        "person": person_of(saved.owner),
        "is_mine": saved.owner_id == request.user.pk,
        "run_count": saved.run_count,  # type: ignore[attr-defined]
    }


def _mark_seen(request: MemberRequest, saved: SavedRequest) -> None:
    talking.see(request.user, saved)
    saved.shares.filter(user=request.user, seen_at=None).update(seen_at=timezone.now())


def _people(request: MemberRequest, saved: SavedRequest, model: str) -> list[dict[str, Any]]:
    """The team's people besides the owner: their right, and whether they can really run it."""
    shares = {share.user_id: share for share in saved.shares.all()}
    members = saved.team.memberships.select_related("user").exclude(user_id=saved.owner_id or 0)
    rows = []
    for member in members.order_by("user__name", "user__email")[:MOST_SHOWN]:
        share = shares.get(member.user_id)
        right = Right(share.right) if share else None
        rows.append(
            {
                "id": member.user_id,
                "person": person_of(member.user),
                "right": right or "",
                "seen_at": share.seen_at if share else None,
                "standing": _would_stand(saved, member.user, right, model),
            }
        )
    return sorted(rows, key=lambda row: not row["right"])


def _would_stand(saved: SavedRequest, person: Any, right: Right | None, model: str) -> Standing:
    """How they stand with the right they have, or would stand with the right to run."""
    if saved.visibility == Visibility.TEAM:
        right = Right(saved.team_right)
    return standing_of(saved, person, right or Right.RUN, model)


def _results(request: MemberRequest, saved: SavedRequest) -> list[dict[str, Any]]:
    zone = zone_of(request)
    links = dict(saved.runs.order_by("-run")[:RESULTS].values_list("run_id", "version"))
    runs = Run.objects.filter(team=request.team, pk__in=links).newest_first().values(*COLUMNS)
    return [{"row": row_of(run, zone), "version": links[run["id"]]} for run in runs]


def _compared(request: MemberRequest, saved: SavedRequest) -> dict[str, Any]:
    """The version asked for, all it sends, and how it differs from the one before it, or from that of `?with=`."""
    shown = _version(saved, request.GET.get("version", "")) or saved.current
    before = _version(saved, request.GET.get("with", "")) or _before(saved, shown)
    compared = compare(before.call, shown.call) if before else None
    return {"shown": shown, "before": before, "compared": compared, "sent": everything(shown.call)}


def _version(saved: SavedRequest, number: str) -> SavedVersion | None:
    return saved.versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 10 else None


def _before(saved: SavedRequest, shown: SavedVersion) -> SavedVersion | None:
    return saved.versions.filter(number__lt=shown.number).order_by("-number").first()
