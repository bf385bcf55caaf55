"""Balances by the clock: keys that are due each minute, keys that were just used, whole teams on demand."""

import uuid
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import BalanceRefresh
from playground import readings
from playground.jobs.worker import STALLED_SECONDS


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="balances.due", pass_context=False)
async def read_due_balances(timestamp: int) -> None:
    """Look at every key whose time has come; each has its own time, a quarter of an hour after the last look."""
    await readings.read_due()


@app.task
async def read_balance(key: str) -> None:
    """Look at one key."""
    await readings.read_keys([uuid.UUID(key)])


@app.task
async def refresh_team(refresh: str) -> None:
    """Look at every key of a refresh that somebody asked for."""
    await readings.refresh(uuid.UUID(refresh))


def is_forsaken(refresh: BalanceRefresh) -> bool:
    """Whether a refresh was begun by a worker that beats no longer."""
    if not refresh.is_under_way or refresh.begun_at is None:
        return False
    since = timezone.now() - timedelta(seconds=STALLED_SECONDS)
    work = ProcrastinateJob.objects.filter(task_name=refresh_team.name, args__refresh=str(refresh.pk), status="doing")
    return not work.filter(worker__last_heartbeat__gt=since).exists()
