"""A loop that does nothing but come back every millisecond, on the server's core: `python -m bench.heartbeat 15` prints the
milliseconds it was late at most. What a machine does to this one it does to the site's."""

import asyncio
import sys
import time

import uvloop

from bench.monitored import BEAT_SECONDS


async def latest(seconds: float) -> float:
    """The longest lateness of that time, in milliseconds."""
    worst, end = 0.0, time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        await asyncio.sleep(BEAT_SECONDS)
        worst = max(worst, time.perf_counter() - began - BEAT_SECONDS)
    return worst * 1000


if __name__ == "__main__":
    print(uvloop.run(latest(float(sys.argv[1]))))
