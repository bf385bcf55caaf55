"""Log lines on their way out: written by a thread, so that nothing waits when whoever reads them does not."""

import logging
import queue
import sys
import threading
import time

WAITING = 10_000
GOODBYE_SECONDS = 1.0


class Handler(logging.Handler):
    """Lines go to stderr one after the other; those for which there is no room any more are counted and left out."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = 0
        self._lines: queue.Queue[str] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line; never waits."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self.dropped += 1
        except Exception:
            self.handleError(record)
        if self._thread is None:
            self._begin()

    def flush(self) -> None:
        """Give the thread a moment to write what is left."""
        end = time.monotonic() + GOODBYE_SECONDS
        while self._lines.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.005)

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._write, name="logs", daemon=True)
        self._thread.start()

    def _write(self) -> None:
        told = 0
        while True:
            line = self._lines.get()
            if self.dropped > told and self._lines.empty():
                told = self.dropped
                line += f"\n{told} lines of this log were left out so far: nobody read them in time."
            try:
                sys.stderr.write(line + "\n")
                sys.stderr.flush()
            except (OSError, ValueError):
                self.dropped += 1  # a full disk, or nobody there any more
            finally:
                self._lines.task_done()
