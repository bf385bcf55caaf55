"""Media after runs: what an answer points to is fetched soon after its end, and tried again while the link may live."""

from channels.db import database_sync_to_async
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from playground.jobs.ended import Ended
from playground.tasks import media

COLLECT_SECONDS = 0.5
AGAIN = RetryStrategy(max_attempts=4, exponential_wait=5)


def ask_later(runs: list[int]) -> None:
    """Let what these runs point to be fetched."""
    for run in media.with_links(runs):
        keep_media.defer(run=run)


@app.task(retry=AGAIN)
async def keep_media(run: int) -> None:
    """Fetch and keep what one run's answer points to."""
    await media.keep_media(run)


# What was not kept is fetched when somebody looks at it.
after_media = Ended(database_sync_to_async(ask_later), COLLECT_SECONDS, "media of answers are not kept now")
