"""Tasks by the clock: begun when their run has ended, followed in the process that works jobs off."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from procrastinate.contrib.django import app

from playground import tasks
from playground.tasks import Follower

logger = logging.getLogger(__name__)

COLLECT_SECONDS = 0.1

_ended: set[int] = set()
_collecting: "asyncio.Task[None] | None" = None
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


def after_submit(run_id: int) -> None:
    """A run has ended; perhaps it submitted something. Called on the event loop; costs nothing there."""
    global _collecting
    _ended.add(run_id)
    if _collecting is None or _collecting.done():
        _collecting = asyncio.get_running_loop().create_task(_collect())


async def _collect() -> None:
    await asyncio.sleep(COLLECT_SECONDS)
    runs = list(_ended)
    _ended.clear()
    try:
        begun = await database_sync_to_async(tasks.begin_of, thread_sensitive=False)(runs)
    except (DatabaseError, psycopg.Error) as error:
        # The clock finds them a little later.
        logger.warning("tasks are not begun now: %s", type(error).__name__)
        return
    if begun and _follower:
        _follower.look_now()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tasks.begin_missed", pass_context=False)
async def begin_missed(timestamp: int) -> None:
    """Make the tasks of runs whose process died right after their end was stored."""
    await database_sync_to_async(tasks.begin_missed, thread_sensitive=False)()
