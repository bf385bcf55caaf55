"""The site under test: `manage.py serve` with a data folder of its own, alone on one core, the scripted upstream as its gateway."""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import psycopg

from bench import machine
from bench.visitor import Visitor
from playground import postgres

ROOT = Path(__file__).resolve().parent.parent
OWNER, PASSWORD = "owner@example.com", "bench-password-1"
MEMBER = "member@example.com"
KEY = "sk-bench-0123456789abcdefghijklmnopqrstuvwxyz012345"
START_SECONDS = 120
STOP_SECONDS = 40
OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "SANDBOX", "DEMO", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@dataclass
class Use:
    """CPU seconds used by the server's process and by Postgres."""

    server: float
    postgres: float

    def __sub__(self, earlier: "Use") -> "Use":
        return Use(self.server - earlier.server, self.postgres - earlier.postgres)


class Upstream:
    """The scripted upstream in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.upstream"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=machine.keep_to(machine.cores()[1]),
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def ask(self, method: str, path: str) -> bytes:
        """One of the upstream's own questions."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Site:
    """One data folder, and the server over it, which may be started again."""

    def __init__(self, upstream: Upstream, folder: Path) -> None:
        self.upstream, self.data = upstream, folder / "data"
        self.port = free_port()
        self.log = folder / "server.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._visitors: dict[str, Visitor] = {}

    def last_words(self) -> str:
        """The end of the server's log, for people."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    @property
    def is_running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self) -> int:
        assert self._server, "the site is not started"
        return self._server.pid

    def start(self, program: tuple[str, ...] = ("manage.py", "serve"), **environment: str) -> None:
        """Serve, alone on the first core; Postgres moves to the others as soon as it is up."""
        machine_core, other_cores = machine.cores()
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603
                [sys.executable, *program],
                cwd=ROOT,
                env=self.environment() | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: _as_by_hand(machine_core),
            )
        machine.wait_for(self._answers, START_SECONDS, f"the site starts (its log: {self.log})")
        machine.move(self.database_family(), other_cores)

    def environment(self) -> dict[str, str]:
        """The variables of the server: this data folder, the scripted upstream as gateway."""
        kept = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
        return kept | {
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "DEMO_PASSWORD": PASSWORD,
            "GATEWAY_URL": f"http://127.0.0.1:{self.upstream.port}",
            "GATEWAY_KEY": KEY,
        }

    def stop(self) -> None:
        """End in order, Postgres included."""
        for visitor in self._visitors.values():
            visitor.close()
        self._visitors.clear()
        if self._server:
            self._server.send_signal(signal.SIGTERM)
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def kill(self) -> None:
        """The server is gone from one moment to the next; its Postgres and what it keeps stay."""
        assert self._server, "the site is not started"
        self._server.kill()
        self._server.wait()
        self._server = None

    def visitor(self, email: str = OWNER) -> Visitor:
        """The person, signed in; signed in once."""
        if email not in self._visitors:
            self._visitors[email] = Visitor(self.port).sign_in(email, PASSWORD)
        return self._visitors[email]

    def database(self) -> psycopg.Connection:
        """A connection to the site's database."""
        return psycopg.connect(self.conninfo, autocommit=True)

    @property
    def conninfo(self) -> str:
        """Where the database listens."""
        return f"host={postgres.socket_folder(self.data)} user={postgres.USER} dbname={postgres.DATABASE}"

    def database_family(self) -> list[int]:
        """The processes of the embedded Postgres."""
        return machine.family(int((self.data / "pg" / "postmaster.pid").read_text().split("\n", 1)[0]))

    def used(self) -> Use:
        """CPU seconds so far."""
        return Use(machine.cpu_seconds(self.pid), machine.family_cpu_seconds(self.database_family()[0]))

    def resident_kib(self) -> int:
        """The server's memory."""
        return machine.resident_kib(self.pid)

    def _answers(self) -> bool:
        if self._server and self._server.poll() is not None:
            raise RuntimeError("the site ended at once")
        return answers(self.port)


def answers(port: int) -> bool:
    """Whether the site gives its sign-in page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as page:
            return page.status == 200
    except HTTPError as error:
        raise RuntimeError(f"the sign-in page answers {error.code}") from error
    except OSError:
        return False


@contextlib.contextmanager
def served() -> Iterator[Site]:
    """A started site with its upstream; everything is gone afterwards.

    The data folder lies in the checkout's `var/`, on a disk: in memory a commit would cost nothing.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    upstream = Upstream()
    site = Site(upstream, folder)
    try:
        yield site
    finally:
        site.stop()
        upstream.close()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def raise_descriptor_limit() -> None:
    """Thousands of sockets need as many descriptors at this end; the server sees to its own."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


_DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)


def _as_by_hand(cores: set[int]) -> None:
    """The limits a person's shell would give, on these cores."""
    os.sched_setaffinity(0, cores)
    resource.setrlimit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
