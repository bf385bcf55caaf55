"""Pages of found runs, next to a position in either direction."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from accounts.prepared import Ids, Prepared
from playground.models import Run
from playground.models.runs import LARGEST_ID
from playground.runs.finding.facts import ByFacts
from playground.runs.finding.filters import Filters
from playground.runs.finding.seen import looking_at
from playground.runs.finding.words import ByWords
from playground.search.asked import Asked
from playground.search.excerpts import Excerpt

PAGE = 50
COUNTED = 1000
AT_ONCE = 5000
# The texts of so many runs are read together at least.
READ_TOGETHER = 16
# A question may take this long together; what was found by then is shown.
SECONDS = 1.5


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
    after: int | None = None, limit: int = PAGE, hidden: Set[int] = frozenset(),
) -> Found:  # fmt: skip
    """The newest runs of the team that fit; or those next to a position, older than `before` or newer than `after`.

    Those whose ids are `hidden` are left out.
    """
    down = after is None
    edge = before if down else after
    source = _source(team.pk, filters, SECONDS)
    found = _without(hidden, source.ids(_edge(edge, down), down, limit + 1))
    ids, excerpts = _page(found, filters.asked, limit + 1)
    more, ids = len(ids) > limit, ids[:limit]
    beyond = edge is not None
    return Found(
        _rows(ids, columns),
        has_older=more if down else beyond,
        has_newer=beyond if down else more,
        excerpts=excerpts,
        given_up_at=source.given_up_at if isinstance(source, ByWords) else None,
    )


def count(team: Any, filters: Filters, found: Found) -> tuple[int, bool]:
    """How many fit, as far as it is known without reading much more than the page `found`; and whether there are more."""
    if not (found.has_older or found.has_newer or found.given_up_at):
        return len(found.rows), False
    if filters.needs_words:
        return len(found.rows), True
    counted = ByFacts(team.pk, filters).count(COUNTED + 1)
    return min(counted, COUNTED), counted > COUNTED


def ids_of(team: Any, filters: Filters, hidden: Set[int] = frozenset()) -> Iterator[int]:
    """All that fit, newest first, but for the `hidden` ones."""
    return _without(hidden, _source(team.pk, filters, None).ids(LARGEST_ID, True, AT_ONCE))


def _without(hidden: Set[int], found: Iterator[int]) -> Iterator[int]:
    return (run for run in found if run not in hidden) if hidden else found


def _source(team: int, filters: Filters, seconds: float | None) -> ByFacts | ByWords:
    return ByWords(team, filters, seconds) if filters.needs_words else ByFacts(team, filters)


def _edge(edge: int | None, down: bool) -> int:
    return edge if edge is not None else (LARGEST_ID if down else 0)


def _rows(ids: list[int], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return sorted(_named(columns)(ids=ids) if ids else [], key=lambda row: -row["id"])


@cache
def _named(columns: tuple[str, ...]) -> Prepared:
    """The rows of some runs."""
    named = "playground_run.id = ANY(%s)"
    return Prepared(lambda ids: Run.objects.extra(where=[named], params=[ids]).values(*columns), ids=Ids)  # noqa: S610


def _page(found: Iterator[int], asked: Asked, limit: int) -> tuple[list[int], dict[int, Excerpt]]:
    """The next runs, and where the words stand in them."""
    page: list[int] = []
    excerpts: dict[int, Excerpt] = {}
    chunk: list[int] = []
    for run in found:
        chunk.append(run)
        if len(chunk) >= max(limit - len(page), READ_TOGETHER):
            page += _shown(chunk, asked, excerpts)
            chunk = []
            if len(page) >= limit:
                break
    page += _shown(chunk, asked, excerpts)
    return page, excerpts


def _shown(runs: list[int], asked: Asked, excerpts: dict[int, Excerpt]) -> list[int]:
    """Those where what should stand together does; where it stands is put into `excerpts`."""
    if not asked or not runs:
        return runs
    looking = looking_at(runs, asked)
    for run, look in looking.items():
        if look.may_be_a_hit and (excerpt := look.excerpt()):
            excerpts[run] = excerpt
    return [run for run in runs if looking[run].may_be_a_hit]
