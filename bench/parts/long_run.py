"""Mixed load for as long as is asked: runs, cuts, stops, pages, searches. Nothing may grow, stay open or get lost.

`LONG_MINUTES=60 make bench ONLY=long_run`; without the variable it is ten minutes.
"""

import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

from bench.site import Site
from bench.trial import started, watched, whole

STREAMS, CHUNKS, RATE = 20, 150, 30
PAGES = ("/", "/history/", "/history/?q=time", "/saved/", "/keys/", "/balances/", "/usage/", "/models/")
SETTLE_SECONDS = 10
WARM_SHARE = 0.2


class Tally:
    """What happened, and how large the server was while it did."""

    def __init__(self) -> None:
        self.runs = self.stopped = self.pages = 0
        self.wrong: list[str] = []
        self.resident: list[tuple[float, int]] = []


async def long_run(site: Site) -> dict[str, Any]:
    """Counts, the first complaints, and what is left when the load has gone."""
    seconds = 60 * float(os.environ.get("LONG_MINUTES", "10"))
    tally, until = Tally(), time.monotonic() + seconds
    await _load(site, Tally(), time.monotonic() + min(20, seconds))  # what is made once is made now
    await asyncio.sleep(SETTLE_SECONDS)
    before = _open_things(site)
    await asyncio.gather(_load(site, tally, until), _watch_memory(site, tally, until))
    await asyncio.sleep(SETTLE_SECONDS)
    after = _open_things(site)
    warm = [kib for at, kib in tally.resident if at > seconds * WARM_SHARE] or [0]
    return {
        "minutes": seconds / 60,
        "runs": tally.runs,
        "stopped": tally.stopped,
        "pages": tally.pages,
        "wrong": len(tally.wrong),
        "first": tally.wrong[:3],
        "resident_mib": {"warm": warm[0] / 1024, "highest": max(warm) / 1024, "end": site.resident_kib() / 1024},
        "left": {name: after[name] - before[name] for name in before},
    }


async def _load(site: Site, tally: Tally, until: float) -> None:
    people = (_person(site, tally, until, random.Random(seed)) for seed in range(STREAMS))  # noqa: S311
    await asyncio.gather(*people, _visits(site, tally, until))


async def _person(site: Site, tally: Tally, until: float, chance: random.Random) -> None:
    while time.monotonic() < until:
        try:
            await _one_run(site, tally, chance)
        except Exception as error:  # told at the end, with the others
            tally.wrong.append(f"{type(error).__name__}: {error}")
        tally.runs += 1


async def _one_run(site: Site, tally: Tally, chance: random.Random) -> None:
    """A run that is stopped, or cut and gone on with, or just watched."""
    socket, story = await started(site, f"bench-{RATE}-{CHUNKS}")
    kind = chance.choice(("stop", "cut", "watch", "watch"))
    if kind != "watch":
        await asyncio.sleep(chance.random() * CHUNKS / RATE / 2)
    if kind == "stop":
        socket.say(type="stop", run=story.run)
        tally.stopped += 1
    seen = story.text
    if kind == "cut":
        socket.close()
        socket, rest = await watched(site, story.run, story.seq)
        await asyncio.wait_for(rest.ended.wait(), 60)
        seen += rest.text
    else:
        await asyncio.wait_for(story.ended.wait(), 60)
        seen = story.text
    socket.close()
    late = await whole(site, story.run)
    if late.wrong or late.text != seen or late.state != ("stopped" if kind == "stop" else "succeeded"):
        tally.wrong.append(
            f"{story.run} ({kind}): {late.state}, {len(seen)} seen, {len(late.text)} kept {late.wrong[:1]}"
        )


async def _visits(site: Site, tally: Tally, until: float) -> None:
    visitor = site.visitor()
    while time.monotonic() < until:
        path = PAGES[tally.pages % len(PAGES)]
        page = await asyncio.to_thread(visitor.get, path)
        if page.status != 200:
            tally.wrong.append(f"{path} answered {page.status}")
        tally.pages += 1
        await asyncio.sleep(0.5)


async def _watch_memory(site: Site, tally: Tally, until: float) -> None:
    began = time.monotonic()
    while time.monotonic() < until:
        tally.resident.append((time.monotonic() - began, site.resident_kib()))
        await asyncio.sleep(5)


def _open_things(site: Site) -> dict[str, int]:
    """Descriptors and threads of the server, its connections to the database, runs that have not ended."""
    process = Path("/proc") / str(site.pid)
    with site.database() as database:
        connections = database.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        running = database.execute("SELECT count(*) FROM playground_run WHERE state = 'running'")
        return {
            "descriptors": len(list((process / "fd").iterdir())),
            "threads": len(list((process / "task").iterdir())),
            "connections": connections.fetchone()[0],  # type: ignore[index]
            "running": running.fetchone()[0],  # type: ignore[index]
        }
