"""Balances by the clock: keys that are due each minute, keys that were just used, whole teams on demand."""

import uuid

from procrastinate.contrib.django import app

from playground import readings


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
