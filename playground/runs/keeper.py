"""The runs of this process: those it owns and those it mirrors for its watchers. One `Keeper` a server process."""

import asyncio
import contextlib
import json
import logging
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings

from playground import gateway
from playground.calls import Call
from playground.models import State
from playground.runs.costs import Tariff
from playground.runs.execute import Running, execute, interrupted_problem
from playground.runs.log import Lines, Log, Mirror
from playground.runs.presence import Presence
from playground.runs.rights import Rights
from playground.runs.store import Outcome, Standing, Store
from playground.runs.together import Together
from playground.runs.writer import Writer

logger = logging.getLogger(__name__)

NEWS = "runs"  # the channel layer's group: which runs have news, which should stop; never frames
MIRROR_SECONDS = 0.1
NUDGE_SECONDS = 2
STOP_SECONDS = 0.5


class Draining(Exception):
    """This process is about to go and starts nothing new."""


class Keeper:
    """Owns runs, stores their frames, notices runs whose process died."""

    def __init__(self) -> None:
        self.id = uuid.uuid4()
        self.store = Store()
        self.rights = Rights(self.store)
        self._standings = Together(self._ask_standings)
        self.presence = Presence(str(self.id), self._tell_presence)
        self.writer = Writer(self.store, self.id, stored=self._stored, lost=self._lost)
        self.door = gateway.Door(
            transport=settings.CALL_TRANSPORT,
            connections=settings.CALL_CONNECTIONS,
            per_host=settings.CALL_CONNECTIONS_PER_HOST,
            allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS),
        )
        self.running: dict[str, Running] = {}
        self.mirrors: dict[str, Mirror] = {}
        self.is_draining = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._wake_mirrors = asyncio.Event()
        self._told: list[Callable[[int], None]] = []
        self._beaten = self._told_now = self._judges_from = 0.0

    async def open(self) -> None:
        """Begin to keep: beat, write, mirror, watch over other processes."""
        await self.store.open()
        self._told_now = await self.store.beat(self.id)
        self._beaten = asyncio.get_running_loop().time()
        for work in (
            self.writer.work(),
            self._beat(),
            self._mirror(),
            self._listen(),
            self._look_for_stops(),
            self.rights.sweep(),
        ):
            self._spawn(work)

    async def drain(self, seconds: float) -> None:
        """Start nothing new, let runs end for `seconds`, then end them as interrupted; all text is kept."""
        self.is_draining = True
        runs = list(self.running.values())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.running:
                    await asyncio.sleep(0.05)
        for run in list(self.running.values()):
            run.end(State.INTERRUPTED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                while self.running or not self.writer.is_idle:
                    await asyncio.sleep(0.02)
        # An end that was stored just now is yet to be said; who does not read is not waited for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while any(run.log.is_watched for run in runs):
                    await asyncio.sleep(0.02)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
            async with asyncio.timeout(3):
                await self.store.leave(self.id)
        await self.door.close()
        await self.store.close()

    def start(
        self, run_id: int, name: str, call: Call, route: gateway.Route, team_id: int, user_id: int,
        tariff: Tariff | None = None,
    ) -> Running:  # fmt: skip
        """Own a run whose row this process has just made."""
        if self.is_draining:
            raise Draining
        log = Log(run_id, name)
        run = Running(log, call, route, limits(), team_id, user_id, tariff=tariff)
        self.running[name] = run
        self.writer.take(log)
        run.task = self._spawn(self._play(run))
        return run

    def source(self, standing: Standing) -> Lines:
        """Where a run's frames are read from here."""
        if run := self.running.get(standing.uuid):
            return run.log
        mirror = self.mirrors.get(standing.uuid)
        if mirror is None:
            mirror = Mirror(standing.id, standing.uuid, standing.last_seq)
            if standing.state != State.RUNNING:
                mirror.finish(standing.state, standing.last_seq, standing.metrics)
            else:
                self.mirrors[standing.uuid] = mirror
        return mirror

    async def standing(self, name: str) -> Standing | None:
        """How the run of this name stands in the database, None where there is none."""
        return await self._standings.answer(name)

    async def _ask_standings(self, names: list[str]) -> dict[str, Standing]:
        return {standing.uuid: standing for standing in await self.store.standing(*names)}

    async def stop(self, standing: Standing) -> None:
        """Stop a run, wherever it runs. A run that has ended stays as it is."""
        if run := self.running.get(standing.uuid):
            run.end(State.STOPPED)
        elif standing.state == State.RUNNING:
            await self.store.ask_to_stop(standing.id)
            self._spawn(self._tell({"type": "stop.asked", "run": standing.uuid}))

    def tell_ended(self, tell: Callable[[int], None]) -> None:
        """Call `tell` with the id of each run of this process whose end was stored."""
        self._told.append(tell)

    def running_of(self, *, user_id: int | None = None, team_id: int | None = None) -> int:
        """How many runs of a person or a team are under way in this process."""
        return sum(
            1
            for run in self.running.values()
            if (run.user_id == user_id if user_id is not None else run.team_id == team_id)
        )

    async def _play(self, run: Running) -> None:
        await execute(run, self.door, self.writer.room)
        metrics = run.metrics()
        figures = run.figures
        problem = figures.problem if run.state != State.SUCCEEDED else ""
        self.writer.end(
            Outcome(run.log.run_id, run.state, run.log.last, figures.status, problem, figures.has_media, metrics)
        )

    def _stored(self, outcome: Outcome) -> None:
        """A run's end is in the database: its watchers may know."""
        for name, run in list(self.running.items()):
            if run.log.run_id == outcome.run_id:
                run.log.finish(outcome.state, outcome.last_seq, outcome.metrics)
                del self.running[name]
        for tell in self._told:
            tell(outcome.run_id)
        if settings.REDIS_URL:
            self._spawn(self._tell({"type": "runs.news"}))

    def _lost(self, log: Log) -> None:
        """Another process took this run for abandoned and ended it: the database's story counts."""
        logger.warning("run %s was ended by another process", log.uuid)
        run = self.running.pop(log.uuid, None)
        if run:
            run.end(State.INTERRUPTED)
            log.take_away()

    async def _beat(self) -> None:
        """Say that this process lives, and end the runs of those that do not."""
        loop = asyncio.get_running_loop()
        frame = json.dumps({"seq": 0, "at": 0, **interrupted_problem()}, separators=(",", ":"))
        while True:
            with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                async with asyncio.timeout(10):
                    now = await self.store.beat(self.id)
                    passed, told = loop.time() - self._beaten, now - self._told_now
                    self._beaten, self._told_now = loop.time(), now
                    # Who could not beat cannot know that others could, and old beats mean nothing when the clock has jumped.
                    patience = settings.RUN_ABANDONED_SECONDS
                    if passed > patience or abs(told - passed) > patience / 2:
                        self._judges_from = loop.time() + patience / 2
                    if loop.time() >= self._judges_from and await self.store.interrupt_abandoned(
                        self.id, settings.RUN_ABANDONED_SECONDS, frame
                    ):
                        self._wake_mirrors.set()
            self.presence.renew()
            await asyncio.sleep(settings.RUN_HEARTBEAT_SECONDS)

    async def _look_for_stops(self) -> None:
        while True:
            await asyncio.sleep(STOP_SECONDS)
            if not self.running:
                continue
            with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                async with asyncio.timeout(10):
                    asked = set(await self.store.asked_to_stop(self.id))
                for run in list(self.running.values()):
                    if run.log.run_id in asked:
                        run.end(State.STOPPED)

    async def _mirror(self) -> None:
        """Fill the mirrors: ends are read before frames, so that an end never overtakes a frame."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MIRROR_SECONDS if self.mirrors else 5):
                    await self._wake_mirrors.wait()
            self._wake_mirrors.clear()
            self.mirrors = {
                name: mirror for name, mirror in self.mirrors.items() if mirror.is_watched and not mirror.end
            }
            if self.mirrors:
                with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                    async with asyncio.timeout(10):
                        await self._fill(dict(self.mirrors))

    async def _fill(self, mirrors: dict[str, Mirror]) -> None:
        standings = {standing.id: standing for standing in await self.store.standing(*mirrors)}
        by_id = {mirror.run_id: mirror for mirror in mirrors.values()}
        positions = {mirror.run_id: mirror.last for mirror in mirrors.values()}
        for run_id, first, lines in await self.store.mirrored(positions):
            by_id[run_id].append(first, lines)
        for run_id, mirror in by_id.items():
            standing = standings.get(run_id)
            if standing and standing.state != State.RUNNING and mirror.last >= standing.last_seq:
                mirror.finish(standing.state, standing.last_seq, standing.metrics)

    async def _listen(self) -> None:
        """Hear of other processes' news. Without Redis there are none."""
        if not settings.REDIS_URL:
            return
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(NEWS, channel)
                while True:
                    self._heard(await layer.receive(channel))
            except Exception as error:
                # Redis may be away for a while: frames and stops come by the database meanwhile.
                logger.warning("the channel layer does not answer: %s", type(error).__name__)
                await asyncio.sleep(2)

    def _heard(self, message: dict[str, Any]) -> None:
        if message["type"] == "stop.asked" and message["run"] in self.running:
            self.running[message["run"]].end(State.STOPPED)
        if message["type"] == "runs.news":
            self._wake_mirrors.set()
        if message["type"].startswith("presence."):
            self.presence.heard(message)

    def _tell_presence(self, message: dict[str, Any]) -> None:
        if settings.REDIS_URL:
            self._spawn(self._tell(message))

    async def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):  # a nudge only: whoever misses it looks into the database
            async with asyncio.timeout(NUDGE_SECONDS):
                await get_channel_layer().group_send(NEWS, message)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def limits() -> gateway.Limits:
    """The limits of one call, from the settings."""
    return gateway.Limits(
        lookup=settings.CALL_LOOKUP_SECONDS,
        connect=settings.CALL_CONNECT_SECONDS,
        first_byte=settings.CALL_FIRST_BYTE_SECONDS,
        silence=settings.CALL_SILENCE_SECONDS,
        after_end=settings.CALL_AFTER_END_SECONDS,
        total=settings.CALL_TOTAL_SECONDS,
        event_bytes=settings.CALL_EVENT_BYTES,
        body_bytes=settings.CALL_BODY_BYTES,
        run_bytes=settings.CALL_RUN_BYTES,
    )


_keeper: Keeper | None = None


def keeper() -> Keeper:
    """This process's keeper; made at the first call."""
    global _keeper
    if _keeper is None:
        _keeper = Keeper()
    return _keeper


def forget_keeper() -> None:
    """For a process that serves again after it has closed."""
    global _keeper
    _keeper = None
