"""What every test may ask for: the database, the site on a port of its own, a Redis."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import redis
from django.conf import settings as site_settings
from django.core.cache import cache
from hypothesis import HealthCheck

from playground import postgres
from playground.server import Server
from tests import folders
from tests.ports import free_port

BROWSER = Path(__file__).parent / "browser"

# How long an example takes says nothing on a machine that does other work; what a fixture made may serve all examples.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis.settings.load_profile("any machine")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Browser tests run only when they are named: Playwright and pytest-asyncio break each other in one process."""
    named = any("browser" in argument for argument in config.args)
    return True if collection_path == BROWSER and not named else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """The embedded Postgres, in the data folder of this test run."""
    with postgres.joined(site_settings.DATA_DIR):
        folders.without_sync(site_settings.DATA_DIR)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The test database goes with its data folder; dropping it would wait for connections that are still open."""
    return True


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Every test begins with an empty cache: how often somebody signed in before is no business of the next one."""
    cache.clear()


@pytest.fixture
def one_long_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute of the counted requests ends in the middle of a test."""
    monkeypatch.setattr("accounts.limits.WINDOW_SECONDS", 10**7)


@dataclass(frozen=True)
class Site:
    """The whole site, served by the real server."""

    url: str

    @property
    def socket_url(self) -> str:
        """Where runs are started and watched."""
        return self.url.replace("http", "ws", 1) + "/ws/runs/"


@pytest.fixture
def site(transactional_db: None, settings: object) -> Iterator[Site]:
    """The whole site on a free port: pages, sockets, sandbox, over the test database."""
    with served(settings) as url:
        yield Site(url)


@contextmanager
def served(settings: object) -> Iterator[str]:
    """Serve the site in a thread of this process; its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.HOST, settings.PORT = door.getsockname()  # type: ignore[attr-defined]
        up = threading.Event()
        server = Server(announce=up.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not up.wait(0.05):
            assert thread.is_alive(), "the site did not start"
        yield f"http://127.0.0.1:{settings.PORT}"  # type: ignore[attr-defined]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the site was started over before, for tests to copy: those that are not about a first start."""
    folder = tmp_path_factory.mktemp("used") / "data"
    folders.make_used(folder)
    return folder


@pytest.fixture
def data_folder(used_folder: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return folders.copy(used_folder, tmp_path / "data")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis that belongs to this test run."""
    program = shutil.which("redis-server")
    assert program, "redis-server is not installed: apt-get install redis-server"
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    running = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for_redis(url)
        yield url
    finally:
        running.terminate()
        running.wait()


def _wait_for_redis(url: str) -> None:
    for _ in range(200):
        try:
            redis.Redis.from_url(url).ping()
            return
        except redis.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("redis-server does not answer")
