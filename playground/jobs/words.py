"""Search words after runs: soon after each end, and by the clock for those that were missed."""

from channels.db import database_sync_to_async
from procrastinate.contrib.django import app

from playground.jobs.ended import Ended
from playground.runs.wording import make_missing_words, make_words

COLLECT_SECONDS = 0.3

make_words_soon = Ended(database_sync_to_async(make_words), COLLECT_SECONDS, "runs are not searchable yet")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="words.missing", pass_context=False)
async def make_words_that_are_missing(timestamp: int) -> None:
    """Make the words of runs that ended while nobody made any."""
    await database_sync_to_async(make_missing_words)()
