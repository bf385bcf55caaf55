"""Runs that end together are handled together, and none is forgotten."""

import asyncio

from django.db import DatabaseError

from playground.jobs.ended import Ended


async def settled(ended: Ended) -> None:
    await asyncio.wait_for(ended._collecting, 20)


async def test_a_run_that_ends_while_earlier_ones_are_handled_is_handled_too():
    handled = []

    async def handle(runs):
        handled.append(runs)
        if len(handled) == 1:
            ended(3)

    ended = Ended(handle, 0.01, "not now")
    for run in (2, 1, 2):
        ended(run)
    await settled(ended)

    assert handled == [[1, 2], [3]]


async def test_a_database_that_is_away_is_told_and_later_runs_are_handled(caplog):
    handled = []

    async def handle(runs):
        if not handled:
            handled.append("away")
            raise DatabaseError
        handled.append(runs)

    ended = Ended(handle, 0.01, "nothing is kept now")
    ended(1)
    await settled(ended)
    ended(2)
    await settled(ended)

    assert handled == ["away", [2]]
    assert "nothing is kept now: DatabaseError" in caplog.text
