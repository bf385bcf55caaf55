"""Runs that have ended, collected for a moment and handled together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import psycopg
from django.db import DatabaseError
from procrastinate.exceptions import ConnectorException

logger = logging.getLogger(__name__)


class Ended:
    """Called with the number of each run that has ended, on the event loop, where it costs nothing but remembering it.

    `handle` is given all that ended within `seconds`. While the database is away it is not tried again, only told by
    `complaint`: somebody by the clock, or who looks, does it later.
    """

    def __init__(self, handle: Callable[[list[int]], Awaitable[None]], seconds: float, complaint: str) -> None:
        self._handle, self._seconds, self._complaint = handle, seconds, complaint
        self._runs: set[int] = set()
        self._collecting: asyncio.Task[None] | None = None

    def __call__(self, run_id: int) -> None:
        self._runs.add(run_id)
        if self._collecting is None or self._collecting.done():
            self._collecting = asyncio.get_running_loop().create_task(self._collect())

    async def _collect(self) -> None:
        while self._runs:
            await asyncio.sleep(self._seconds)
            runs = sorted(self._runs)
            self._runs.clear()
            try:
                await self._handle(runs)
            except (DatabaseError, psycopg.Error, ConnectorException) as error:
                logger.warning("%s: %s", self._complaint, type(error).__name__)
