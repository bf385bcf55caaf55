"""A Postgres server that tests may restart, freeze and fill, and databases in it that are ready for the site."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from playground import postgres
from tests import folders
from tests.people import PASSWORD
from tests.server import Server, served

SECRETS = {
    "SECRET_KEY": "only for tests of faults",
    "KEY_ENCRYPTION_KEYS": folders.MASTER_KEYS,
    "GATEWAY_KEY": "sk-test0123456789abcdef",
}
# The database that others are copies of: every table, the demo team and its key.
READY = "ready"


class Postgres:
    """One cluster of its own. `preload` is a library that is put under all of its processes."""

    def __init__(self, folder: Path, preload: dict[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.cluster = _Cluster(folder, preload or {})
        self._made = 0

    @property
    def socket(self) -> Path:
        """The unix socket it listens at."""
        return self.cluster.socket_folder / postgres.SOCKET

    def fresh(self, template: str = READY) -> "Database":
        """A database of its own, a copy of `template`."""
        self._made += 1
        name = f"fault_{self._made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}", database="postgres")
        return Database(self, name)

    def empty(self) -> "Database":
        """A database with nothing in it."""
        return self.fresh(template="template0")

    def url(self, name: str) -> str:
        return f"postgres://{postgres.USER}@/{name}?host={self.cluster.socket_folder}"

    def sql(self, statement: str, *parameters: Any, database: str) -> list[Any]:
        """What one statement gives."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters or None)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def restart(self, mode: str = "fast") -> None:
        """As an operator restarts it (`fast`), or as after a crash (`immediate`)."""
        self.cluster._run("pg_ctl", "stop", f"--mode={mode}", "--wait")
        self.cluster.start()

    def stop(self) -> None:
        self.cluster._run("pg_ctl", "stop", "--mode=immediate", "--wait")

    def copied(self, folder: Path, preload: dict[str, str] | None = None, *words: str) -> "Postgres":
        """A cluster with all that is in this one, not started yet."""
        copy = Postgres(folder, preload)
        copy._made = self._made
        place = f"--pgdata={copy.cluster.folder}", f"--dbname={self.url('postgres')}"
        self.program("pg_basebackup", *place, "--checkpoint=fast", "--no-sync", *words)
        for path in (copy.cluster.folder, *copy.cluster.folder.rglob("*")):
            os.chown(path, *self.cluster._owner())
        return copy

    @classmethod
    def over(cls, used: Path, folder: Path) -> "Postgres":
        """Started over a copy of what a data folder at rest has of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        server = cls(folder)
        folders.copy(used / "pg", server.cluster.folder)
        server.cluster.start()
        server.sql(f"CREATE DATABASE {READY} TEMPLATE {postgres.DATABASE}", database="postgres")
        return server

    @contextmanager
    def standby(self, folder: Path) -> Iterator["Postgres"]:
        """A copy of this one that follows it: nothing counts as stored here that has not arrived there."""
        copy = self.copied(folder, None, "--write-recovery-conf")
        copy.cluster.start()
        try:
            self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'", database="postgres")
            self.sql("SELECT pg_reload_conf()", database="postgres")
            yield copy
        finally:
            self.cluster.start()
            self.sql("ALTER SYSTEM RESET synchronous_standby_names", database="postgres")
            self.sql("SELECT pg_reload_conf()", database="postgres")
            copy.cluster.stop()

    def promote(self) -> None:
        """Make a standby the one that is written to."""
        self.cluster._run("pg_ctl", "promote", "--wait")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All of its processes stand still, connections stay open and nobody answers."""
        numbers = self._processes()
        _signal(numbers, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(numbers, signal.SIGCONT)

    def _processes(self) -> list[int]:
        first = int((self.cluster.folder / "postmaster.pid").read_text().split("\n")[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def program(self, name: str, *arguments: str, into: Path | None = None, out_of: Path | None = None) -> None:
        """Run one of the programs that come with the server; it must succeed."""
        command = [str(postgres.programs() / name), *arguments]
        with open(into or os.devnull, "wb") as out, open(out_of or os.devnull, "rb") as given:
            subprocess.run(command, stdout=out, stdin=given, check=True)


@dataclass(frozen=True)
class Database:
    """One database of the site's, with everything in it that a first start makes."""

    server: Postgres
    name: str

    @property
    def url(self) -> str:
        return self.server.url(self.name)

    def behind(self, port: int, user: str = postgres.USER) -> str:
        """Its address by a proxy on this port."""
        return f"postgres://{user}@127.0.0.1:{port}/{self.name}"

    def sql(self, statement: str, *parameters: Any) -> list[Any]:
        return self.server.sql(statement, *parameters, database=self.name)

    @contextmanager
    def site(self, data: Path, out: int | None = None, **environment: str) -> Iterator[Server]:
        """A server process of the site over this database."""
        # The demo team is there, with the password that people here type: to look whether that works costs every start.
        known = {"DEMO": "1", "DEMO_PASSWORD": "", "JOBS": "off"}
        settings = {"DATABASE_URL": self.url, **known, **SECRETS, **environment}
        with served(data, out, **settings) as server:
            try:
                yield server
            except BaseException:
                print(f"The log of {server.url}:\n{server.log.read_text()[-8000:]}")
                raise
        # Whatever happened to it, it told no secret.
        log = server.log.read_text(errors="replace")
        assert [name for name, secret in (*SECRETS.items(), ("the password", PASSWORD)) if secret in log] == []

    @contextmanager
    def two_sites(self, data: Path, **environment: str) -> Iterator[tuple[Server, Server]]:
        """Two server processes of the site over this database, begun and ended side by side."""
        with ExitStack() as open_ones, ThreadPoolExecutor(2) as hands:
            sites = [self.site(data, **environment) for _ in range(2)]
            one, two = hands.map(open_ones.enter_context, sites)
            try:
                yield one, two
            finally:
                for server in (one, two):
                    server.terminate()


class _Cluster(postgres.Cluster):
    """As the site's own, but other things may be put under it."""

    def __init__(self, folder: Path, preload: dict[str, str]) -> None:
        super().__init__(folder)
        self._preload = preload

    def _options(self) -> str:
        # The machine stays up, and what the system has in hand need not be on the disk: recoveries become quick.
        return super()._options() + " -c fsync=off -c autovacuum=off"

    def _run(self, program: str, *arguments: str, asked: str = "", folder: Path | None = None) -> Any:
        if program != "pg_ctl" or not self._preload:
            return super()._run(program, *arguments, asked=asked, folder=folder)
        words = [f"{name}={value}" for name, value in self._preload.items()]
        command = [*self._as_owner(), "env", *words, str(postgres.programs() / program), *arguments]
        environment = {"PATH": os.defpath, "LC_ALL": "C", "PGDATA": str(self.folder)}
        return subprocess.run(command, cwd=self.folder, env=environment, stdout=-3, stderr=-3, text=True, check=False)


def _signal(numbers: list[int], signal_: signal.Signals) -> None:
    """Send it to those of these processes that are still there: backends come and go."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal_)
