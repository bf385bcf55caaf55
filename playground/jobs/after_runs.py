"""After a run its key is looked at: once for many runs, a few seconds later, and not where the gateway tells no figure."""

import asyncio
import contextlib
import logging

import psycopg
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from accounts.models import Key
from playground.jobs.balances import read_balance

logger = logging.getLogger(__name__)

COLLECT_SECONDS = 1.0

_ended: set[int] = set()
_collecting: "asyncio.Task[None] | None" = None


def after_run(run_id: int) -> None:
    """A run has ended. Called on the event loop; costs nothing there but remembering the number."""
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
        # The clock looks at these keys anyway, a little later.
        logger.warning("balances are not read after runs now: %s", type(error).__name__)


def ask_later(runs: list[int]) -> None:
    """Let the keys of these runs be looked at soon; those that wait already are not asked for twice."""
    used = Key.objects.live().filter(runs__in=runs, standing__code="").values_list("pk", flat=True).distinct()
    for key in used:
        with contextlib.suppress(AlreadyEnqueued):
            read_balance.configure(
                queueing_lock=f"balance:{key}",
                schedule_in={"milliseconds": int(settings.BALANCE_AFTER_RUN_SECONDS * 1000)},
            ).defer(key=str(key))
