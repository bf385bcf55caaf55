"""The list of saved requests, and the page of one."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models import Notice, Right, Run, SavedRequest, SavedVersion, Visibility
from playground.saved.calls import model_of
from playground.saved.differences import compare
from playground.saved.sharing import may_share
from playground.saved.standing import Standing, standing_of
from playground.views.frame import avatar
from playground.views.makers import mark_of
from playground.views.run_rows import COLUMNS, operation_title, row_of, zone_of
from playground.views.saved.finding import found
from playground.views.saved.forms import DetailsForm

MOST_SHOWN = 500
RESULTS = 20


@require_safe
@member_required
def saved(request: MemberRequest) -> HttpResponse:
    """Everything the person may see, by folder."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    whose = request.GET.get("whose", "")
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team).select_related("owner")
    shown = seen.filter(_holding(words))
    if whose == "mine":
        shown = shown.filter(owner=request.user)
    elif whose == "others":
        shown = shown.exclude(owner=request.user)
    rows = list(shown.annotate(run_count=Count("runs")).order_by("folder", "name", "created")[: MOST_SHOWN + 1])
    context = {
        "folders": _folders(request, rows[:MOST_SHOWN]),
        "count": min(len(rows), MOST_SHOWN),
        "is_cut": len(rows) > MOST_SHOWN,
        "words": words,
        "whose": whose,
        "is_empty": not rows and not words and not whose,
    }
    return render(request, "saved/page.html", context)


@require_safe
@member_required
def saved_request(request: MemberRequest, id: UUID) -> HttpResponse:
    """One saved request: what it is, how its versions differ, its last results, who sees it."""
    saved, right = found(request, id)
    _mark_seen(request, saved)
    versions = list(saved.versions.select_related("author").defer("call").order_by("-number")[:200])
    model = model_of(saved.current.call)
    standing = standing_of(saved, request.user, right, model)
    context = {
        "saved": saved,
        "owner": _person(saved.owner),
        "operation": operation_title(saved.operation),
        "model": model,
        "mark": mark_of(model),
        "standing": standing,
        "may_edit": right is Right.EDIT,
        "may_share": may_share(saved, request.user),
        "may_fork": may(request.membership, "run", request.team),
        "form": DetailsForm(instance=saved, initial={"tags": ", ".join(saved.tags)}),
        "versions": [{"version": each, "person": _person(each.author)} for each in versions],
        "people": _people(request, saved, model),
        "visibilities": Visibility.choices,
        "rights": Right.choices,
        "results": _results(request, saved),
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


def _folders(request: MemberRequest, rows: Iterable[SavedRequest]) -> list[dict[str, Any]]:
    return [
        {"name": name, "rows": [_row(request, saved) for saved in within]}
        for name, within in groupby(rows, key=lambda saved: saved.folder)
    ]


def _row(request: MemberRequest, saved: SavedRequest) -> dict[str, Any]:
    return {
        "saved": saved,
        "operation": operation_title(saved.operation),
        "person": _person(saved.owner),
        "is_mine": saved.owner_id == request.user.pk,
        "run_count": saved.run_count,  # type: ignore[attr-defined]
    }


def _person(user: Any) -> dict[str, Any]:
    name = user.display_name if user else _("someone who has left")
    return {"name": name, "avatar": avatar(name)}


def _mark_seen(request: MemberRequest, saved: SavedRequest) -> None:
    Notice.objects.filter(user=request.user, request=saved).mark_seen()
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
                "person": _person(member.user),
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
    """The version asked for beside the one before it, or beside that of `?with=`."""
    shown = _version(saved, request.GET.get("version", "")) or saved.current
    before = _version(saved, request.GET.get("with", "")) or _before(saved, shown)
    compared = compare(before.call, shown.call) if before else None
    return {"shown": shown, "before": before, "compared": compared}


def _version(saved: SavedRequest, number: str) -> SavedVersion | None:
    return saved.versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 10 else None


def _before(saved: SavedRequest, shown: SavedVersion) -> SavedVersion | None:
    return saved.versions.filter(number__lt=shown.number).order_by("-number").first()
