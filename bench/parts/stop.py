"""From pressing Stop to the moment the upstream sees its connection closed."""

import asyncio
import json
import time
import uuid
from typing import Any

from bench.load import Arrivals, Watched
from bench.site import Site

COUNT = 20
PAUSE = 0.2
SEEN_SECONDS = 10


async def stop(site: Site) -> dict[str, Any]:
    """The slowest of twenty."""
    times = [await _stop_one(site) for _ in range(COUNT)]
    return {"closed_ms": max(times), "closed_mean_ms": sum(times) / COUNT}


async def _stop_one(site: Site) -> float:
    name = uuid.uuid4().hex
    watched = Watched(Arrivals())
    socket = await site.visitor().socket(watched.hear)
    run = socket.start(f"bench-30-1000000-{name}")
    await asyncio.wait_for(watched.first_text, 30)
    await asyncio.sleep(PAUSE)
    pressed = time.monotonic_ns()
    socket.say(type="stop", run=run)
    await asyncio.wait_for(watched.end, 30)
    closed = await asyncio.wait_for(_closing_of(site, name), SEEN_SECONDS)
    socket.close()
    return (closed - pressed) / 1e6


async def _closing_of(site: Site, name: str) -> int:
    while True:
        closings = json.loads(site.upstream.ask("GET", "/closings"))
        if name in closings:
            return closings[name]
        await asyncio.sleep(0.02)
