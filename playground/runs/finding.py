"""Finding runs: lists narrowed by any facts and by words, in either direction, at any depth.

One fact is served by an index of its own on the runs. Several together, amounts, and words said are served by the one index
of search words, where the facts of a run stand as words too. That index knows no order, so it is asked for a day, then for a
month, then for everything: what is frequent is found in the first day, what is rare is read quickly whole.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Q
from django.utils import timezone

from playground.models import Run, State
from playground.models.runs import LARGEST_ID, RunQuerySet, id_at
from playground.runs.texts import answers_of, requests_of
from playground.search.asked import Asked, asked
from playground.search.excerpts import Excerpt, Looking
from playground.search.facts import fact_questions
from playground.search.words import day_of, day_word, month_word, team_word

PAGE = 50
COUNTED = 1000
# A question may take this long together; what was found by then is shown.
SECONDS = 1.5
DAYS_ALONE, MONTHS_ALONE = 2, 6
MANY = 25
MOST_AT_ONCE = 5000
# Runs without words that one question reads, and how long after its beginning a run may lack them.
READ_THEMSELVES, JUST_NOW = 30, timedelta(minutes=2)
SHOWN_OF_A_REQUEST = 2**20
SHOWN_OF_AN_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Every part that is given must hold."""

    q: str = ""
    operation: str = ""
    model: str = ""
    state: str = ""
    person: int | None = None
    key: str = ""
    gateway: str = ""
    since: datetime | None = None
    until: datetime | None = None
    tokens: int | None = None
    cost: Decimal | None = None
    tag: str = ""
    media: bool = False
    starred: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) not in ("", None, False) for part in fields(self))

    @property
    def asked(self) -> Asked:
        return asked(self.q)

    def narrow(self, runs: RunQuerySet) -> RunQuerySet:
        """Those of the runs that fit, but for the words."""
        given = {
            "operation": self.operation, "model": self.model, "state": self.state, "user": self.person, "key": self.key,
            "gateway_name": self.gateway, "cost__gte": self.cost, "is_starred": self.starred, "has_media": self.media,
        }  # fmt: skip
        runs = runs.filter(**{name: value for name, value in given.items() if value})
        if self.since:
            runs = runs.filter(id__gte=id_at(self.since))
        if self.until:
            runs = runs.filter(id__lt=id_at(self.until))
        if self.tag:
            # Said twice, as only the second is what the index of tagged runs promises.
            runs = runs.filter(~Q(tags=[]), tags__contains=[self.tag])
        if self.tokens:
            runs = runs.with_tokens(self.tokens)
        return runs

    def questions(self) -> list[str]:
        """The facts as questions to the index of words."""
        facts = {
            "operation": self.operation, "model": self.model, "state": self.state, "user_id": self.person,
            "key_id": self.key, "gateway_name": self.gateway,
        }  # fmt: skip
        return fact_questions(facts, self.tokens, self.cost, self.media)

    @property
    def needs_words(self) -> bool:
        """Whether no index of the runs' own serves the list."""
        if self.state == State.RUNNING or self.starred or self.tag:
            return bool(self.asked)
        return bool(self.asked or self.tokens or self.cost) or len(self.questions()) > 1


@dataclass
class Found:
    """A page of runs, newest first, as rows of the columns asked for."""

    rows: list[dict[str, Any]]
    has_older: bool = False
    has_newer: bool = False
    excerpts: dict[int, Excerpt] = field(default_factory=dict)
    # Runs before this were not looked at: the question took too long.
    given_up_at: date | None = None


def find(
    team: Any, filters: Filters, columns: tuple[str, ...] = ("id",), *, before: int | None = None,
    after: int | None = None, limit: int = PAGE,
) -> Found:  # fmt: skip
    """The newest runs of the team that fit; or those next to a position, older than `before` or newer than `after`."""
    down = after is None
    edge = before if down else after
    walk = Walk(team.pk, filters, edge, down, SECONDS)
    ids, hits = walk.page(limit + 1)
    more, ids = len(ids) > limit, ids[:limit]
    rows = sorted(Run.objects.filter(id__in=ids).values(*columns), key=lambda row: -row["id"])
    beyond = edge is not None
    return Found(
        rows,
        has_older=more if down else beyond,
        has_newer=beyond if down else more,
        excerpts=hits,
        given_up_at=walk.given_up_at,
    )


