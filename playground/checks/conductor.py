"""The conductor of rounds: in every server process one, asking for runs, waiting for their ends, judging them.

A round belongs to the process that took it up. When that process is gone another takes over: every run has its name
from the beginning, and a name is started once, so nothing is ever run twice.
"""

import asyncio
import contextlib
import logging
import uuid
from typing import Any

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import translation

from playground.checks import rounds
from playground.models import State
from playground.runs.begin import Refused
from playground.runs.conducting import Conductor
from playground.runs.keeper import keeper
from playground.runs.start import own_address, start

logger = logging.getLogger(__name__)

LOOK_SECONDS, ENDED_SECONDS = 2.0, 0.2
AT_ONCE = 4
ROOM_SECONDS, ROOM_TRIES = 1.0, 120


async def _conduct(event: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        while True:
            event.clear()
            with contextlib.suppress(DatabaseError, psycopg.Error, OSError):
                while not keeper().is_draining and (found := await _in_thread(rounds.take_up)(keeper().id)):
                    group.create_task(_play(found.pk))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await event.wait()


async def _play(round_id: uuid.UUID) -> None:
    """Play a round to its end, however often the database is away meanwhile."""
    while not keeper().is_draining:
        try:
            open_ = await _in_thread(rounds.waiting)(round_id)
            if not open_:
                await _in_thread(rounds.finish)(round_id)
                return
            room = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(_one(round_id, result, room) for result in open_))
        except (DatabaseError, psycopg.Error, OSError) as error:
            logger.warning("a round of checks waits for the database: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)


async def _one(round_id: uuid.UUID, result: int, room: asyncio.Semaphore) -> None:
    async with room:
        if keeper().is_draining:
            return
        translation.activate(await _in_thread(rounds.language_of)(round_id))
        if await _in_thread(rounds.is_stopped)(round_id):
            await _in_thread(rounds.skip)(result)
        elif asked := await _in_thread(rounds.start_message)(result):
            await _run(round_id, result, asked)


async def _run(round_id: uuid.UUID, result: int, asked: dict[str, Any]) -> None:
    name = asked["message"]["run"]
    try:
        await _begin(asked)
    except Refused as refusal:
        if refusal.code != "busy" and not await keeper().store.standing(name):
            await _in_thread(rounds.refuse)(result, str(refusal))
        return
    if await _ended(round_id, name):
        await _in_thread(rounds.keep)(result)


async def _begin(asked: dict[str, Any]) -> None:
    """Start the run; while the person has too many under way, wait for room. Raises Refused."""
    whose = {"user_id": asked["user_id"], "team_id": asked["team_id"], "own_address": own_address({})}
    for _try in range(ROOM_TRIES):
        try:
            await start(asked["message"], **whose)
            return
        except Refused as refusal:
            if refusal.code != "too_many":
                raise
        await asyncio.sleep(ROOM_SECONDS)
    await start(asked["message"], **whose)


async def _ended(round_id: uuid.UUID, name: str) -> bool:
    """Wait until the run has ended; stop it when the round is stopped. False when this process has to go first."""
    was_stopped = False
    while not keeper().is_draining or name in keeper().running:
        standing = (await keeper().store.standing(name))[0]
        if standing.state != State.RUNNING:
            return True
        if not was_stopped and await _in_thread(rounds.is_stopped)(round_id):
            was_stopped = True
            await keeper().stop(standing)
        await asyncio.sleep(ENDED_SECONDS)
    return False


def _in_thread(work: Any) -> Any:
    return database_sync_to_async(work, thread_sensitive=False)


_conductor = Conductor(_conduct)
wake, conducting = _conductor.wake, _conductor.conducting
