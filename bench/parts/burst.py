"""10,000 deltas as fast as they come, to watchers that do not read for ten seconds."""

import asyncio
from typing import Any

from bench.site import Site
from bench.trial import Story, started, watched, whole

DELTAS, WATCHERS = 10_000, 20
RATE = 1_000_000
PAUSE_SECONDS = 10


async def burst(site: Site) -> dict[str, Any]:
    """How many of the watchers have heard everything in order, and what each one held of the server's memory."""
    await _one_run(site)  # the first of its kind warms what later ones use again
    before = site.resident_kib()
    held, stories, late = await _one_run(site)
    return {
        "watchers": WATCHERS,
        "whole": sum(not story.wrong and story.text == late.text for story in stories),
        "deltas": len(late.stamps()),
        "socket_kib": (held - before) / WATCHERS,
    }


async def _one_run(site: Site) -> tuple[int, list[Story], Story]:
    socket, first = await started(site, f"bench-{RATE}-{DELTAS}")
    others = [await watched(site, first.run) for _ in range(WATCHERS - 1)]
    sockets, stories = [socket, *(other for other, _ in others)], [first, *(story for _, story in others)]
    for one in sockets:
        one.stop_reading()
    await asyncio.sleep(PAUSE_SECONDS)
    held = site.resident_kib()
    for one in sockets:
        one.read_again()
    await asyncio.gather(*(asyncio.wait_for(story.ended.wait(), 60) for story in stories))
    for one in sockets:
        one.close()
    return held, stories, await whole(site, first.run)
