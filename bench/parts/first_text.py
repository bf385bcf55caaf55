"""From pressing Send to the first text, beyond what the upstream takes itself."""

import asyncio
import time
from typing import Any

from bench.direct import DirectStream
from bench.figures import added_ms
from bench.load import Arrivals, Watched, quietly
from bench.site import Site

COUNT = 50
PAUSE = 0.1
MODEL = "bench-30-1000000"


async def first_text(site: Site) -> dict[str, Any]:
    """50 streams at 30 chunks a second, started one after another; each start meets all that began before it."""
    ours, direct = [], []
    watched, sockets, streams = [], [], []
    with quietly():
        for _ in range(COUNT):
            one = Watched(Arrivals())
            socket = await site.visitor().socket(one.hear)
            watched.append(one)
            sockets.append(socket)
            began = time.monotonic_ns()
            one.run = socket.start(MODEL)
            ours.append(await asyncio.wait_for(one.first_text, 30) - began)
            began = time.monotonic_ns()
            stream = await DirectStream.open(site.upstream.port, MODEL, Arrivals())
            direct.append(await asyncio.wait_for(stream.first_text, 30) - began)
            streams.append(stream)
            await asyncio.sleep(PAUSE)
        for one, socket in zip(watched, sockets, strict=True):
            socket.say(type="stop", run=one.run)
        for stream in streams:
            stream.close()
        await asyncio.gather(*(asyncio.wait_for(one.end, 30) for one in watched))
        for socket in sockets:
            socket.close()
    return {"added_p50_ms": added_ms(ours, direct, 0.5), "added_p90_ms": added_ms(ours, direct, 0.9)}
