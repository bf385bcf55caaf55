"""The conductor of comparisons: in every server process one, beginning the answers that wait as there is room.

So a page that is closed loses none of the columns it was promised. Every run has its name from the beginning and a name
is started once, so nothing is ever run twice when one process takes over from another.
"""

import asyncio
import contextlib
import logging
from typing import Any

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import translation

from playground.comparing import waiting
from playground.runs.begin import Refused
from playground.runs.conducting import Conductor
from playground.runs.keeper import keeper
from playground.runs.start import own_address, start

logger = logging.getLogger(__name__)

LOOK_SECONDS, SOON_SECONDS = 2.0, 0.25
NO_ROOM = ("too_many", "busy")


async def _conduct(event: asyncio.Event) -> None:
    while True:
        event.clear()
        waits = False
        try:
            waits = await _begin_some()
        except (DatabaseError, psycopg.Error, OSError) as error:
            logger.warning("answers of comparisons wait for the database: %s", type(error).__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SOON_SECONDS if waits else LOOK_SECONDS):
                await event.wait()


async def _begin_some() -> bool:
    """Begin what there is room for; whether anything waits longer."""
    if keeper().is_draining:
        return False
    claimed, waits = await _in_thread(waiting.claim)(keeper().id, keeper().running_of)
    for each in claimed:
        await _begin(each)
    return waits or bool(claimed)


async def _begin(answer: int) -> None:
    asked = await _in_thread(waiting.start_of)(answer)
    if asked is None:
        return
    name = asked["message"]["run"]
    try:
        with translation.override(asked["language"]):
            await start(
                asked["message"], user_id=asked["user_id"], team_id=asked["team_id"], own_address=own_address({})
            )
    except Refused as refusal:
        if refusal.code in NO_ROOM:
            await _in_thread(waiting.wait_on)(answer)
        else:
            await _in_thread(waiting.refuse)(answer, str(refusal))
        return
    if not await _in_thread(waiting.begun)(answer) and (found := await keeper().store.standing(name)):
        await keeper().stop(found[0])


def _in_thread(work: Any) -> Any:
    return database_sync_to_async(work, thread_sensitive=False)


_conductor = Conductor(_conduct)
wake, conducting = _conductor.wake, _conductor.conducting
