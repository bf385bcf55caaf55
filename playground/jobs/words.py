"""Search words after runs: soon after each end, and by the clock for those that were missed."""

import asyncio
import logging

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from procrastinate.contrib.django import app

from playground.runs.wording import make_missing_words, make_words

logger = logging.getLogger(__name__)

COLLECT_SECONDS = 0.3

_ended: set[int] = set()
_collecting: "asyncio.Task[None] | None" = None


def make_words_soon(run_id: int) -> None:
    """A run has ended. Called on the event loop; costs nothing there but remembering the number."""
    global _collecting
    _ended.add(run_id)
    if _collecting is None or _collecting.done():
        _collecting = asyncio.get_running_loop().create_task(_collect())


async def _collect() -> None:
    """Runs that end together are written together."""
    while _ended:
        await asyncio.sleep(COLLECT_SECONDS)
        runs = sorted(_ended)
        _ended.clear()
        try:
            await database_sync_to_async(make_words)(runs)
        except (DatabaseError, psycopg.Error) as error:
            # The clock finds these runs in a minute.
            logger.warning("runs are not searchable yet: %s", type(error).__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="words.missing", pass_context=False)
async def make_words_that_are_missing(timestamp: int) -> None:
    """Make the words of runs that ended while nobody made any."""
    await database_sync_to_async(make_missing_words)()
