"""The server is killed twenty times in the middle of runs: what was shown a second before is kept, every run ends."""

import asyncio
import random
import time
from typing import Any

from bench.site import Site
from bench.trial import Story, started, whole

KILLS, RUNS = 20, 5
MODEL = "bench-30-1000000"
KEPT_SECONDS = 1.0
NOTICED_SECONDS = 60


async def kills(site: Site) -> dict[str, Any]:
    """How many runs lost something, how many ended as interrupted, and how long after the start the last one did."""
    chance = random.Random(20)  # noqa: S311
    lost, ended, slowest = 0, 0, 0.0
    for _ in range(KILLS):
        stories = await _started(site)
        await asyncio.sleep(0.3 + 4 * chance.random())
        site.kill()
        killed = time.monotonic_ns()
        site.start()
        began = time.monotonic()
        kept = await asyncio.gather(*(whole(site, story.run, NOTICED_SECONDS) for story in stories))
        slowest = max(slowest, time.monotonic() - began)
        ended += sum(story.state == "interrupted" for story in kept)
        lost += sum(not _is_kept(story, late, killed) for story, late in zip(stories, kept, strict=True))
    return {"kills": KILLS, "runs": KILLS * RUNS, "lost": lost, "interrupted": ended, "noticed_s": slowest}


async def _started(site: Site) -> list[Story]:
    return [story for _ in range(RUNS) for _socket, story in [await started(site, MODEL)]]


def _is_kept(story: Story, late: Story, killed: int) -> bool:
    shown = story.text_before(killed - int(KEPT_SECONDS * 1e9))
    return not story.wrong and not late.wrong and late.text.startswith(shown)
