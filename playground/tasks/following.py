"""Following tasks: take those that are due, ask, keep what was said, fetch what came of them, and when to ask again."""

import asyncio
import contextlib
import logging
import mimetypes
import uuid
from datetime import timedelta
from typing import Any

import psycopg
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from playground.gateway import Door, GatewayError, Limits, Route
from playground.models import Attachment, Task
from playground.tasks.asking import Fetched, Refused, Result, Said, fetched, results_of, route_of, state_of
from playground.tasks.telling import news

logger = logging.getLogger(__name__)

AT_ONCE = 32
# Until a process comes back with an answer the task is its own; one that died delays it by this much.
LEASE_SECONDS = 60.0
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_IN_VAIN = 600.0
MOST_FAILURES = 20
AWAY_SECONDS = 2.0


class Follower:
    """Follows all tasks that are due, of every team, on one event loop."""

    def __init__(self) -> None:
        self._door = Door(transport=settings.CALL_TRANSPORT, allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
        self._asking: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    def look_now(self) -> None:
        """There may be something new."""
        self._wake.set()

    async def follow(self) -> None:
        """Follow until cancelled."""
        try:
            while True:
                pause = settings.TASK_LOOK_SECONDS
                try:
                    await self.look()
                except (DatabaseError, psycopg.Error, OSError) as error:
                    logger.warning("tasks rest, the database does not answer: %s", type(error).__name__)
                    pause = AWAY_SECONDS
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), pause)
        finally:
            for asking in self._asking:
                asking.cancel()
            await asyncio.gather(*self._asking, return_exceptions=True)
            await self._door.close()

    async def look(self) -> int:
        """Begin to ask for what is due; how many those are."""
        room = AT_ONCE - len(self._asking)
        if room <= 0:
            return 0
        taken = await _in_thread(Task.objects.take_due, room, LEASE_SECONDS)
        for task in taken:
            asking = asyncio.get_running_loop().create_task(self._follow_one(task))
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
        return len(taken)

    async def finish(self) -> None:
        """Wait for what is being asked; for those who look by hand."""
        await asyncio.gather(*self._asking)

    async def _follow_one(self, task: Task) -> None:
        """One question and what follows from its answer. Never raises."""
        holding = asyncio.create_task(_hold(task))
        try:
            await self._ask(task)
        except asyncio.CancelledError:
            # This process has to go: others need not wait for the lease to run out.
            with contextlib.suppress(DatabaseError, psycopg.Error):
                await _in_thread(task.hold_until, timezone.now())
            raise
        except (GatewayError, Refused, OSError) as error:
            await self._in_vain(task, str(error), getattr(error, "retry_after", None))
        except (DatabaseError, psycopg.Error) as error:
            # Nothing was kept: its lease runs out and it is asked for again.
            logger.warning("task %s could not be kept: %s", task.pk, type(error).__name__)
        except Exception:
            logger.exception("task %s went wrong", task.pk)
            await self._in_vain(task, "Something on this site went wrong while the task was asked for.")
        finally:
            holding.cancel()

    async def _ask(self, task: Task) -> None:
        route = await _in_thread(route_of, task)
        if route is None:
            await self._in_vain(task, "The key this was submitted with may not be used any more.")
            return
        said = await state_of(task, route, limits_of(settings.TASK_ASK_SECONDS), self._door)
        if said.state == Task.State.SUCCEEDED:
            await self._finish(task, said, route)
        elif said.state == Task.State.FAILED:
            await self._keep(task, **_seen(said), next_at=None, ended_at=timezone.now())
        elif task.age > timedelta(hours=settings.TASK_LONGEST_HOURS):
            await self._give_up(task, "The gateway did not finish this in time.")
        else:
            await self._keep(task, **_seen(said), failures=0, next_at=_next(task, said))

    async def _finish(self, task: Task, said: Said, route: Route) -> None:
        """Tell that it is done, fetch what came of it, tell that."""
        if not await self._keep(task, **_seen(said)):
            return
        results = results_of(task, said.links, route)
        for place, result in enumerate(results):
            if not await _in_thread(_is_kept, task, result):
                await self._fetch(task, result, place)
        await self._keep(task, failures=0, error="", next_at=None, ended_at=timezone.now())

    async def _fetch(self, task: Task, result: Result, place: int) -> None:
        async with fetched(result, limits_of(settings.TASK_FETCH_SECONDS), self._door) as file:
            await _in_thread(_keep_result, task, result, file, place)

    async def _in_vain(self, task: Task, reason: str, retry_after: float | None = None) -> None:
        """Try again later, later each time, and at last no more."""
        failures = task.failures + 1
        too_old = task.age > timedelta(hours=settings.TASK_LONGEST_HOURS)
        if failures >= MOST_FAILURES or too_old:
            await self._give_up(task, reason)
            return
        pause = min(settings.TASK_POLL_SECONDS * 2 ** min(failures, 12), LONGEST_PAUSE_IN_VAIN)
        pause = max(pause, min(retry_after or 0.0, 3600.0))
        next_at = timezone.now() + timedelta(seconds=pause)
        with contextlib.suppress(DatabaseError, psycopg.Error):
            await self._keep(task, failures=failures, error=reason, next_at=next_at)

    async def _give_up(self, task: Task, reason: str) -> None:
        # What the gateway finished stays finished; only its result could not be had.
        state = task.state if task.state == Task.State.SUCCEEDED else Task.State.FAILED
        await self._keep(task, state=state, error=reason, next_at=None, ended_at=timezone.now())

    async def _keep(self, task: Task, **changes: Any) -> bool:
        kept = await _in_thread(task.keep, **changes)
        if kept:
            news().changed(task.run_id)
        return kept


