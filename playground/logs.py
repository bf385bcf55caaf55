"""Log lines on their way out: written by a thread, so that nothing waits when whoever reads them does not."""

import json
import logging
import queue
import re
import sys
import threading
import time
from datetime import UTC, datetime

GOODBYE_SECONDS = 1.0


# The last net: nothing of ours writes a key into a log, but an error of a library might repeat one.
SECRETS = re.compile(r"\b(sk|tp)([-_])[A-Za-z0-9_-]{8,}|((?:Bearer|Basic) )[A-Za-z0-9._~+/=-]{8,}")
CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), 127, 0x85, 0x2028, 0x2029) if number != 9}


def without_secrets(text: str) -> str:
    """The text with whatever looks like a key replaced by its kind."""
    return SECRETS.sub(lambda found: f"{found[1]}{found[2]}…" if found[1] else f"{found[3]}…", text)


class Line(logging.Formatter):
    """One event a line, for people. What others wrote cannot begin a line of its own; what went wrong follows below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(CONTROLS)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonLine(logging.Formatter):
    """One event a line as JSON, for programs: when in UTC, how grave, from where, what; and what went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": without_secrets(record.getMessage()),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            told["status"] = status
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


class Handler(logging.Handler):
    """Lines go to stderr one after the other; those for which there is no room any more are counted and left out."""

    def __init__(self, waiting: int = 10_000) -> None:
        """At most `waiting` lines wait to be written."""
        super().__init__()
        self.dropped = 0
        self._lines: queue.Queue[str] = queue.Queue(waiting)
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


def dropped() -> int:
    """How many lines of this process's log were left out so far."""
    return sum(handler.dropped for handler in logging.getLogger().handlers if isinstance(handler, Handler))
