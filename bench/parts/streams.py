"""What the site adds to a streamed chunk, and what a chunk costs: decoded, numbered, folded, stored, told to one watcher."""

from typing import Any

from bench import machine
from bench.figures import per
from bench.load import streaming
from bench.site import Site

SECONDS = 15


async def streams(site: Site, count: int, seconds: float = SECONDS) -> dict[str, Any]:
    """`count` runs at 30 chunks a second."""
    async with streaming(site, count) as load:
        window = await load.measure(seconds)
        with machine.kept_awake(machine.cores()[0]):
            awake = await load.measure(seconds / 3, settle=1)
    chunks = len(window.site)
    return window.latency() | {
        "cpu_s_per_100k": per(window.measured.used.server, chunks, 100_000),
        "awake_cpu_s_per_100k": per(awake.measured.used.server, len(awake.site), 100_000),
        "postgres_cpu_s_per_100k": per(window.measured.used.postgres, chunks, 100_000),
        "chunks": chunks,
        "p50_ms": window.site_ms(0.5),
        "p99_ms": window.site_ms(0.99),
        "direct_p50_ms": window.direct_ms(0.5),
        "direct_p99_ms": window.direct_ms(0.99),
    }