async def _hold(task: Task) -> None:
    """Renew the lease while this process is busy with a task."""
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        with contextlib.suppress(DatabaseError, psycopg.Error):
            await _in_thread(task.hold_until, timezone.now() + timedelta(seconds=LEASE_SECONDS))


def _seen(said: Said) -> dict[str, Any]:
    return {
        "state": said.state,
        "raw_state": said.raw_state,
        "progress": said.progress,
        "buttons": said.buttons,
        "text": said.text,
        "error": said.error,
    }


def _next(task: Task, said: Said) -> Any:
    """The older a task, the more rarely it is asked for; one that waits for a person is not asked for at all."""
    if said.state == Task.State.WAITING:
        return None
    pause = min(settings.TASK_POLL_SECONDS + task.age.total_seconds() / 20, LONGEST_PAUSE)
    return timezone.now() + timedelta(seconds=pause)


def _is_kept(task: Task, result: Result) -> bool:
    return Attachment.objects.results().filter(run_id=task.run_id, source=result.source).exists()


def _keep_result(task: Task, result: Result, file: Fetched, place: int) -> None:
    ending = mimetypes.guess_extension(file.mime) or ""
    named = result.name if "." in result.name else f"result-{place + 1}{ending}"
    file.incoming.keep(
        Attachment(
            id=uuid.uuid4(),
            team_id=task.team_id,
            owner_id=task.user_id,
            run_id=task.run_id,
            kind=Attachment.Kind.RESULT,
            name=named,
            mime=file.mime,
            source=result.source,
        )
    )


def limits_of(seconds: float) -> Limits:
    """What one question, or fetching one result, may take."""
    return Limits(
        lookup=settings.CALL_LOOKUP_SECONDS,
        connect=settings.CALL_CONNECT_SECONDS,
        first_byte=seconds,
        silence=min(seconds, settings.CALL_SILENCE_SECONDS),
        total=seconds,
        run_bytes=settings.TASK_RESULT_BYTES,
    )


# In threads of their own, so that no page waits for a task.
async def _in_thread(work: Any, *args: Any, **named: Any) -> Any:
    return await database_sync_to_async(work, thread_sensitive=False)(*args, **named)
