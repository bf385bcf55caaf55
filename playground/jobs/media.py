"""Media after runs: what an answer points to is fetched soon after its end, and tried again while the link may live."""

import asyncio
import logging

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from playground.tasks import media

logger = logging.getLogger(__name__)

COLLECT_SECONDS = 0.5
AGAIN = RetryStrategy(max_attempts=4, exponential_wait=5)

_ended: set[int] = set()
_collecting: "asyncio.Task[None] | None" = None


def after_media(run_id: int) -> None:
    """A run has ended; perhaps its answer points to something. Called on the event loop; costs nothing there."""
    global _collecting
    _ended.add(run_id)
    if _collecting is None or _collecting.done():
        _collecting = asyncio.get_running_loop().create_task(_collect())


async def _collect() -> None:
    await asyncio.sleep(COLLECT_SECONDS)
    runs = list(_ended)
    _ended.clear()
    try:
        await database_sync_to_async(ask_later)(runs)
    except (DatabaseError, psycopg.Error, ConnectorException) as error:
        # What was not kept is fetched when somebody looks at it.
        logger.warning("media of answers are not kept now: %s", type(error).__name__)


def ask_later(runs: list[int]) -> None:
    """Let what these runs point to be fetched."""
    for run in media.with_links(runs):
        keep_media.defer(run=run)


@app.task(retry=AGAIN)
async def keep_media(run: int) -> None:
    """Fetch and keep what one run's answer points to."""
    await media.keep_media(run)
