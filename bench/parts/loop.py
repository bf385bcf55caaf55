"""The longest time the server's event loop was held, while runs stream and pages are asked for."""

import asyncio
import subprocess
import sys
from typing import Any

from bench import machine
from bench.load import streaming
from bench.parts.pages import prepare
from bench.site import ROOT, Site

COUNT = 50
SECONDS = 15


async def loop(site: Site) -> dict[str, Any]:
    """The server runs with a monitor in its loop (`bench.monitored`), then again without; before that the machine by itself."""
    report = site.data.parent / "holds"
    site.stop()
    floor = await asyncio.to_thread(_floor)
    site.start(("-m", "bench.monitored"), BENCH_HOLDS=str(report))
    try:
        paths = [path for path in prepare(site) if site.visitor().get(path).status == 200]
        async with streaming(site, COUNT):
            report.write_text("")
            asked = await _ask_pages(site, paths)
            holds = [_hold(line) for line in report.read_text().splitlines()]
    finally:
        site.stop()
        site.start()
    worst = max(holds, key=lambda hold: hold["ms"], default={"ms": 0.0})
    return {
        "hold_max_ms": worst["ms"],
        "worst": worst,
        "over_5_ms": sum(hold["ms"] > 5 for hold in holds),
        "cpu_max_ms": max((hold["cpu_ms"] for hold in holds), default=0.0),
        "pages": asked,
        "floor_max_ms": floor,
    }


async def _ask_pages(site: Site, paths: list[str]) -> int:
    clock, asked = asyncio.get_running_loop().time, 0
    end = clock() + SECONDS
    while clock() < end:
        await asyncio.to_thread(site.visitor().get, paths[asked % len(paths)])
        asked += 1
    return asked


def _floor() -> float:
    """How late a loop comes on this core that has nothing else to do."""
    command = [sys.executable, "-m", "bench.heartbeat", str(SECONDS)]
    told = subprocess.run(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, check=True, preexec_fn=machine.keep_to(machine.cores()[0])
    )
    return float(told.stdout)


def _hold(line: str) -> dict[str, Any]:
    ms, cpu_ms, where = line.split(" ", 2)
    return {"ms": float(ms), "cpu_ms": float(cpu_ms), "where": where}
