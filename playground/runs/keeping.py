"""What goes, and when: runs deleted by people, runs past a team's rule, texts of teams that keep figures only."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from playground.models import Attachment, Keeping, Run, RunCall, RunFrames, RunWords, State, Task
from playground.models.runs import id_at
from playground.patience import patient
from playground.runs.wording import make_words

logger = logging.getLogger(__name__)

SLICE = 200
# Whoever watches the end of a run may still be reading it.
GRACE = timedelta(seconds=60)
NOTHING = b'{"method":"","url":"","path":{},"query":{},"headers":[]}'
# The newest runs that fit into the size are kept, with their files; one sent with many runs counts at the newest of them.
_OVER_SIZE = """
WITH sent AS (
  SELECT max(link.run_id) AS run_id, max(file.size) AS size
  FROM playground_attachment_runs AS link JOIN playground_attachment AS file ON file.id = link.attachment_id
  WHERE file.team_id = %(team)s GROUP BY file.id
), files AS (
  SELECT run_id, sum(size) AS size FROM (
    SELECT run_id, size FROM sent
    UNION ALL SELECT run_id, size FROM playground_attachment WHERE team_id = %(team)s AND run_id IS NOT NULL
  ) AS each GROUP BY run_id
)
SELECT id FROM (
  SELECT id, state, sum(size) OVER (ORDER BY id DESC) AS upto FROM (
    SELECT run.id, run.state, coalesce(sum(octet_length(frames.frames) + coalesce(octet_length(frames.events), 0)), 0)
      + coalesce(max(octet_length(call.body)), 0) + coalesce(max(files.size), 0) AS size
    FROM playground_run AS run
    LEFT JOIN files ON files.run_id = run.id
    LEFT JOIN playground_run_frames AS frames ON frames.run_id = run.id
    LEFT JOIN playground_runcall AS call ON call.run_id = run.id
    WHERE run.team_id = %(team)s GROUP BY run.id
  ) AS sizes
) AS sums WHERE upto > %(most)s AND state <> 'running' ORDER BY id LIMIT %(slice)s
"""


def delete_runs(ids: Iterable[int]) -> int:
    """Delete ended runs with everything of theirs: request, frames, words, results. Runs under way stay."""
    with transaction.atomic():
        gone = list(
            Run.objects.select_for_update()
            .filter(id__in=list(ids))
            .exclude(state=State.RUNNING)
            .values_list("id", flat=True)
        )
        Run.objects.filter(id__in=gone).delete()
    return len(gone)


def keep_rules(slices: int = 25) -> int:
    """Do what the teams' rules say, some slices of runs for each; how many runs were deleted or emptied."""
    # The size of a team that keeps millions of runs is not summed up within a page's time.
    with patient():
        return sum(_keep_if_possible(rule, slices) for rule in Keeping.objects.all())


def _keep_if_possible(rule: Keeping, slices: int) -> int:
    """What goes wrong with one team's rule keeps no other from being kept."""
    try:
        return _keep_rule(rule, slices)
    except DatabaseError as error:
        logger.warning("the rule of team %s was not kept: %s", rule.team_id, type(error).__name__)
        return 0


def _keep_rule(rule: Keeping, slices: int) -> int:
    done = 0
    for _ in range(slices):
        step = delete_runs(_too_old(rule)) + delete_runs(_too_much(rule))
        step += 0 if rule.keeps_texts else empty(_with_texts(rule))
        done += step
        if not step:
            break
    return done


def empty(ids: list[int]) -> int:
    """Take request and answer away from these runs; their figures stay."""
    with transaction.atomic():
        runs = Run.objects.filter(id__in=ids).exclude(state=State.RUNNING)
        emptied = list(runs.select_for_update().values_list("id", flat=True))
        for run in runs.filter(id__in=emptied).prefetch_related("attachments"):
            run.attachments.all().delete()
        # What was sent with them is no longer theirs either: it goes as uploads go that nothing refers to.
        Attachment.runs.through._default_manager.filter(run__in=emptied).delete()
        RunFrames.objects.filter(run__in=emptied).delete()
        RunCall.objects.filter(run__in=emptied).update(body=None, given=NOTHING, sent=NOTHING)
        Task.objects.filter(run__in=emptied).update(text="", error="")
        RunWords.objects.filter(run__in=emptied).delete()
        # Nothing is left to be read, so that a reader is told the end at once.
        Run.objects.filter(id__in=emptied).update(is_emptied=True, summary="", note="", last_seq=0)
    make_words(emptied)
    return len(emptied)


def _too_old(rule: Keeping) -> list[int]:
    if rule.days is None:
        return []
    old = Run.objects.filter(team=rule.team_id, id__lt=id_at(timezone.now() - timedelta(days=rule.days)))
    return list(old.exclude(state=State.RUNNING).order_by("id").values_list("id", flat=True)[:SLICE])


def _too_much(rule: Keeping) -> list[int]:
    if rule.mebibytes is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_OVER_SIZE, {"team": rule.team_id, "most": rule.mebibytes * 2**20, "slice": SLICE})
        return [run for (run,) in cursor.fetchall()]


def _with_texts(rule: Keeping) -> list[int]:
    runs = Run.objects.filter(team=rule.team_id, is_emptied=False, ended_at__lt=timezone.now() - GRACE)
    return list(runs.exclude(state=State.RUNNING).order_by("-id").values_list("id", flat=True)[:SLICE])
