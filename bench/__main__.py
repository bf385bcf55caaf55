"""`python -m bench [part …]`: measure, print one JSON object last."""

import asyncio
import inspect
import json
import os
import platform
import sys
import time
import traceback
from typing import Any

import uvloop

from bench import machine
from bench.figures import tidy
from bench.parts import PARTS, Part, chosen
from bench.site import Site, raise_descriptor_limit, served


def main() -> int:
    """Measure what the command line names; 1 when a part could not be measured."""
    try:
        parts = chosen([word for words in sys.argv[1:] for word in words.split(",")])
    except KeyError as unknown:
        print(f"There is no part {unknown}. Parts: {' '.join(part.name for part in PARTS)}", file=sys.stderr)
        return 2
    os.sched_setaffinity(0, machine.cores()[1])
    raise_descriptor_limit()
    result, failed = measure(parts)
    print(json.dumps(tidy(result | ({"failed": failed} if failed else {}))))
    return 1 if failed else 0


def measure(parts: list[Part]) -> tuple[dict[str, Any], dict[str, str]]:
    """The figures of the parts, and of those that failed the reason."""
    began, busy = time.monotonic(), machine.busy_seconds()
    result: dict[str, Any] = {}
    failed: dict[str, str] = {}
    with served() as site:
        for part in parts:
            try:
                result[part.name] = _figures(part, site)
            except Exception as error:
                traceback.print_exc()
                print(f"{part.name} failed; the server's last words:\n{site.last_words()}", file=sys.stderr, flush=True)
                failed[part.name] = f"{type(error).__name__}: {error}"
                site.stop()
    seconds = time.monotonic() - began
    result["machine"] = {
        "cores": len(machine.ALL_CORES),
        "python": platform.python_version(),
        "seconds": seconds,
        "busy_share": (machine.busy_seconds() - busy) / seconds / (os.cpu_count() or 1),
        "load_before": _LOAD_BEFORE,
    }
    return result, failed


_LOAD_BEFORE = os.getloadavg()[0]


def _figures(part: Part, site: Site) -> dict[str, Any]:
    began = time.monotonic()
    if part.fresh or not site.is_running:
        site.stop()
        site.start()
    figures = part.measure(site)
    if inspect.isawaitable(figures):
        figures = uvloop.run(_awaited(figures))
    shown = json.dumps(tidy(figures))
    print(f"{part.name}: {time.monotonic() - began:.0f} s {shown}", file=sys.stderr, flush=True)
    return figures


async def _awaited(figures: Any) -> dict[str, Any]:
    asyncio.get_running_loop().set_exception_handler(_complain)
    return await figures


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A mistake in a callback of ours would otherwise only be logged, and the figures be believed.
    print(context.get("exception") or context["message"], file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
