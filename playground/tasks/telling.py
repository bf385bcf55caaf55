"""Telling watchers how tasks stand: at once where this process asked, else as the database tells it a moment later."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from playground.models import Attachment, Run, State, Task
from playground.models.runs import TASK_DIALECTS
from playground.tasks.starting import SUBMITS

logger = logging.getLogger(__name__)

Send = Callable[[str], Awaitable[None]]

LOOK_SECONDS = 1.0
# A run that submitted something may be a moment older than its task.
BEGINS_WITHIN = timedelta(minutes=5)


class News:
    """Who waits for news of which run's task, in this process. One look at the database serves all of them."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._versions: dict[int, int] = {}
        self._looking: asyncio.Task[None] | None = None

    def changed(self, run_id: int) -> None:
        """This process has just changed the task of a run."""
        for event in self._waiting.get(run_id, ()):
            event.set()

    @contextlib.contextmanager
    def waiting(self, run_id: int, event: asyncio.Event) -> Any:
        """While the block lasts, `event` is set when the run's task has changed."""
        self._waiting.setdefault(run_id, set()).add(event)
        loop = asyncio.get_running_loop()
        if self._looking is None or self._looking.done() or self._looking.get_loop() is not loop:
            self._looking = loop.create_task(self._look())
        try:
            yield
        finally:
            self._waiting[run_id].discard(event)
            if not self._waiting[run_id]:
                del self._waiting[run_id]
                self._versions.pop(run_id, None)

    async def _look(self) -> None:
        """See what other processes have changed, as long as somebody waits."""
        while self._waiting:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(DatabaseError, psycopg.Error, OSError):
                for run_id, version in (await _versions(list(self._waiting))).items():
                    if self._versions.get(run_id) != version:
                        self._versions[run_id] = version
                        self.changed(run_id)


_news = News()


def news() -> News:
    """The news of this process."""
    return _news


async def tell(run_id: int, uuid: str, send: Send) -> None:
    """Send how the task of a run stands, now and whenever that changes, until its story is over. Nothing for other runs."""
    wake = asyncio.Event()
    told = None
    with news().waiting(run_id, wake):
        while True:
            wake.clear()
            task, is_over = await _standing(run_id)
            if task and task != told:
                told = task
                await send(json.dumps({"type": "task", "run": uuid, "task": task}))
            if is_over:
                return
            await wake.wait() if task else await _wait_a_little(wake)


def has_task(dialect: str) -> bool:
    """Whether runs of this dialect may submit tasks at all."""
    return dialect in TASK_DIALECTS


def as_told(task: Task) -> dict[str, Any]:
    """A task as pages draw it: the fields of a task frame, then what we know besides."""
    results = Attachment.objects.results().filter(run_id=task.run_id)
    return {
        "id": task.upstream_id,
        "state": task.state,
        "progress": task.progress,
        "buttons": task.buttons,
        "raw_state": task.raw_state,
        "error": task.error,
        "text": task.text,
        "kind": task.kind,
        "over": task.ended_at is not None,
        "results": [{"url": each.url, "mime": each.mime, "name": each.name, "size": each.size} for each in results],
    }


async def _wait_a_little(wake: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(wake.wait(), LOOK_SECONDS)


def _find_versions(run_ids: list[int]) -> dict[int, int]:
    return dict(Task.objects.filter(run_id__in=run_ids).values_list("run_id", "version"))


def _find_standing(run_id: int) -> tuple[dict[str, Any] | None, bool]:
    """The task as it is told, and whether nothing more will come."""
    task = Task.objects.filter(run_id=run_id).first()
    if task:
        return as_told(task), task.next_at is None
    fresh = timezone.now() - BEGINS_WITHIN
    begins = Run.objects.filter(pk=run_id, operation__in=SUBMITS, state=State.SUCCEEDED, ended_at__gte=fresh)
    return None, not begins.exists()


_versions = database_sync_to_async(_find_versions, thread_sensitive=False)
_standing = database_sync_to_async(_find_standing, thread_sensitive=False)
