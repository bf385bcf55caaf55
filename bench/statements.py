"""How long Postgres itself took: every statement with its time, read from the log of the embedded server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.site import Site

_LINE = re.compile(r"LOG:  duration: ([\d.]+) ms  (?:statement|parse|bind|execute)(?: [^:]*)?: ")
_HEAD = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] ")


@dataclass(frozen=True)
class Statement:
    """One step of one statement: parsed, bound (planned) or executed."""

    ms: float
    text: str


class Statements:
    """What Postgres has logged since this was last asked."""

    def __init__(self, log: Path) -> None:
        self._log, self._at = log, log.stat().st_size

    def new(self) -> list[Statement]:
        """The statements that were finished since the last call."""
        with self._log.open("rb") as log:
            log.seek(self._at)
            text = log.read().decode("utf-8", "replace")
            self._at = log.tell()
        found: list[Statement] = []
        for line in text.splitlines():
            if _HEAD.match(line):
                told = _LINE.search(line)
                found += [Statement(float(told[1]), line[told.end() :])] if told else [Statement(0, "")]
            elif found:
                found[-1] = Statement(found[-1].ms, found[-1].text + line)
        return [statement for statement in found if statement.text]


@contextmanager
def logged(site: Site) -> Iterator[Statements]:
    """While the block lasts, Postgres writes every statement with its time into its log."""
    with site.database() as database:
        database.execute("ALTER SYSTEM SET log_min_duration_statement = 0")
        database.execute("SELECT pg_reload_conf()")
        try:
            yield Statements(site.data / "pg" / "server.log")
        finally:
            database.execute("ALTER SYSTEM RESET log_min_duration_statement")
            database.execute("SELECT pg_reload_conf()")
