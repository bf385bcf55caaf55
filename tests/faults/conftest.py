"""The site in processes of its own over a Postgres of its own, and the site in this process with its people."""

import asyncio
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.databases import Database, Postgres
from tests.histories import History
from tests.runs.conftest import demo, gateway, member, owner, stranger  # noqa: F401
from tests.upstream import CHAT_END, NOT_FOUND, SSE_HEAD, Request, Upstream, chat_event, says, upstream

FEW = 5


@pytest.fixture(scope="session")
def postgres_server(used_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A Postgres that belongs to the tests of faults."""
    server = Postgres.over(used_folder, tmp_path_factory.mktemp("postgres"))
    try:
        yield server
    finally:
        server.cluster.stop()


@pytest.fixture
def database(postgres_server: Postgres) -> Database:
    """A database of its own, with the demo team."""
    return postgres_server.fresh()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that servers of one test share."""
    return tmp_path / "data"


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def counting(history: History) -> Iterator[Callable[..., Upstream]]:
    """Gateways that count from 0, a number a pause, and write into the history what they were asked and have sent."""
    with ExitStack() as opened:

        def serve(
            numbers: int = 100, pause: float = 0.03, until: threading.Event | None = None, after: str = " "
        ) -> Upstream:
            """With `until` they count as long as it is not set, and a little more; `after` follows each number."""

            async def script(request: Request, writer: asyncio.StreamWriter) -> None:
                if request.method != "POST":
                    # Asked for by the clock: models and balances, of which it tells nothing.
                    await says(NOT_FOUND)(request, writer)
                    return
                run = request.json["user"]
                history.asked(run)
                writer.write(SSE_HEAD)
                number = 0
                while number < (FEW if until else numbers) or not (until is None or until.is_set()):
                    writer.write(chat_event(f"{number}{after}"))
                    await writer.drain()
                    await asyncio.sleep(pause)
                    number += 1
                writer.write(CHAT_END)
                await writer.drain()
                history.sent(run, counted(number, after))

            return opened.enter_context(upstream(script))

        yield serve


def until(happens: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until something happens; it must."""
    limit = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < limit, f"waited in vain until {what}"
        time.sleep(0.05)


def counted(numbers: int = 100, after: str = " ") -> str:
    """The whole text of such a gateway."""
    return "".join(f"{number}{after}" for number in range(numbers))


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fills disks and moves clocks; see `shim.c`."""
    made = tmp_path_factory.mktemp("shim") / "shim.so"
    # Postgres runs as another user and must be able to read it.
    for folder in made.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o055)
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True)
    return made
