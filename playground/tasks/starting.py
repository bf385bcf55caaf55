"""Tasks out of runs: every run that submitted something gets its Task, once, whoever notices first."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from playground import catalogue
from playground.models import Run, State, Task
from playground.models.runs import TASK_DIALECTS, id_at

logger = logging.getLogger(__name__)

KINDS = dict(zip(TASK_DIALECTS, (Task.Kind.SORA, Task.Kind.MIDJOURNEY), strict=True))
MISSED_HOURS = 24

# What is followed: calls after which the document says to ask for a task.
SUBMITS = frozenset(
    row.id for row in catalogue.operations() if row.dialect in KINDS and row.method == "POST" and row.follow_up
)


def begin_of(run_ids: Iterable[int]) -> int:
    """Make the Tasks of these runs, where they submitted something and have none; how many were made."""
    ended = Run.objects.filter(dialect__in=TASK_DIALECTS, id__in=list(run_ids))
    runs = ended.filter(state=State.SUCCEEDED, operation__in=SUBMITS, task=None)
    tasks = [task for run in runs if (task := _task_of(run))]
    # Of two processes that noticed the same run, one makes its task.
    Task.objects.bulk_create(tasks, ignore_conflicts=True)
    return len(tasks)


def begin_missed() -> int:
    """Make the Tasks of runs whose process died before it could; how many were made."""
    since = id_at(timezone.now() - timedelta(hours=MISSED_HOURS))
    submits = Run.objects.filter(dialect__in=TASK_DIALECTS, id__gte=since)
    missed = submits.filter(state=State.SUCCEEDED, operation__in=SUBMITS, task=None)
    return begin_of(missed.values_list("id", flat=True))


def _task_of(run: Run) -> Task | None:
    told = next((frame for frame in reversed(run.told()) if frame["kind"] == "task" and frame.get("id")), None)
    if told is None:
        logger.info("run %s submitted something but was given no task", run.uuid)
        return None
    return Task(
        run=run,
        team_id=run.team_id,
        user_id=run.user_id,
        key_id=run.key_id,
        kind=KINDS[run.dialect],
        upstream_id=told["id"],
        raw_state=str(told.get("raw_state") or "")[:40],
        next_at=timezone.now() + timedelta(seconds=settings.TASK_POLL_SECONDS),
    )
