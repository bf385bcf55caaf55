"""Rules of keeping and the packing of ended runs, by the clock."""

from collections.abc import Callable
from typing import Any

from channels.db import database_sync_to_async
from procrastinate.contrib.django import app

from playground.runs.keeping import keep_rules
from playground.runs.packing import loose_runs, pack

# In ten minutes, far more than end meanwhile; and between two looks at whether this process has to go.
MOST, AT_ONCE = 20_000, 50


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="runs.keep", lock="runs.keep", pass_context=False)
async def keep_by_rules(timestamp: int) -> None:
    """Delete and empty what the teams' rules say."""
    await _apart(keep_rules)()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="runs.pack", lock="runs.pack", pass_context=False)
async def pack_runs(timestamp: int) -> None:
    """Pack runs that have come to rest."""
    runs = await _apart(loose_runs)(MOST)
    for at in range(0, len(runs), AT_ONCE):
        await _apart(_pack)(runs[at : at + AT_ONCE])


def _pack(runs: list[int]) -> None:
    for run in runs:
        pack(run)


def _apart(work: Callable[..., Any]) -> Callable[..., Any]:
    """In a thread of its own: what takes long holds up no other job."""
    return database_sync_to_async(work, thread_sensitive=False)
