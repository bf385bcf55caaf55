"""Redis goes away and comes back empty: text arrives, nothing is lost, what it was to limit is refused meanwhile."""

import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import redis

from tests.faults.conftest import counted
from tests.faults.tabs import Tab, stored
from tests.faults.test_database import is_busy
from tests.histories import faults_in
from tests.people import MEMBER, OWNER, PASSWORD, chat, tell
from tests.ports import free_port


class Redis:
    """A Redis that may be started, stopped and started again, empty each time; and made to hang, and to go on."""

    def __init__(self, folder) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running = None

    def start(self) -> None:
        """Start, or go on."""
        if self._running:
            self._running.send_signal(signal.SIGCONT)
            return
        command = [shutil.which("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._running = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        for _ in range(300):
            try:
                redis.Redis.from_url(self.url).ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("redis-server does not answer")

    def hang(self) -> None:
        """Connections stay open and new ones are taken, and nobody answers."""
        self._running.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        if self._running:
            self._running.kill()
            self._running.wait(10)
            self._running = None


@contextmanager
def a_redis(folder):
    there = Redis(folder)
    try:
        yield there
    finally:
        there.stop()


def sign_in(url: str) -> httpx.Response:
    """What the sign-in form answers."""
    with httpx.Client(base_url=url, timeout=30) as visitor:
        visitor.get("/accounts/login/")
        form = {"login": OWNER, "password": PASSWORD, "csrfmiddlewaretoken": visitor.cookies["csrftoken"]}
        return visitor.post("/accounts/login/", data=form, headers={"Referer": url + "/accounts/login/"})


def test_f30_while_redis_hangs_or_is_gone_text_arrives_and_signing_in_waits_until_it_is_back(
    database, data, counting, history, tmp_path
):
    over = threading.Event()
    there = counting(until=over)
    with a_redis(tmp_path) as between:
        between.start()
        with database.two_sites(data, GATEWAY_URL=there.url, REDIS_URL=between.url) as (one, two):
            here, other = one.person(), two.person(MEMBER)
            tab = Tab(here, history).wait(20)
            watcher = Tab(other, history, run=tab.run).wait(20)
            faults = [_meanwhile(away, between, here, other, watcher, history) for away in (between.hang, between.stop)]
            over.set()
            for each in (tab, watcher):
                each.join()
            stored(here, tab.run, history)

    assert {(each.seen.state, each.text()) for each in (tab, watcher)} == {
        ("succeeded", counted(len(tab.text().split())))
    }
    for fault in faults:
        assert fault["stopped"] == ["stopped", "stopped"]
        assert fault["pages"] == [200] * 6
        assert is_busy(fault["refused"])
        assert (fault["let_in"], fault["still"]) == (302, 200)
    assert faults_in(history) == []


def _meanwhile(away, between, here, other, watcher, history):
    """What two people at two processes see while Redis is away, and when it is back."""
    away()
    shown = len(watcher.text())
    watcher.wait(shown + 100)
    pages = [person.http.get(path).status_code for person in (here, other) for path in ("/", "/history/", "/keys/")]
    refused = sign_in(other.url)
    begun = Tab(here, history).wait(20)
    beside = Tab(other, history, run=begun.run).wait(20)
    with other.socket():
        pass
    with here.socket() as socket:
        tell(socket, type="stop", run=begun.run)
        stopped = [begun.join().state, beside.join().state]
    between.start()
    let_in = _until_let_in(other.url)
    stored(here, begun.run, history)
    still = other.http.get("/history/").status_code
    return {"pages": pages, "refused": refused, "stopped": stopped, "let_in": let_in, "still": still}


def _until_let_in(url: str) -> int:
    limit = time.monotonic() + 30
    while (answer := sign_in(url)).status_code == 503 and time.monotonic() < limit:
        time.sleep(0.3)
    return answer.status_code


@pytest.mark.parametrize("away", ["gone", "hanging"])
def test_f30_a_server_starts_and_ends_without_redis_and_finds_it_between(database, data, counting, tmp_path, away):
    there = counting(10)
    with a_redis(tmp_path) as between:
        if away == "hanging":
            between.start()
            between.hang()
        with database.site(data, GATEWAY_URL=there.url, REDIS_URL=between.url) as server:
            health, refused = httpx.get(server.url + "/healthz", timeout=30).status_code, sign_in(server.url)
            between.start()
            let_in = _until_let_in(server.url)
            seen = server.person().run("chat-stream", chat(user="later"))
            (between.hang if away == "hanging" else between.stop)()
            server.terminate()
            code = server.process.wait(60)

    assert (health, let_in, seen.state, code) == (200, 302, "succeeded", 0)
    assert is_busy(refused)
