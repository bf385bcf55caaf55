"""A stretch of time and what was used in it."""

import asyncio
import time
from dataclasses import dataclass

from bench.machine import busy_seconds
from bench.site import Site, Use

STRAGGLERS_SECONDS = 0.5


@dataclass(frozen=True)
class Measured:
    """From `begin` to `end` (CLOCK_MONOTONIC, ns): CPU of the server and of Postgres, and of everybody else."""

    begin: int
    end: int
    used: Use
    busy: float

    @property
    def seconds(self) -> float:
        return (self.end - self.begin) / 1e9

    @classmethod
    async def during(cls, site: Site, seconds: float) -> "Measured":
        """Look for a while; then wait a moment more for what was sent in this time and is still on its way."""
        used, busy, begin = site.used(), busy_seconds(), time.monotonic_ns()
        await asyncio.sleep(seconds)
        measured = cls(begin, time.monotonic_ns(), site.used() - used, busy_seconds() - busy)
        await asyncio.sleep(STRAGGLERS_SECONDS)
        return measured
