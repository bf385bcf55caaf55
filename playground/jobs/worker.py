"""The worker: takes jobs as they are announced, and takes back those whose worker died."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from playground.fail_over import async_connection_class
from playground.jobs.tasks import following
from playground.readings.asking import shared_asker

logger = logging.getLogger(__name__)

AT_ONCE = 8
CONNECTIONS = 4
# A worker that was silent for this long is dead: its jobs are done by another.
STALLED_SECONDS = 30
GOODBYE_SECONDS = 3
AGAIN_SECONDS = 5
# New jobs are announced; those that were put off are looked for.
LOOK_SECONDS = 5


@contextlib.asynccontextmanager
async def working() -> AsyncIterator[None]:
    """Work jobs off and follow tasks in this process while the block lasts."""
    async with shared_asker(), following():
        work = asyncio.create_task(_work_always())
        try:
            yield
        finally:
            work.cancel()
            await asyncio.wait([work], timeout=2 * GOODBYE_SECONDS)


async def _work_always() -> None:
    """Work, and begin again when the database was away."""
    while True:
        try:
            await _work()
        except Exception as error:
            logger.warning("jobs rest for %s s: %s", AGAIN_SECONDS, type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


async def _work() -> None:
    connector = PsycopgConnector(
        kwargs=connector_params(),
        min_size=1,
        max_size=CONNECTIONS,
        connection_class=async_connection_class(settings.DATABASES["default"]["HOST"]),
    )
    mine = app.with_connector(connector)
    async with mine.open_async():
        await mine.run_worker_async(
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=LOOK_SECONDS,
            delete_jobs="successful",
            shutdown_graceful_timeout=GOODBYE_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="jobs.take_back", pass_context=True)
async def take_back(context: object, timestamp: int) -> None:
    """Let the jobs of workers that died be done again."""
    manager = context.app.job_manager  # type: ignore[attr-defined]
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The next of its kind waits already, often for a lock that is free only when this one has ended.
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
