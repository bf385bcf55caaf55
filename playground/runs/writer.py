"""The one writer of a process: every 100 ms it stores the frames that have waited long enough, up to 24 runs in one statement."""

import asyncio
import logging
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from django.conf import settings

from playground.runs.log import Batch, Log
from playground.runs.store import Outcome, Store

logger = logging.getLogger(__name__)

RUNS_AT_ONCE = 24  # in one statement
PACKED_AT_ONCE = (
    6  # runs whose raw reads are packed in one turn of the loop: more would hold up every stream of the process
)
PAUSE_TOLD_SECONDS = 1.5  # a pause of this length is told to those who watch; a shorter one would only flicker


class Writer:
    """Keeps frames until the database has acknowledged them; the same rows are sent again after an unknown outcome."""

    def __init__(
        self, store: Store, owner: UUID, *, stored: Callable[[Outcome], None], lost: Callable[[Log], None]
    ) -> None:
        self._store, self._owner = store, owner
        self._stored, self._lost = stored, lost
        self._logs: dict[int, Log] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._hurry = asyncio.Event()
        self.room = asyncio.Event()
        self.room.set()
        self.is_paused = False
        self._is_pause_told = False

    def take(self, log: Log) -> None:
        """Store this run's frames from now on."""
        self._logs[log.run_id] = log
        log.is_saving_paused = self._is_pause_told

    def end(self, outcome: Outcome) -> None:
        """Store the run's end with its last frames, soon."""
        self._outcomes[outcome.run_id] = outcome
        self._hurry.set()

    @property
    def is_idle(self) -> bool:
        return not self._logs

    async def work(self) -> None:
        """Store until cancelled."""
        while True:
            try:
                async with asyncio.timeout(settings.RUN_FLUSH_SECONDS):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            await self.flush(everything=False)

    async def flush(self, everything: bool) -> None:
        """Store what is due (or all there is), in statements of limited size."""
        while True:
            batches, outcomes = await self._due(everything)
            if not batches and not outcomes:
                break
            await self._keep(batches, outcomes)
            self._look_for_room()

    async def _due(self, everything: bool) -> tuple[list[Batch], list[Outcome]]:
        oldest = self._oldest(everything)
        left, batches, outcomes = settings.RUN_FLUSH_BYTES, [], []
        for run_id, log in list(self._logs.items()):
            ended = run_id in self._outcomes
            if not ended and (log.oldest_unsaved is None or log.oldest_unsaved > oldest):
                continue
            batch = log.unsaved(max(left, 1), ended)
            if batch:
                batches.append(batch)
                left -= batch.size
            if ended and (batch is None or batch.is_rest):
                outcomes.append(self._outcomes[run_id])
            if left <= 0 or len(batches) >= RUNS_AT_ONCE:
                break
            if batch and len(batches) % PACKED_AT_ONCE == 0:
                await asyncio.sleep(0)
        return batches, outcomes

    def _oldest(self, everything: bool) -> float:
        """Since when frames must have waited to be stored now: where some have to be, those half as old come along."""
        now, age = time.monotonic(), settings.RUN_FLUSH_AGE_SECONDS
        if everything:
            return now
        waiting = (log.oldest_unsaved for log in self._logs.values() if log.oldest_unsaved is not None)
        return now - (age / 2 if min(waiting, default=now) <= now - age else age)

    async def _keep(self, batches: list[Batch], outcomes: list[Outcome]) -> None:
        telling = asyncio.get_running_loop().call_later(PAUSE_TOLD_SECONDS, self._tell_pause, True)
        try:
            ours = await self._insist(batches, outcomes)
        finally:
            telling.cancel()
        self._resume()
        self._acknowledge(batches, outcomes, ours)

    async def _insist(self, batches: list[Batch], outcomes: list[Outcome]) -> set[int]:
        """Try until the database has taken them; the ids of the runs that are still ours come back."""
        wait = 0.1
        while True:
            try:
                async with asyncio.timeout(settings.RUN_STATEMENT_SECONDS):
                    return await self._store.keep(self._owner, batches, outcomes)
            except (psycopg.Error, TimeoutError, OSError) as error:
                self._pause(error)
                await self._store.drop_writer()
                self._look_for_room()
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2)

    def _acknowledge(self, batches: list[Batch], outcomes: list[Outcome], ours: set[int]) -> None:
        for batch in batches:
            if batch.log.run_id in ours:
                batch.log.acknowledge(batch)
                self._to_the_end_of_the_line(batch.log)
            else:
                self._logs.pop(batch.log.run_id, None)
                self._outcomes.pop(batch.log.run_id, None)
                self._lost(batch.log)
        for outcome in outcomes:
            self._logs.pop(outcome.run_id, None)
            if self._outcomes.pop(outcome.run_id, None) and outcome.run_id in ours:
                self._stored(outcome)

    def _to_the_end_of_the_line(self, log: Log) -> None:
        """Whoever was just served comes last next time: a run that never ends to have something would starve the others."""
        if self._logs.pop(log.run_id, None):
            self._logs[log.run_id] = log

    def _look_for_room(self) -> None:
        """Reading from the gateways pauses while too much waits for the database."""
        waiting = sum(log.unsaved_bytes for log in self._logs.values())
        if waiting > settings.RUN_UNSAVED_BYTES and self.is_paused:
            self.room.clear()
        elif waiting < settings.RUN_UNSAVED_BYTES / 2 or not self.is_paused:
            self.room.set()

    def _pause(self, error: BaseException) -> None:
        if not self.is_paused:
            logger.warning("saving is paused, the database does not answer: %s", type(error).__name__)
        self.is_paused = True

    def _resume(self) -> None:
        if self.is_paused:
            logger.warning("saving goes on")
        self.is_paused = False
        if self._is_pause_told:
            self._tell_pause(False)

    def _tell_pause(self, is_paused: bool) -> None:
        """Let everybody know who watches a run of this process."""
        self._is_pause_told = is_paused
        for log in self._logs.values():
            log.pause_saving(is_paused)
