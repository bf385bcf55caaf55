"""The site with a monitor in its event loop: `BENCH_HOLDS=file python -m bench.monitored`.

A heartbeat tells when the loop came late; a thread looks meanwhile what it is doing. Every hold over 1 ms becomes a line
of the file: how long it was, how much CPU the loop's thread used in it, where it was seen.
"""

import asyncio
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

BEAT_SECONDS = 0.001
WORTH_TELLING_MS = 1.0
LOOK_SECONDS = 0.002

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")


class Monitor:
    """One loop's heartbeat."""

    def __init__(self, report: Path) -> None:
        self.report = report
        self.loop_thread = threading.get_ident()
        self.beaten = time.perf_counter()
        self.seen = ""

    async def beat(self) -> None:
        """Come back every millisecond, and tell when that took longer."""
        threading.Thread(target=self._look, daemon=True).start()
        while True:
            self.beaten, cpu, self.seen = time.perf_counter(), time.thread_time(), ""
            await asyncio.sleep(BEAT_SECONDS)
            late = (time.perf_counter() - self.beaten - BEAT_SECONDS) * 1000
            if late > WORTH_TELLING_MS:
                self._tell(late, (time.thread_time() - cpu) * 1000)

    def _tell(self, late: float, cpu: float) -> None:
        with self.report.open("a") as report:
            report.write(f"{late:.2f} {cpu:.2f} {self.seen or '-'}\n")

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            if time.perf_counter() - self.beaten > 2 * LOOK_SECONDS and not self.seen:
                frame = sys._current_frames().get(self.loop_thread)
                self.seen = " < ".join(
                    f"{Path(step.filename).name}:{step.lineno} {step.name}"
                    for step in reversed(traceback.extract_stack(frame)[-8:])
                )


def main() -> None:
    """Serve as `manage.py serve` does, with the monitor beside."""
    from django.core.management import execute_from_command_line

    from playground.server import Server

    startup = Server.startup

    async def monitored_startup(self: Server, *args: Any, **kwargs: Any) -> None:
        await startup(self, *args, **kwargs)
        self.monitor = asyncio.create_task(Monitor(Path(os.environ["BENCH_HOLDS"])).beat())  # type: ignore[attr-defined]

    Server.startup = monitored_startup  # type: ignore[method-assign]
    execute_from_command_line(["manage.py", "serve"])


if __name__ == "__main__":
    main()
