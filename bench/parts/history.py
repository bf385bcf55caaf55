"""The history of a team with a million runs behind it, and what it costs to store one run more."""

import asyncio
import random
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlencode

from bench import machine
from bench.figures import quantile
from bench.load import Arrivals, Watched
from bench.rows import CHINESE, ENGLISH, MODELS, OPERATIONS, RARE
from bench.site import MEMBER, ROOT, Site
from bench.statements import Statement, Statements, logged

ROWS = 1_000_000
PAGES = 200
STORED, AT_ONCE = 40, 8
SEARCHES = 100
# The last runs' words are stored a moment after their ends.
WORDS_SECONDS = 1.0
OF_THE_KEEPER = ("playground_process", "stop_asked", "unnest")


async def history(site: Site) -> dict[str, Any]:
    """Pages with any filter at any depth, as the whole page and as older rows for htmx; then some runs."""
    make_runs(site, ROWS)
    with logged(site) as statements:
        pages = [_page(site, path, statements, htmx=number % 2 == 0) for number, path in enumerate(_paths(site))]
        searches = [_page(site, path, statements) for path in _searches()]
        floor_ms = _floor_ms(site)
        insert_ms = await _insert_ms(site, statements, at_once=1)
        together_ms = await _insert_ms(site, statements, at_once=AT_ONCE)
    with site.database() as database:
        rows = database.execute("SELECT count(*) FROM playground_run").fetchone()
    assert rows
    return {
        "rows": rows[0],
        "db_p95_ms": quantile([page["db_ms"] for page in pages], 0.95),
        "page_p95_ms": quantile([page["page_ms"] for page in pages], 0.95),
        "search_p95_ms": quantile([page["page_ms"] for page in searches], 0.95),
        "search_db_p95_ms": quantile([page["db_ms"] for page in searches], 0.95),
        "floor_ms": floor_ms,
        "insert_ms": insert_ms,
        "insert_together_ms": together_ms,
        "slowest_search": max(searches, key=lambda page: page["db_ms"]),
        "slowest": max(pages, key=lambda page: page["db_ms"]),
    }


def make_runs(site: Site, count: int) -> None:
    """Fill up the table to about `count` runs, and let Postgres settle."""
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.make_runs", str(count)],
        cwd=ROOT,
        env=site.environment(),
        check=True,
        preexec_fn=machine.keep_to(machine.cores()[1]),
    )
    with site.database() as database:
        database.execute("CHECKPOINT")


def _paths(site: Site) -> list[str]:
    chance = random.Random(1)  # noqa: S311
    with site.database() as database:
        oldest, newest = database.execute("SELECT min(id), max(id) FROM playground_run").fetchone()  # type: ignore[misc]
        people = [row[0] for row in database.execute("SELECT id FROM accounts_user")]
    filters = {
        "operation": [row[0] for row in OPERATIONS],
        "model": list(MODELS),
        "state": ["succeeded", "failed", "stopped", "cut_short", "interrupted", "running"],
        "person": people,
    }
    paths = []
    for _ in range(PAGES):
        chosen = chance.sample(list(filters), chance.choice((0, 1, 1, 1, 2, 2, 3, 4)))
        query: dict[str, Any] = {name: chance.choice(filters[name]) for name in chosen}
        if chance.random() < 0.7:
            query["before"] = chance.randrange(oldest, newest)
        paths.append(f"/history/?{urlencode(query)}")
    return paths


def _searches() -> list[str]:
    """Words that stand in many runs, in few and in one, English and Chinese, some together with filters."""
    chance = random.Random(2)  # noqa: S311
    words = [
        *RARE,
        *ENGLISH,
        *CHINESE,
        "客户",
        "合同",
        "紫薇",
        "报错",
        "meeting",
        "haiku",
        "exch*",
        '"stack trace"',
        "nowhere",
    ]
    paths = []
    for number in range(SEARCHES):
        rare = f"run{chance.randrange(ROWS)}" if number % 5 == 0 else ""
        query = {"q": rare or chance.choice(words)}
        if chance.random() < 0.3:
            query["model"] = chance.choice(MODELS)
        paths.append(f"/history/?{urlencode(query)}")
    return paths


def _floor_ms(site: Site) -> float:
    """What the plainest list costs the same database: the newest runs of all, by the primary key."""
    times = []
    with site.database() as database:
        for _ in range(SEARCHES):
            began = time.perf_counter()
            database.execute("SELECT * FROM playground_run ORDER BY id DESC LIMIT 50").fetchall()
            times.append((time.perf_counter() - began) * 1000)
    return quantile(times, 0.5)


def _page(site: Site, path: str, statements: Statements, *, htmx: bool = False) -> dict[str, Any]:
    visitor = site.visitor(MEMBER)
    statements.new()
    page = visitor.get(path, htmx=htmx and "before=" in path)
    if page.status != 200:
        raise RuntimeError(f"{path} answered {page.status}")
    used = [step for step in statements.new() if not any(word in step.text for word in OF_THE_KEEPER)]
    longest = max(used, key=lambda step: step.ms, default=Statement(0, ""))
    return {
        "path": path,
        "page_ms": page.seconds * 1000,
        "db_ms": sum(step.ms for step in used),
        "statement": longest.text[:400],
    }


async def _insert_ms(site: Site, statements: Statements, at_once: int) -> float:
    """Database time of one run's own rows – its row and request, its frames, its end, its words – with so many under way."""
    statements.new()
    for _ in range(STORED // at_once):
        await asyncio.gather(*(_stored(site) for _ in range(at_once)))
    await asyncio.sleep(WORDS_SECONDS)
    return sum(step.ms for step in statements.new() if "INSERT INTO playground_run" in step.text) / STORED


async def _stored(site: Site) -> None:
    watched = Watched(Arrivals())
    socket = await site.visitor().socket(watched.hear)
    socket.start("bench-100-40")
    await asyncio.wait_for(watched.end, 30)
    socket.close()
