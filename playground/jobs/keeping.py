"""Rules of keeping and the packing of ended runs, by the clock."""

from channels.db import database_sync_to_async
from procrastinate.contrib.django import app

from playground.runs.keeping import keep_rules
from playground.runs.packing import pack_ended


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="runs.keep", lock="runs.keep", pass_context=False)
async def keep_by_rules(timestamp: int) -> None:
    """Delete and empty what the teams' rules say."""
    await database_sync_to_async(keep_rules)()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="runs.pack", lock="runs.pack", pass_context=False)
async def pack_runs(timestamp: int) -> None:
    """Pack runs that have come to rest."""
    await database_sync_to_async(pack_ended)()
