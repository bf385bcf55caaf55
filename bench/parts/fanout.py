"""One run watched by fifty pages, and by one more that has stopped reading."""

import asyncio
from typing import Any

from bench.figures import quantile
from bench.load import Arrivals, Watched, quietly
from bench.measured import Measured
from bench.site import Site

WATCHERS = 50
RATE = 50
SECONDS = 15


async def fanout(site: Site) -> dict[str, Any]:
    """The server's whole work, reading and storing included, shared out over the frames that were delivered."""
    visitor = site.visitor()
    owner = Watched(Arrivals())
    starting = await visitor.socket(owner.hear)
    run = starting.start(f"bench-{RATE}-1000000")
    await asyncio.wait_for(owner.first_text, 30)
    with quietly():
        watchers = [Watched(Arrivals()) for _ in range(WATCHERS)]
        sockets = [await visitor.socket(watcher.hear) for watcher in watchers]
        stalled = await visitor.socket()
        for socket in [*sockets, stalled]:
            socket.say(type="watch", run=run, after=0)
        await asyncio.gather(*(asyncio.wait_for(watcher.first_text, 30) for watcher in watchers))
        stalled.stop_reading()
        starting.say(type="unwatch", run=run)
        await asyncio.sleep(2)
        measured = await Measured.during(site, SECONDS)
        starting.say(type="stop", run=run)
        await asyncio.gather(*(asyncio.wait_for(watcher.end, 30) for watcher in watchers))
        for socket in [*sockets, stalled, starting]:
            socket.close()
    delays = [delay for watcher in watchers for delay in watcher.arrivals.between(measured.begin, measured.end)]
    return {
        "us_per_frame": measured.used.server / len(delays) * 1e6,
        "p50_ms": quantile(delays, 0.5) / 1e6,
        "p99_ms": quantile(delays, 0.99) / 1e6,
        "frames": len(delays),
    }
