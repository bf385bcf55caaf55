"""Tasks by the clock: begun when their run has ended, followed in the process that works jobs off."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from channels.db import database_sync_to_async
from procrastinate.contrib.django import app

from playground import tasks
from playground.jobs.ended import Ended
from playground.tasks import Follower

COLLECT_SECONDS = 0.1

_follower: Follower | None = None


@contextlib.asynccontextmanager
async def following() -> AsyncIterator[None]:
    """Follow tasks in this process while the block lasts."""
    global _follower
    mine = _follower = Follower()
    work = asyncio.create_task(mine.follow())
    try:
        yield
    finally:
        _follower = None
        work.cancel()
        await asyncio.wait([work], timeout=5)


async def _begin(runs: list[int]) -> None:
    begun = await database_sync_to_async(tasks.begin_of, thread_sensitive=False)(runs)
    if begun and _follower:
        _follower.look_now()


after_submit = Ended(_begin, COLLECT_SECONDS, "tasks are not begun now")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tasks.begin_missed", pass_context=False)
async def begin_missed(timestamp: int) -> None:
    """Make the tasks of runs whose process died right after their end was stored."""
    await database_sync_to_async(tasks.begin_missed, thread_sensitive=False)()
