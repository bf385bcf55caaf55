"""Checks: folders and their rounds, one round as it goes, one saved request with its checks and results over time."""

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.requests import MemberRequest
from accounts.texts import refuse_unprintable
from playground.checks import conductor, rounds
from playground.checks.judging import BadDemand, check_demand, words_of
from playground.models import Check, CheckResult, CheckRound, Right, SavedRequest
from playground.views import figures
from playground.views.frame import avatar
from playground.views.saved.finding import found

ROUNDS_SHOWN, RESULTS_SHOWN = 30, 60
MOST_CHECKS = 40
CHART_HEIGHT, BAR_WIDTH = 64, 12
ICONS = {
    "waiting": "clock", "running": "", "passed": "circle-check", "failed": "circle-x", "error": "triangle-alert",
    "skipped": "circle-stop",
}  # fmt: skip
STATES = {"passed": "succeeded", "failed": "failed", "error": "cut_short", "skipped": "stopped", "waiting": "idle"}


class CheckForm(forms.Form):
    """One demand, as it is typed."""

    kind = forms.ChoiceField(choices=Check.Kind, label=gettext_lazy("Check"))
    path = forms.CharField(required=False, max_length=400, validators=[refuse_unprintable], label="JSONPath")
    expected = forms.CharField(
        max_length=20_000, strip=False, validators=[refuse_unprintable], label=gettext_lazy("Expected"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A demand must be one that an answer can be held against."""
        given = super().clean() or {}
        if "kind" in given and "expected" in given:
            try:
                check_demand(given["kind"], given.get("path", ""), given["expected"])
            except BadDemand as error:
                raise forms.ValidationError(str(error)) from error
        return given


@require_safe
@member_required
def checks(request: MemberRequest) -> HttpResponse:
    """The folders that have checks, and the rounds of the team."""
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team, checks__isnull=False)
    rows = seen.annotate(checks_count=Count("checks")).order_by("folder", "name")
    folders: dict[str, list[Any]] = {}
    for row in rows[:500]:
        folders.setdefault(row.folder, []).append(row)
    shown = CheckRound.objects.visible_to(request.user).filter(team=request.team).select_related("person", "request")
    context = {
        "folders": folders.items(),
        "rounds": [_round(request, each) for each in shown.order_by("-started_at")[:ROUNDS_SHOWN]],
    }
    return render(request, "checks/page.html", context)


@require_POST
@member_required
def run(request: MemberRequest) -> HttpResponse:
    """Run the checks of a folder, of everything, or of one request; go to where they are seen."""
    folder = request.POST.get("folder", "").replace("\0", "")[:200]
    asked = request.POST.get("request", "")
    try:
        saved = found(request, UUID(asked))[0] if asked else None
        made = rounds.begin(request.user, request.team, folder=folder, request=saved)
    except ValueError as error:
        raise Http404 from error
    except rounds.NothingToRun as nothing:
        messages.error(request, str(nothing))
        return redirect("checks")
    conductor.wake()
    return redirect("check_round", id=made.pk)


@require_safe
@member_required
def check_round(request: MemberRequest, id: UUID) -> HttpResponse:
    """One round, as it goes; htmx asks for its part while it does."""
    shown = _found_round(request, id)
    template = "checks/round.html#progress" if request.htmx else "checks/round.html"
    return render(request, template, {"round": shown, **_round(request, shown), "rows": _rows(request, shown)})


@require_POST
@member_required
def stop(request: MemberRequest, id: UUID) -> HttpResponse:
    """Start nothing more and stop what runs; for the person who began it."""
    shown = _found_round(request, id)
    if shown.person_id != request.user.pk:
        raise Http404
    CheckRound.objects.filter(pk=shown.pk, ended_at=None).update(stop_asked=True)
    return redirect("check_round", id=id)


@require_safe
@member_required
def checks_of(request: MemberRequest, id: UUID) -> HttpResponse:
    """The checks of a saved request and what came of them."""
    saved, right = found(request, id)
    return _checks_page(request, saved, right, CheckForm())


@require_POST
@member_required
def add(request: MemberRequest, id: UUID) -> HttpResponse:
    """Demand something more of its answers."""
    saved, right = found(request, id, Right.EDIT)
    form = CheckForm(request.POST)
    if saved.checks.count() >= MOST_CHECKS:
        form.add_error(None, _("A request has at most 40 checks."))
    if not form.is_valid():
        return _checks_page(request, saved, right, form)
    Check.objects.create(request=saved, **form.cleaned_data)
    return redirect("checks_of", id=id)


@require_POST
@member_required
def remove(request: MemberRequest, id: UUID, check: int) -> HttpResponse:
    """Demand it no longer."""
    saved, _right = found(request, id, Right.EDIT)
    saved.checks.filter(pk=check).delete()
    return redirect("checks_of", id=id)


def _checks_page(request: MemberRequest, saved: SavedRequest, right: Right, form: CheckForm) -> HttpResponse:
    ended = CheckResult.objects.filter(request=saved, ended_at__isnull=False).select_related("round__person")
    results = [_result(each) for each in ended.order_by("-id")[:RESULTS_SHOWN]]
    context = {
        "saved": saved,
        "checks": saved.checks.all(),
        "form": form,
        "may_edit": right is Right.EDIT,
        "may_run": right is not Right.VIEW,
        "results": results,
        "chart": _chart(results[::-1]),
    }
    return render(request, "checks/request.html", context, status=400 if form.errors else 200)


def _found_round(request: MemberRequest, id: UUID) -> CheckRound:
    seen = CheckRound.objects.visible_to(request.user).filter(team=request.team, pk=id)
    shown = seen.select_related("person", "request").first()
    if shown is None:
        raise Http404
    return shown


def _visible_results(request: MemberRequest, shown: CheckRound) -> Any:
    """Results of requests the person sees; a teammate's own requests are no business of others."""
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team)
    return shown.results.filter(request__in=seen)


def _round(request: MemberRequest, shown: CheckRound) -> dict[str, Any]:
    counted = Counter(_visible_results(request, shown).values_list("state", flat=True))
    total = sum(counted.values())
    done = total - counted["waiting"] - counted["running"]
    name = shown.person.display_name if shown.person else _("someone who has left")
    return {
        "round": shown,
        "title": _title(request, shown),
        "person": {"name": name, "avatar": avatar(name)},
        "is_mine": shown.person_id == request.user.pk,
        "total": total,
        "done": done,
        "passed": counted["passed"],
        "failed": counted["failed"],
        "errors": counted["error"],
        "skipped": counted["skipped"],
        "parts": _parts(counted, total),
        "percent": round(100 * done / total) if total else 100,
    }


def _title(request: MemberRequest, shown: CheckRound) -> str:
    if shown.request_id:
        is_seen = SavedRequest.objects.visible_to(request.user).filter(pk=shown.request_id).exists()
        return shown.request.name if is_seen and shown.request else _("A request of theirs")
    return shown.folder or _("All folders")


def _parts(counted: Counter[str], total: int) -> list[tuple[str, float, float]]:
    """The stretches of the progress bar: state, where it begins and how wide it is, in hundredths."""
    parts, begin = [], 0.0
    for state in ("passed", "failed", "error", "skipped"):
        width = 100 * counted[state] / total if total else 0
        if width:
            parts.append((state, round(begin, 2), round(width, 2)))
        begin += width
    return parts


def _rows(request: MemberRequest, shown: CheckRound) -> list[dict[str, Any]]:
    return [_result(each) for each in _visible_results(request, shown).order_by("place").select_related("request")]


def _result(result: CheckResult) -> dict[str, Any]:
    return {
        "result": result,
        "icon": ICONS[result.state],
        "look": STATES.get(result.state, result.state),
        "has_run": result.state not in ("waiting", "skipped") or result.total_ms is not None,
        "total": figures.duration(result.total_ms),
        "cost": figures.money(result.cost),
        "outcomes": [_outcome(outcome) for outcome in result.outcomes],
        "failing": [outcome for outcome in map(_outcome, result.outcomes) if not outcome["passed"]],
        "met": sum(outcome["passed"] for outcome in result.outcomes),
    }


def _outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    told = words_of(outcome["code"], outcome["found"])
    return {**outcome, "word": Check.Kind(outcome["kind"]).label, "told": told}


def _chart(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Results over time, oldest first: a bar each, as high as it took long."""
    most = max((row["result"].total_ms or 0 for row in results), default=0) or 1
    bars = []
    for place, row in enumerate(results):
        height = max(4, round(CHART_HEIGHT * (row["result"].total_ms or 0) / most))
        bars.append({"row": row, "x": place * BAR_WIDTH, "y": CHART_HEIGHT - height, "height": height})
    return {"bars": bars, "width": max(1, len(results)) * BAR_WIDTH, "longest": figures.duration(most)}
