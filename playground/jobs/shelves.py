"""What gateways offer, by the clock: each key's shelf is read a few times a day, a new key's at once."""

import uuid

from procrastinate.contrib.django import app

from playground import shelf


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="models.due", pass_context=False)
async def read_due_shelves(timestamp: int) -> None:
    """Look at every key whose time has come."""
    await shelf.read_due()


@app.task
async def read_models(key: str) -> None:
    """Look at one key."""
    await shelf.read_shelf(uuid.UUID(key))
