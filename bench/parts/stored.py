"""From the moment a page has a frame to the moment Postgres has it, with 200 streams."""

import asyncio
import time
from typing import Any

import psycopg

from bench.figures import quantile
from bench.load import Watched, streaming
from bench.site import Site

COUNT = 200
SECONDS = 10
PAUSE = 0.02  # so much later than the truth a commit may be seen
SETTLE = 2

IDS = "SELECT id, uuid::text FROM playground_run WHERE uuid = ANY(%s::uuid[])"
LAST = "SELECT r, (SELECT max(last) FROM playground_run_frames WHERE run_id = r) FROM unnest(%s::bigint[]) AS r"


async def stored(site: Site) -> dict[str, Any]:
    """The database is asked every 20 ms what it has of each run: another connection sees only what is committed."""
    async with streaming(site, COUNT) as load:
        seen = await _look(site, load.watched)
    lags = [lag for watched in load.watched for lag in _lags(watched, seen[watched.run])]
    return {
        "lag_p99_ms": quantile(lags, 0.99) / 1e6,
        "lag_p50_ms": quantile(lags, 0.5) / 1e6,
        "lag_max_ms": max(lags) / 1e6,
    }


async def _look(site: Site, runs: list[Watched]) -> dict[str, list[tuple[int, int]]]:
    """For every run the numbers that were stored and when that was seen."""
    seen: dict[str, list[tuple[int, int]]] = {watched.run: [] for watched in runs}
    with site.database() as database:
        names: dict[int, str] = dict(database.execute(IDS, [list(seen)]).fetchall())
    connection = await psycopg.AsyncConnection.connect(site.conninfo, autocommit=True)
    async with connection:
        end = time.monotonic() + SECONDS + SETTLE
        while time.monotonic() < end:
            rows = await (await connection.execute(LAST, [list(names)], prepare=True)).fetchall()
            now = time.monotonic_ns()
            for run_id, last in rows:
                known = seen[names[run_id]]
                if last and (not known or known[-1][0] < last):
                    known.append((last, now))
            await asyncio.sleep(PAUSE)
    return seen


def _lags(watched: Watched, seen: list[tuple[int, int]]) -> list[int]:
    """For every frame that was shown while we looked and long enough before we stopped: how much later it was stored."""
    lags, begin, end = [], seen[0][1], seen[-1][1] - SETTLE * 10**9
    commits = iter(seen)
    last, moment = next(commits)
    for number, shown in watched.shown:
        while last < number:
            last, moment = next(commits, (2**62, end))
        if begin < shown < end:
            lags.append(moment - shown)
    return lags
