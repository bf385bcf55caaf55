"""The site as an operator runs it: `manage.py serve` in a process of its own, which tests may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.people import OWNER, PASSWORD, Person
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Server:
    """One process of the site: a server, or a worker."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def person(self, email: str = OWNER) -> Person:
        return Person(self.url, email)

    def kill(self) -> None:
        """As a crash or a memory limit does: at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def served(data: Path, out: int | None = None, **environment: str) -> Iterator[Server]:
    """The site over `data`, up and answering, with the demo team. What it prints goes into its log, or to `out`."""
    port = free_port()
    with _command("serve", data, out, {"PORT": str(port), "HOST": "127.0.0.1", **environment}) as (process, log):
        server = Server(f"http://127.0.0.1:{port}", process, log)
        _wait(server)
        yield server


@contextmanager
def working(data: Path, **environment: str) -> Iterator[Server]:
    """A worker beside servers with `JOBS=off`, at work. It listens nowhere."""
    with _command("jobs", data, None, environment) as (process, log):
        for _ in range(1200):
            assert process.poll() is None, log.read_text()
            if "Working jobs off." in log.read_text():
                break
            time.sleep(0.1)
        yield Server("", process, log)


@contextmanager
def _command(
    name: str, data: Path, out: int | None, environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """`manage.py name` in a process of its own, which is told to end with the block, and its log."""
    log = data / f"{name}-{time.monotonic_ns()}.log"
    data.mkdir(parents=True, exist_ok=True)
    settings = {"DATA_DIR": str(data), "DEMO_PASSWORD": PASSWORD, **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "GATEWAY_"))}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", name],
            cwd=ROOT,
            env={**inherited, **settings},
            stdout=file if out is None else out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process, log
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


def _wait(server: Server) -> None:
    for _ in range(600):
        assert server.process.poll() is None, server.log.read_text()
        try:
            if httpx.get(server.url + "/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server is not up: " + server.log.read_text())