def count(team: Any, filters: Filters, found: Found) -> tuple[int, bool]:
    """How many fit, as far as it is known without reading much more than the page `found`; and whether there are more."""
    if not (found.has_older or found.has_newer or found.given_up_at):
        return len(found.rows), False
    if filters.needs_words:
        return len(found.rows), True
    counted = filters.narrow(team.runs)[: COUNTED + 1].count()
    return min(counted, COUNTED), counted > COUNTED


def ids_of(team: Any, filters: Filters) -> Iterator[int]:
    """All that fit, newest first."""
    return Walk(team.pk, filters, None, True, None).ids(5000)


class Walk:
    """From a position through the runs of a team, towards older or newer ones."""

    def __init__(self, team: int, filters: Filters, edge: int | None, down: bool, seconds: float | None) -> None:
        self.team, self.filters, self.down = team, filters, down
        self.edge = edge if edge is not None else (LARGEST_ID if down else 0)
        self.runs = filters.narrow(Run.objects.filter(team=team))
        self.asked = filters.asked
        self.deadline = time.monotonic() + seconds if seconds else None
        self.given_up_at: date | None = None

    def page(self, limit: int) -> tuple[list[int], dict[int, Excerpt]]:
        """The next runs, and where the words stand in them."""
        found: list[int] = []
        excerpts: dict[int, Excerpt] = {}
        chunk: list[int] = []
        for run in self.ids(limit):
            chunk.append(run)
            if len(found) + len(chunk) >= limit:
                found += self._shown(chunk, excerpts)
                chunk = []
                if len(found) >= limit:
                    break
        found += self._shown(chunk, excerpts)
        return found, excerpts

    def ids(self, chunk: int) -> Iterator[int]:
        """The runs that fit, by their words alone where words were asked for; read `chunk` at a time."""
        if not self.filters.needs_words:
            yield from self._by_indexes(chunk)
            return
        yield from self._merged(self._wordless(), self._by_words(chunk))

    def _by_indexes(self, chunk: int) -> Iterator[int]:
        edge = self.edge
        while True:
            runs = self.runs.filter(id__lt=edge) if self.down else self.runs.filter(id__gt=edge)
            found = list(runs.order_by("-id" if self.down else "id").values_list("id", flat=True)[:chunk])
            yield from found
            if len(found) < chunk:
                return
            edge = found[-1]

    def _wordless(self) -> list[int]:
        """Those under way, and those that have only just ended: they have no words yet and are read themselves."""
        runs = self.runs.filter(id__lt=self.edge) if self.down else self.runs.filter(id__gt=self.edge)
        just_now = id_at(timezone.now() - JUST_NOW)
        under_way = runs.filter(state=State.RUNNING).newest_first().values_list("id", flat=True)[:READ_THEMSELVES]
        ended = runs.filter(id__gt=just_now, words=None).newest_first().values_list("id", flat=True)[:READ_THEMSELVES]
        found = sorted({*under_way, *ended}, reverse=self.down)
        if self.asked and found:
            looking = self._looking(found)
            found = [run for run in found if looking[run].has_seen_everything]
        return found

    def _merged(self, few: list[int], many: Iterator[int]) -> Iterator[int]:
        waiting = list(few)
        for run in many:
            while waiting and (waiting[0] > run if self.down else waiting[0] < run):
                yield waiting.pop(0)
            if waiting and waiting[0] == run:
                waiting.pop(0)
            yield run
        yield from waiting

    def _by_words(self, chunk: int) -> Iterator[int]:
        wanted = [*self.filters.questions(), *([self.asked.tsquery()] if self.asked else [])]
        windows, found = self._windows(), 0
        window = next(windows, None)
        while window:
            edge, step, found = window.edge, chunk, 0
            while True:
                if (ids := self._read(" & ".join([f"'{window.word}'", *wanted]), edge, step)) is None:
                    self.given_up_at = day_of(edge)
                    return
                yield from self._exact(ids)
                found += len(ids)
                if len(ids) < step:
                    break
                # The index reads the whole stretch each time: ask for more of it at once.
                edge, step = ids[-1], min(4 * step, MOST_AT_ONCE)
            window = windows.send(found >= MANY)

    def _windows(self) -> "Windows":
        """Ever larger stretches of time, each beginning where the last one ended; small ones while they hold many runs."""
        floor = id_at(self.filters.since) if self.filters.since else 0
        ceiling = id_at(self.filters.until) if self.filters.until else LARGEST_ID
        if self.down:
            edge = min(self.edge, ceiling, id_at(timezone.now() + timedelta(days=1)))
            return _downwards(self.team, edge, floor)
        return _upwards(self.team, max(self.edge, floor - 1), ceiling)

    def _read(self, tsquery: str, edge: int, limit: int) -> list[int] | None:
        """Some runs with these words beyond `edge`; None when time is up."""
        left = self._milliseconds_left()
        if left <= 0:
            return None
        try:
            with connection.cursor() as cursor:
                # One message of two statements: the settings hold for both and for nothing after.
                question = _DOWN if self.down else _UP
                cursor.execute(_SETTINGS + question, [str(left), tsquery, edge, *self._bounds(), limit])
                cursor.nextset()
                return [run for (run,) in cursor.fetchall()]
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _TIME_IS_UP:
                raise
            return None

    def _bounds(self) -> tuple[int, int]:
        filters = self.filters
        return (id_at(filters.since) if filters.since else 0, id_at(filters.until) if filters.until else LARGEST_ID)

    def _milliseconds_left(self) -> int:
        return 60_000 if self.deadline is None else int((self.deadline - time.monotonic()) * 1000)

    def _exact(self, found: list[int]) -> list[int]:
        """Those that fit to the letter: words tell amounts only roughly, and know no tags and stars."""
        filters = self.filters
        if not found or not (filters.tokens or filters.cost or filters.tag or filters.starred):
            return found
        fit = set(self.runs.filter(id__in=found).values_list("id", flat=True))
        return [run for run in found if run in fit]

    def _shown(self, runs: list[int], excerpts: dict[int, Excerpt]) -> list[int]:
        """Those where what should stand together does; where it stands is put into `excerpts`."""
        if not self.asked or not runs:
            return runs
        looking = self._looking(runs)
        for run, look in looking.items():
            if look.may_be_a_hit and (excerpt := look.excerpt()):
                excerpts[run] = excerpt
        return [run for run in runs if looking[run].may_be_a_hit]

    def _looking(self, runs: list[int]) -> dict[int, Looking]:
        """What is seen in the texts of these runs; their answers are read only where the requests do not show all."""
        looking = {run: Looking(self.asked) for run in runs}
        for run, pieces in requests_of(runs, SHOWN_OF_A_REQUEST).items():
            looking[run].read(pieces)
        if unseen := [run for run in runs if not looking[run].is_done]:
            for run, pieces in answers_of(unseen, SHOWN_OF_AN_ANSWER).items():
                looking[run].read(pieces)
        return looking


