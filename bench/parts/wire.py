"""What a delta of 24 characters takes on the way to the browser, before compression."""

import asyncio
from typing import Any

from bench.load import Arrivals, Watched
from bench.site import Site


async def wire(site: Site) -> dict[str, Any]:
    """The payload of websocket messages that carry exactly one such delta."""
    watched = Watched(Arrivals())
    socket = await site.visitor().socket(watched.hear)
    socket.start("bench-40-200")
    await asyncio.wait_for(watched.end, 60)
    socket.close()
    return {"bytes_per_delta": watched.delta_bytes / watched.deltas, "deltas": watched.deltas}
