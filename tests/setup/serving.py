"""`manage.py serve` as a process of its own, with nothing but its environment."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.ports import free_port

SITE = Path(__file__).resolve().parents[2]


@dataclass
class Serving:
    """A site being served, and what it says."""

    process: subprocess.Popen[str]
    url: str
    folder: Path

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send the whole process group a signal; its exit code and what it said."""
        os.killpg(self.process.pid, number)
        said = self.process.communicate(timeout=60)[0]
        return self.process.returncode, said


def serve(folder: Path, **environment: str) -> subprocess.Popen[str]:
    """Start to serve the data folder; nothing of this machine's environment is passed on."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=SITE,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Serving]:
    """Serve the data folder until it answers; ended at the latest here."""
    port = environment.setdefault("PORT", str(free_port()))
    process = serve(folder, **environment)
    site = Serving(process, f"http://127.0.0.1:{port}", folder)
    try:
        _wait(site)
        yield site
    finally:
        if process.poll() is None:
            site.end()


def refusal(folder: Path, **environment: str) -> tuple[int, str]:
    """The exit code and words of a site that does not start."""
    process = serve(folder, **{"PORT": str(free_port()), **environment})
    try:
        said = process.communicate(timeout=60)[0]
    finally:
        process.kill()
    return process.returncode, said


def password_in(said: str) -> str | None:
    """The demo password that a first start tells."""
    found = re.search(r"with the password (\S+) at", said)
    return found[1] if found else None


def _wait(site: Serving) -> None:
    while True:
        try:
            if site.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            assert site.process.poll() is None, site.process.communicate()[0]
            time.sleep(0.1)
