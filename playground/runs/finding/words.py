"""Runs by words: those that were said, and facts and amounts, which stand among them.

The index of words knows no order, so it is asked for some days, then for months, then for everything: what is frequent is
found in the first days, what is rare is read quickly whole.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import OperationalError, connection
from django.utils import timezone

from playground.models import Run, State
from playground.models.runs import RunQuerySet, id_at
from playground.runs.finding.filters import Filters
from playground.runs.finding.seen import looking_at
from playground.runs.finding.windows import windows
from playground.search.words import day_of

# So many hits in a stretch make the next one worth a question of its own.
MANY = 6
MOST_AT_ONCE = 5000
# Runs without words that one question reads, and how long after its beginning a run may lack them.
READ_THEMSELVES, JUST_NOW = 30, timedelta(minutes=2)


class ByWords:
    """The runs of a team that fit, as their words tell; with `seconds` it gives up after that time."""

    def __init__(self, team: int, filters: Filters, seconds: float | None) -> None:
        self.team, self.filters = team, filters
        self.runs = filters.narrow(Run.objects.filter(team=team))
        self.deadline = time.monotonic() + seconds if seconds else None
        self.given_up_at: date | None = None

    def ids(self, edge: int, down: bool, chunk: int) -> Iterator[int]:
        """Those beyond `edge`, newest first or oldest first."""
        return _merged(self._wordless(edge, down), self._worded(edge, down, chunk), down)

    def _wordless(self, edge: int, down: bool) -> list[int]:
        """Those under way, and those that have only just ended: they have no words yet and are read themselves."""
        just_now = id_at(timezone.now() - JUST_NOW)
        runs = _beyond(self.runs, edge, down)
        under_way = runs.filter(state=State.RUNNING).newest_first().values_list("id", flat=True)[:READ_THEMSELVES]
        found = set(under_way)
        if not down or edge > just_now:
            ended = runs.filter(id__gt=just_now, words=None).newest_first()
            found.update(ended.values_list("id", flat=True)[:READ_THEMSELVES])
        if self.filters.asked and found:
            looking = looking_at(list(found), self.filters.asked)
            found = {run for run in found if looking[run].has_seen_everything}
        return sorted(found, reverse=down)

    def _worded(self, edge: int, down: bool, chunk: int) -> Iterator[int]:
        asked = self.filters.asked
        wanted = [*self.filters.questions(), *([asked.tsquery()] if asked else [])]
        stretches = windows(self.team, self.filters, edge, down)
        window = next(stretches, None)
        while window:
            edge, step, found = window.edge, chunk, 0
            while True:
                if (ids := self._read(" & ".join([window.tsquery(), *wanted]), edge, down, step)) is None:
                    self.given_up_at = day_of(edge)
                    return
                yield from self._exact(ids)
                found += len(ids)
                if len(ids) < step:
                    break
                # The index reads the whole stretch each time: ask for more of it at once.
                edge, step = ids[-1], min(4 * step, MOST_AT_ONCE)
            window = stretches.send(found >= MANY)

    def _read(self, tsquery: str, edge: int, down: bool, limit: int) -> list[int] | None:
        """Some runs with these words beyond `edge`; None when time is up."""
        left = self._milliseconds_left()
        if left <= 0:
            return None
        try:
            with connection.cursor() as cursor:
                # One message of two statements: the settings hold for both and for nothing after.
                question = _DOWN if down else _UP
                cursor.execute(_SETTINGS + question, [str(left), tsquery, edge, *self.filters.bounds, limit])
                cursor.nextset()
                return [run for (run,) in cursor.fetchall()]
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _TIME_IS_UP:
                raise
            return None

    def _milliseconds_left(self) -> int:
        return 60_000 if self.deadline is None else int((self.deadline - time.monotonic()) * 1000)

    def _exact(self, found: list[int]) -> list[int]:
        """Those that fit to the letter: words tell amounts only roughly, and know no tags and stars."""
        filters = self.filters
        if not found or not (filters.tokens or filters.cost or filters.tag or filters.starred):
            return found
        fit = set(self.runs.filter(id__in=found).values_list("id", flat=True))
        return [run for run in found if run in fit]


def _beyond(runs: RunQuerySet, edge: int, down: bool) -> RunQuerySet:
    return runs.filter(id__lt=edge) if down else runs.filter(id__gt=edge)


def _merged(few: list[int], many: Iterator[int], down: bool) -> Iterator[int]:
    waiting = list(few)
    for run in many:
        while waiting and (waiting[0] > run if down else waiting[0] < run):
            yield waiting.pop(0)
        if waiting and waiting[0] == run:
            waiting.pop(0)
        yield run
    yield from waiting


_TIME_IS_UP = "57014"
# Rare words mislead the planner: whatever it expects, only the index answers in time.
_SETTINGS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true); "
)
# Which of the index's hits lie beyond the position, between the bounds of time.
_READ = """
WITH hits AS MATERIALIZED (SELECT run_id FROM playground_run_words WHERE words @@ %s::tsquery)
SELECT run_id FROM hits WHERE run_id {beyond} %s AND run_id >= %s AND run_id < %s ORDER BY run_id {order} LIMIT %s
"""
_DOWN, _UP = _READ.format(beyond="<", order="DESC"), _READ.format(beyond=">", order="ASC")
