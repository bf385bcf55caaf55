"""Reading shelves: of one key, and of those whose time has come."""

import asyncio
import logging
import uuid
from datetime import timedelta

from channels.db import database_sync_to_async
from django.db import transaction
from django.utils import timezone

from accounts import crypto
from accounts.models import Key
from playground.models.shelf import Shelf
from playground.shelf.asking import Outcome, Question, ask_for, question_for
from playground.shelf.keeping import keep

logger = logging.getLogger(__name__)

AT_ONCE = 4
DUE_AT_ONCE = 50


async def read_shelf(key_id: uuid.UUID) -> Shelf | None:
    """Ask what the gateway offers this key now; how its shelf stands after it."""
    question = await database_sync_to_async(_question)(key_id)
    if question is None:
        return None
    outcome = question if isinstance(question, Outcome) else await ask_for(question)
    return await database_sync_to_async(keep)(key_id, outcome)


async def read_due() -> int:
    """Ask for the keys whose time has come, a few at once; how many those were."""
    due = await database_sync_to_async(_due)()
    room = asyncio.Semaphore(AT_ONCE)

    async def read(key_id: uuid.UUID) -> None:
        async with room:
            await read_shelf(key_id)

    await asyncio.gather(*(read(key_id) for key_id in due))
    return len(due)


def _question(key_id: uuid.UUID) -> Question | Outcome | None:
    key = Key.objects.select_related("gateway").filter(pk=key_id).first()
    if key is None:
        return None
    try:
        return question_for(key)
    except crypto.CannotOpen:
        logger.warning("the secret of key %s cannot be opened", key_id)
        return Outcome(code="sealed")


def _due() -> list[uuid.UUID]:
    """The keys to look at now: those never looked at, and those whose time has come. Nobody else takes them meanwhile."""
    now = timezone.now()
    fresh = Key.objects.live().filter(shelf=None).values_list("pk", flat=True)[:DUE_AT_ONCE]
    Shelf.objects.bulk_create([Shelf(key_id=key, next_at=now) for key in fresh], ignore_conflicts=True)
    with transaction.atomic():
        waiting = (
            Shelf.objects.due(now).filter(key__in=Key.objects.live()).select_for_update(skip_locked=True, of=("self",))
        )
        due = list(waiting.values_list("key_id", flat=True)[:DUE_AT_ONCE])
        # Until they are told they are not due: a process that dies meanwhile delays them by a while only.
        Shelf.objects.filter(pk__in=due).update(next_at=now + timedelta(minutes=5))
    return due