@dataclass(frozen=True)
class Window:
    """A stretch of time: the word its runs carry, and the id it is read from."""

    word: str
    edge: int


# Gives windows, is told whether the last one held many runs, and ends with None.
Windows = Generator[Window | None, bool, None]


def _downwards(team: int, edge: int, floor: int) -> Windows:
    day, days = day_of(edge), 0
    are_many = False
    while days < DAYS_ALONE or are_many:
        are_many = yield Window(day_word(team, day), edge)
        edge, day, days = min(edge, _begin(day)), day - timedelta(days=1), days + 1
        if edge <= floor:
            yield None
    month = day.replace(day=1)
    for _ in range(MONTHS_ALONE):
        yield Window(month_word(team, month), edge)
        edge, month = min(edge, _begin(month)), (month - timedelta(days=1)).replace(day=1)
        if edge <= floor:
            yield None
    yield Window(team_word(team), edge)
    yield None


def _upwards(team: int, edge: int, ceiling: int) -> Windows:
    day, now = day_of(edge), day_of(min(ceiling, id_at(timezone.now() + timedelta(days=1))))
    days, are_many = 0, False
    while days < DAYS_ALONE or are_many:
        are_many = yield Window(day_word(team, day), edge)
        day, days = day + timedelta(days=1), days + 1
        edge = max(edge, _begin(day) - 1)
        if day > now:
            yield None
    month = day.replace(day=1)
    for _ in range(MONTHS_ALONE):
        yield Window(month_word(team, month), edge)
        month = (month + timedelta(days=32)).replace(day=1)
        edge = max(edge, _begin(month) - 1)
        if month > now:
            yield None
    yield Window(team_word(team), edge)
    yield None


def _begin(day: date) -> int:
    return id_at(datetime(day.year, day.month, day.day, tzinfo=UTC))


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
