"""Runs over several server processes, and over their deaths: nothing that was shown is lost, nothing is sent twice."""

import asyncio
import itertools
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import folders
from tests.histories import History, faults_in
from tests.people import MEMBER, Seen, chat, start, tell, watch_until_end
from tests.server import Server, served
from tests.upstream import CHAT_END, SSE_HEAD, Request, Upstream, chat_event, says, upstream

KEY = {"GATEWAY_KEY": "sk-test0123456789abcdef"}
# Who does not live any more is noticed soon.
QUICK = {"RUN_HEARTBEAT_SECONDS": "0.5", "RUN_ABANDONED_SECONDS": "5"}
NOT_FOUND = says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="module")
def data(used_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.copy(used_folder, tmp_path_factory.mktemp("processes") / "data")


@pytest.fixture
def over() -> threading.Event:
    """Set, it ends the streams of `slow`."""
    return threading.Event()


@pytest.fixture
def slow(over: threading.Event) -> Iterator[Upstream]:
    """A gateway that counts from 0 for as long as it may."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.method != "POST":
            await NOT_FOUND(request, writer)
            return
        writer.write(SSE_HEAD)
        for number in itertools.count():
            writer.write(chat_event(f"{number} "))
            await writer.drain()
            await asyncio.sleep(0.02)
            if over.is_set():
                break
        writer.write(CHAT_END)

    with upstream(script) as there:
        yield there


def counted(text: str) -> str:
    """As much of what it says as `text` has."""
    return "".join(f"{number} " for number in range(text.count(" ")))


def ended(server: Server, run: str, seconds: float = 30) -> Seen:
    """The run as it stands once it has ended."""
    limit, person = time.monotonic() + seconds, server.person()
    while True:
        seen = person.watch(run, seconds=max(1, limit - time.monotonic()))
        if seen.state or time.monotonic() > limit:
            return seen


def test_f21_a_killed_server_loses_nothing_that_was_shown(data, slow):
    chance, runs, history = random.Random(21), {}, History()
    for _ in range(2):
        with served(data, GATEWAY_URL=slow.url, **QUICK, **KEY) as server:
            for run in list(runs):
                seen = ended(server, run)
                assert (seen.state, seen.problem["code"], seen.is_whole()) == ("interrupted", "interrupted", True)
                assert seen.text().startswith(runs.pop(run).text())
                history.stored(seen)
            asked = _chats(slow)
            with server.person().socket() as socket:
                run = start(socket, "chat-stream", chat())
                wanted = chance.randint(40, 200)
                shown = watch_until_end(socket, run, until=lambda seen, wanted=wanted: len(seen.text()) > wanted)
                history.saw("tab", shown)
                time.sleep(1.1)
                server.kill()
            runs[run] = shown
            assert _chats(slow) == asked + 1
    assert faults_in(_without(history, runs)) == []


def _without(history: History, unfinished: dict[str, Seen]) -> History:
    """The history without the run that was killed last: nobody came back for it."""
    return History([line for line in history.lines if line["run"] not in unfinished])


def test_two_processes_with_redis_behave_as_one(data, slow, redis_server):
    shared = {"GATEWAY_URL": slow.url, "REDIS_URL": redis_server, **KEY}
    with served(data, **shared) as one, served(data, **shared) as two:
        here, there = one.person(), two.person(MEMBER)
        asked = _chats(slow)
        with here.socket() as mine, there.socket() as theirs:
            run = start(mine, "chat-stream", chat())
            first = watch_until_end(mine, run, until=lambda seen: len(seen.text()) > 50)
            tell(theirs, type="watch", run=run, after=0)
            watched = watch_until_end(theirs, run, until=lambda seen: len(seen.text()) > 200)
            again = start(theirs, "chat-stream", chat(), run=run)
            time.sleep(0.5)
            tell(mine, type="stop", run=run)
            mine_rest, theirs_rest = watch_until_end(mine, run), watch_until_end(theirs, again)

    assert _chats(slow) == asked + 1
    assert mine_rest.state == theirs_rest.state == "stopped"
    # Said on a socket that watches the run from its beginning, a start goes on there.
    assert watched.frames + theirs_rest.frames == first.frames + mine_rest.frames
    assert first.text().startswith(watched.text()) or watched.text().startswith(first.text())


def _chats(gateway: Upstream) -> int:
    """How often it was asked to chat; its models and balance are asked for by the clock."""
    return sum(request.path == "/v1/chat/completions" for request in gateway.requests)


def test_a_run_is_stopped_from_another_process_and_a_dead_process_is_noticed(data, slow, redis_server):
    shared = {"GATEWAY_URL": slow.url, "REDIS_URL": redis_server, **QUICK, **KEY}
    with (
        served(data, **shared) as one,
        served(data, **shared) as two,
        one.person().socket() as mine,
        two.person().socket() as theirs,
    ):
        run, other = start(mine, "chat-stream", chat()), start(mine, "chat-stream", chat())
        watch_until_end(mine, run, until=lambda seen: seen.text() != "")
        tell(theirs, type="watch", run=run)
        tell(theirs, type="stop", run=run)
        stopped = watch_until_end(theirs, run)
        tell(theirs, type="watch", run=other)
        watch_until_end(theirs, other, until=lambda seen: seen.text() != "")
        one.kill()
        noticed = watch_until_end(theirs, other, 30)

    assert stopped.state == "stopped"
    assert (noticed.state, noticed.problem["code"]) == ("interrupted", "interrupted")


def test_sigterm_lets_a_run_end_and_its_watcher_see_it(data, slow, over):
    with (
        served(data, GATEWAY_URL=slow.url, RUN_DRAIN_SECONDS="90", **KEY) as server,
        server.person().socket() as socket,
    ):
        run = start(socket, "chat-stream", chat())
        part = watch_until_end(socket, run, until=lambda seen: seen.text() != "")
        server.terminate()
        more = watch_until_end(socket, run, until=lambda seen: len(seen.text()) > 50)
        over.set()
        rest = watch_until_end(socket, run, 90)
        server.process.wait(60)

    assert rest.state == "succeeded"
    text = part.text() + more.text() + rest.text()
    assert text == counted(text)


def test_what_outlives_the_drain_is_interrupted_with_its_text(data, slow):
    with served(data, GATEWAY_URL=slow.url, RUN_DRAIN_SECONDS="1", **KEY) as server, server.person().socket() as socket:
        run = start(socket, "chat-stream", chat())
        part = watch_until_end(socket, run, until=lambda seen: seen.text() != "")
        server.terminate()
        rest = watch_until_end(socket, run)
        server.process.wait(20)

    assert rest.state == "interrupted"
    text = part.text() + rest.text()
    assert counted(text) == text
