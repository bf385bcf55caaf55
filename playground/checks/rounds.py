"""A round of checks in the database: begun once, taken up by one process, its results kept one by one."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from playground import catalogue
from playground.checks.judging import answer_of, judge
from playground.models import Check, CheckResult, CheckRound, Process, Right, Run, SavedRequest, State
from playground.saved.calls import start_of

MOST_AT_ONCE = 200
Results = CheckResult.State


class NothingToRun(Exception):
    """There is no saved request here that the person may run; the text says so."""


@transaction.atomic
def begin(person: User, team: Team, *, folder: str = "", request: SavedRequest | None = None) -> CheckRound:
    """A new round over a folder and those in it, or over one request; the one that is under way already, if any.

    Raises NothingToRun.
    """
    # Two presses of one button wait for each other here.
    User.objects.select_for_update().get(pk=person.pk)
    same = CheckRound.objects.under_way().filter(team=team, person=person, folder=folder, request=request).first()
    if same:
        return same
    runnable = [each for each in _requests(person, team, folder, request) if _may_run(each, person)]
    if not runnable:
        raise NothingToRun(_("There is no saved request here that you may run."))
    made = CheckRound.objects.create(team=team, person=person, folder=folder, request=request)
    CheckResult.objects.bulk_create(
        CheckResult(round=made, place=place, request=each, name=each.name, version=each.version)
        for place, each in enumerate(runnable)
    )
    return made


def _requests(person: User, team: Team, folder: str, request: SavedRequest | None) -> list[SavedRequest]:
    if request is not None:
        return [request]
    seen = SavedRequest.objects.visible_to(person).filter(team=team).select_related("team")
    within = seen.filter(Q(folder=folder) | Q(folder__startswith=f"{folder}/")) if folder else seen
    return list(within.filter(checks__isnull=False).distinct().order_by("folder", "name", "created")[:MOST_AT_ONCE])


def _may_run(request: SavedRequest, person: User) -> bool:
    right = request.right_of(person)
    operation = catalogue.find(request.operation)
    return right is not None and right is not Right.VIEW and operation is not None and operation.kind == "operation"


@transaction.atomic
def take_up(process: uuid.UUID) -> CheckRound | None:
    """A round that no living process looks after, from now on looked after by `process`."""
    since = timezone.now() - timedelta(seconds=settings.RUN_ABANDONED_SECONDS)
    living = Process.objects.filter(beat_at__gt=since).values("id")
    found = CheckRound.objects.abandoned(living).select_for_update(skip_locked=True).order_by("started_at").first()
    if found:
        found.owner = process
        found.save(update_fields=["owner"])
    return found


def waiting(round_id: uuid.UUID) -> list[int]:
    """Results that are still to come, in their order."""
    open_ = CheckResult.objects.filter(round=round_id, state__in=(Results.WAITING, Results.RUNNING))
    return list(open_.order_by("place").values_list("pk", flat=True))


def is_stopped(round_id: uuid.UUID) -> bool:
    """Whether somebody has asked the round to stop."""
    return not CheckRound.objects.filter(pk=round_id, stop_asked=False).exists()


def language_of(round_id: uuid.UUID) -> str:
    """The language of the person a round is for: refusals are sentences."""
    person = CheckRound.objects.filter(pk=round_id).values_list("person__language", flat=True).first()
    return person or settings.LANGUAGE_CODE


def start_message(result_id: int) -> dict[str, Any] | None:
    """What starts the run of a result, under the name it had from the beginning; None when it cannot be run any more."""
    result = CheckResult.objects.select_related("request__team", "round__person").get(pk=result_id)
    person, request = result.round.person, result.request
    if request is None or person is None or not _may_run(request, person):
        _end(result, Results.ERROR, why=_("It is gone, or may no longer be run."))
        return None
    operation = catalogue.find(request.operation)
    version = request.versions.filter(number=result.version).first() or request.current
    assert operation is not None
    message = start_of(version.call, operation)
    CheckResult.objects.filter(pk=result_id).update(state=Results.RUNNING)
    whose = {"user_id": person.pk, "team_id": result.round.team_id}
    return {"message": {**message, "run": str(result.run), "saved": str(request.pk), "variables": {}}, **whose}


def refuse(result_id: int, why: str) -> None:
    """Its run was not begun."""
    _end(CheckResult.objects.get(pk=result_id), Results.ERROR, why=why)


def skip(result_id: int) -> None:
    """It was not run: the round was stopped."""
    _end(CheckResult.objects.get(pk=result_id), Results.SKIPPED)


def keep(result_id: int) -> None:
    """Its run has ended: hold the checks against the answer."""
    result = CheckResult.objects.select_related("request").get(pk=result_id)
    run = Run.objects.filter(uuid=result.run).first()
    if run is None:
        return _end(result, Results.ERROR, why=_("Its run is gone."))
    result.total_ms, result.cost = run.total_ms, run.cost
    if run.state != State.SUCCEEDED:
        return _end(result, Results.SKIPPED if run.state == State.STOPPED else Results.ERROR)
    answer = answer_of(run.told(), run.total_ms, run.cost)
    result.outcomes = [_judged(check, answer) for check in Check.objects.filter(request=result.request)]
    passed = all(outcome["passed"] for outcome in result.outcomes)
    return _end(result, Results.PASSED if passed else Results.FAILED)


def finish(round_id: uuid.UUID) -> None:
    """Nothing is to come any more."""
    CheckRound.objects.filter(pk=round_id, ended_at=None).update(ended_at=timezone.now(), owner=None)


def _judged(check: Check, answer: Any) -> dict[str, Any]:
    outcome = judge(check.kind, check.path, check.expected, answer)
    return {
        "kind": check.kind,
        "path": check.path,
        "expected": check.expected[:400],
        "passed": outcome.passed,
        "code": outcome.code,
        "found": _plain(outcome.found),
    }


def _end(result: CheckResult, state: CheckResult.State, why: str = "") -> None:
    result.state, result.why, result.ended_at = state, _plain(why)[:400], timezone.now()
    result.save(update_fields=["state", "why", "ended_at", "outcomes", "total_ms", "cost"])


def _plain(text: str) -> str:
    """What Postgres can hold of a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
