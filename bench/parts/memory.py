"""The server's memory: idle, for each idle socket, for each run under way with its socket."""

import asyncio
from typing import Any

from bench.load import streaming
from bench.site import Site

IDLE_SOCKETS = 1000
RUNS = 200
SETTLE = 2


async def memory(site: Site) -> dict[str, Any]:
    """The idle sockets stay open while the runs begin, so that what they hold is not counted as free."""
    idle = site.resident_kib()
    async with streaming(site, 20, direct=0):
        await asyncio.sleep(SETTLE)
    warm = site.resident_kib()
    sockets = [await site.visitor().socket() for _ in range(IDLE_SOCKETS)]
    await asyncio.sleep(SETTLE)
    with_sockets = site.resident_kib()
    async with streaming(site, RUNS, direct=0, settle=5):
        with_runs = site.resident_kib()
    for socket in sockets:
        socket.close()
    return {
        "idle_mib": idle / 1024,
        "idle_socket_kib": (with_sockets - warm) / IDLE_SOCKETS,
        "active_run_kib": (with_runs - with_sockets) / RUNS,
        "warm_mib": warm / 1024,
    }
