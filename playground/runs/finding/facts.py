"""Runs by their facts: one index is read in its order, and the traits in its entries tell what it does not lead by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from playground.models import State
from playground.models.traits import fitting
from playground.runs.finding.filters import Filters

# To look at the rows of more would take longer than finding them.
COUNTED_EXACTLY = 200


@dataclass(frozen=True)
class Condition:
    """A part of a statement, and its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()


class ByFacts:
    """The runs of a team that fit, in the order of one index."""

    def __init__(self, team: int, filters: Filters) -> None:
        facts = filters.facts
        led = _lead(filters)
        traits = sorted(facts.keys() - led)
        conditions = [Condition("team_id = %s", (team,)), *(Condition(f"{name} = %s", (facts[name],)) for name in led)]
        conditions += _lasting(filters, led)
        if traits:
            sql, parameters = fitting(facts, traits)
            conditions.append(Condition(sql, tuple(parameters)))
        self._index = _all(conditions)
        # Two values may have the same traits: then the columns say it.
        self._exact = _all([Condition(f"{name} = %s", (facts[name],)) for name in traits])

    def ids(self, edge: int, down: bool, chunk: int) -> Iterator[int]:
        """Those beyond `edge`, newest first or oldest first."""
        while True:
            rows = self._rows(edge, down, chunk)
            yield from (run for run, fits in rows if fits)
            if len(rows) < chunk:
                return
            edge = rows[-1][0]

    def count(self, most: int) -> int:
        """How many there are; not counted further than `most`. Of many the index alone is believed."""
        given = (*self._index.parameters, most)
        counted = _rows(_COUNT_INDEX.format(index=self._index.sql), given)[0][0]
        if not self._exact.sql or counted > COUNTED_EXACTLY:
            return counted
        statement = _COUNT.format(index=self._index.sql, exact=self._exact.sql)
        return _rows(statement, (*given, *self._exact.parameters))[0][0]

    def _rows(self, edge: int, down: bool, limit: int) -> list[tuple[int, bool]]:
        statement = (_FIT if self._exact.sql else _FIT_INDEX).format(
            index=self._index.sql, exact=self._exact.sql, beyond="<" if down else ">", order="DESC" if down else "ASC"
        )
        return _rows(statement, (*self._index.parameters, edge, limit, *self._exact.parameters))


def _lead(filters: Filters) -> tuple[str, ...]:
    """The facts whose index is read, most telling first. All of them where stars or tags are few enough to read the rows."""
    given = filters.facts.keys()
    if filters.starred or filters.tag:
        return tuple(given)
    if filters.media:
        return ()
    if {"user_id", "model"} <= given:
        return "user_id", "model"
    if _is_unwell(filters):
        return ("model",) if "model" in given else ("state",)
    for name in ("user_id", "model", "operation", "key_id"):
        if name in given:
            return (name,)
    return ()


def _lasting(filters: Filters, led: tuple[str, ...]) -> list[Condition]:
    """What else must hold: it is promised by an index of some runs only, or said by the id."""
    since, until = filters.bounds
    conditions = []
    if filters.since:
        conditions.append(Condition("id >= %s", (since,)))
    if filters.until:
        conditions.append(Condition("id < %s", (until,)))
    if filters.starred:
        conditions.append(Condition("is_starred"))
    if filters.tag:
        conditions.append(Condition("NOT tags = '{}' AND tags @> ARRAY[%s]::varchar[]", (filters.tag,)))
    if filters.media:
        conditions.append(Condition("has_media"))
    if filters.tokens:
        conditions.append(Condition("coalesce(input_tokens, 0) + coalesce(output_tokens, 0) >= %s", (filters.tokens,)))
    if filters.cost:
        conditions.append(Condition("cost >= %s", (filters.cost,)))
    if led == ("model",) and _is_unwell(filters):
        conditions.append(Condition("NOT state = 'succeeded'"))
    return conditions


def _is_unwell(filters: Filters) -> bool:
    return filters.state not in ("", State.SUCCEEDED)


def _all(conditions: list[Condition]) -> Condition:
    parameters = [value for condition in conditions for value in condition.parameters]
    return Condition(" AND ".join(condition.sql for condition in conditions), tuple(parameters))


def _rows(statement: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


_FIT_INDEX = "SELECT id, true FROM playground_run WHERE {index} AND id {beyond} %s ORDER BY id {order} LIMIT %s"
# What fits by its traits is settled first, within the index alone.
_FIT = """
WITH fit AS MATERIALIZED (
  SELECT id FROM playground_run WHERE {index} AND id {beyond} %s ORDER BY id {order} LIMIT %s
)
SELECT id, {exact} FROM playground_run WHERE id IN (SELECT id FROM fit) ORDER BY id {order}
"""
_COUNT_INDEX = "SELECT count(*) FROM (SELECT FROM playground_run WHERE {index} LIMIT %s) AS fit"
_COUNT = """
WITH fit AS MATERIALIZED (SELECT id FROM playground_run WHERE {index} LIMIT %s)
SELECT count(*) FROM playground_run WHERE id IN (SELECT id FROM fit) AND {exact}
"""
