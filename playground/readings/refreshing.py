"""Reading balances: of one key, of those that are due, of a whole team with progress and cancel."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from channels.db import database_sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import crypto
from accounts.models import BalanceRefresh, BalanceStanding, Gateway, Key
from playground.readings.asking import Asker, Outcome, Question, asker, question_for
from playground.readings.keeping import keep

logger = logging.getLogger(__name__)

# How many keys of all hosts are asked at once, and how many are taken up in one look at what is due.
AT_ONCE = 32
DUE_AT_ONCE = 500


async def balance_of(key: Key, newer_than_seconds: float, anew: bool = False) -> BalanceStanding | None:
    """How `key` stands by a reading not older than that: the kept one, else one taken now.

    `anew`: a gateway that once told no figures is asked for them again, by every way there is.
    """
    standing = await database_sync_to_async(_standing)(key.pk)
    if standing and standing.asked_at and _age(standing) <= timedelta(seconds=newer_than_seconds):
        return standing
    return (await read_keys([key.pk], anew)).get(key.pk)


async def read_keys(keys: Iterable[uuid.UUID], anew: bool = False) -> dict[uuid.UUID, BalanceStanding]:
    """Ask for each of these keys now; how they stand after it."""
    return {key: standing async for key, standing in _readings(list(keys), anew=anew) if standing}


async def read_due() -> int:
    """Ask for the keys whose time has come; how many those were."""
    due = await database_sync_to_async(_due)()
    return len(await read_keys(due))


async def refresh(refresh_id: uuid.UUID) -> None:
    """Ask for every key of a refresh that somebody wanted, counting as answers come; stops when it is cancelled."""
    keys = await database_sync_to_async(_begin)(refresh_id)
    async for _key, standing in _readings(keys, refresh_id):
        await database_sync_to_async(_count)(refresh_id, standing)
    await database_sync_to_async(_end)(refresh_id)


async def _readings(
    keys: Sequence[uuid.UUID], refresh_id: uuid.UUID | None = None, anew: bool = False
) -> AsyncIterator[tuple[uuid.UUID, BalanceStanding | None]]:
    """Each key with how it stands, in the order in which gateways answer."""
    waiting = iter(keys)
    async with asker() as one:
        tasks: set[asyncio.Task[tuple[uuid.UUID, BalanceStanding | None]]] = set()
        try:
            while True:
                while len(tasks) < AT_ONCE and (key := next(waiting, None)):
                    tasks.add(asyncio.create_task(_read(one, key, anew)))
                if not tasks:
                    return
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
                if refresh_id and await database_sync_to_async(_is_cancelled)(refresh_id):
                    waiting = iter(())
        finally:
            for task in tasks:
                task.cancel()


async def _read(one: Asker, key_id: uuid.UUID, anew: bool) -> tuple[uuid.UUID, BalanceStanding | None]:
    question = await database_sync_to_async(_question)(key_id, anew)
    if question is None:
        return key_id, None
    outcome = question if isinstance(question, Outcome) else await one.balance(question)
    return key_id, await database_sync_to_async(keep)(key_id, outcome)


def _question(key_id: uuid.UUID, anew: bool) -> Question | Outcome | None:
    key = Key.objects.select_related("gateway", "standing").filter(pk=key_id).first()
    if key is None:
        return None
    standing = getattr(key, "standing", None)
    try:
        question = question_for(key, standing.facts if standing else {})
    except crypto.CannotOpen:
        logger.warning("the secret of key %s cannot be opened", key_id)
        return Outcome(code="sealed")
    is_asked_anew = anew and question.kind == Gateway.Kind.OPENAI
    return replace(question, kind=Gateway.Kind.UNKNOWN) if is_asked_anew else question


def _standing(key_id: uuid.UUID) -> BalanceStanding | None:
    return BalanceStanding.objects.select_related("reading").filter(key_id=key_id).first()


def _due() -> list[uuid.UUID]:
    """The keys to look at now: those never looked at, and those whose time has come. Nobody else takes them meanwhile."""
    now = timezone.now()
    fresh = Key.objects.live().filter(standing=None).values_list("pk", flat=True)[:DUE_AT_ONCE]
    BalanceStanding.objects.bulk_create(
        [BalanceStanding(key_id=key, next_at=now) for key in fresh], ignore_conflicts=True
    )
    with transaction.atomic():
        waiting = BalanceStanding.objects.due(now).filter(key__in=Key.objects.live())
        due = list(
            waiting.select_for_update(skip_locked=True, of=("self",)).values_list("key_id", flat=True)[:DUE_AT_ONCE]
        )
        # Until they are told they are not due: a process that dies meanwhile delays them by a while only.
        BalanceStanding.objects.filter(pk__in=due).update(next_at=now + timedelta(minutes=5))
    return due


def _begin(refresh_id: uuid.UUID) -> list[uuid.UUID]:
    """The keys to ask for: all of them, or those that are left where a worker died over it."""
    mine = BalanceRefresh.objects.filter(pk=refresh_id, ended_at=None).first()
    if mine is None:
        return []
    if mine.begun_at is None:
        BalanceRefresh.objects.filter(pk=refresh_id).update(begun_at=timezone.now())
        return list(mine.keys)
    read = BalanceStanding.objects.filter(key__in=mine.keys, asked_at__gt=mine.begun_at)
    asked = set(read.values_list("key_id", flat=True))
    return [key for key in mine.keys if key not in asked]


def _count(refresh_id: uuid.UUID, standing: BalanceStanding | None) -> None:
    failed = int(bool(standing and standing.code not in ("", "no_figure")))
    BalanceRefresh.objects.filter(pk=refresh_id).update(done=F("done") + 1, failed=F("failed") + failed)


def _is_cancelled(refresh_id: uuid.UUID) -> bool:
    return BalanceRefresh.objects.filter(pk=refresh_id, cancelled=True).exists()


def _end(refresh_id: uuid.UUID) -> None:
    BalanceRefresh.objects.filter(pk=refresh_id, ended_at=None).update(ended_at=timezone.now())


def _age(standing: BalanceStanding) -> timedelta:
    assert standing.asked_at
    return timezone.now() - standing.asked_at
