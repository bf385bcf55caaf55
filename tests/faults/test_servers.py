"""Server processes are killed, replaced, stopped and slowed: runs and their watchers come through."""

import fcntl
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import pytest

from tests.faults.conftest import counted, until
from tests.faults.databases import SECRETS
from tests.faults.processes import WATCHER, lines_lost, open_files
from tests.faults.tabs import Tab, stored
from tests.histories import faults_in
from tests.people import MEMBER, chat
from tests.server import ROOT
from tests.toxics import toxic

QUICK = {"RUN_HEARTBEAT_SECONDS": "0.5", "RUN_ABANDONED_SECONDS": "4"}


def place_of(url: str) -> tuple[str, int]:
    return "127.0.0.1", int(url.rpartition(":")[2])


def test_f22_a_new_server_takes_over_while_fifty_streams_run(database, data, counting, history):
    """The streams end when the old server has; what it was still asking for then is interrupted."""
    over = threading.Event()
    there = counting(until=over, pause=0.1)
    with database.site(data, GATEWAY_URL=there.url, RUN_DRAIN_SECONDS="3") as old, toxic(place_of(old.url)) as way:
        visitors = [old.person(), old.person(MEMBER)]
        for person in visitors:
            person.url = way.url
        tabs = [Tab(visitors[number % 2], history) for number in range(25)]
        for tab in tabs:
            tab.wait(5)
        with database.site(data, GATEWAY_URL=there.url) as new:
            way.lead_to(place_of(new.url))
            tabs += [Tab(visitors[number % 2], history) for number in range(25)]
            old.terminate()
            old.process.wait(60)
            for tab in tabs[:25]:
                tab.join()
            for tab in tabs[25:]:
                tab.wait(5)
            over.set()
            for tab in tabs[25:]:
                tab.join()
            for tab in tabs:
                stored(visitors[0], tab.run, history)

    states = [tab.seen.state for tab in tabs]
    assert states == ["interrupted"] * 25 + ["succeeded"] * 25
    assert len(there.requests) == 50
    assert faults_in(history) == []


@pytest.mark.parametrize("end", ["killed", "out of memory"])
def test_f23_a_process_that_is_ended_by_a_memory_limit_costs_only_its_own_runs(
    database, data, counting, history, redis_server, end
):
    there = counting(150)
    with database.two_sites(data, GATEWAY_URL=there.url, REDIS_URL=redis_server, **QUICK) as (one, two):
        here, other = one.person(), two.person(MEMBER)
        theirs = Tab(here, history).wait(20)
        mine = Tab(other, history).wait(20)
        watcher = Tab(other, history, run=theirs.run).wait(20)
        shown = theirs.text()
        time.sleep(1.1)
        if end == "killed":
            one.kill()
        else:
            _starve(one)
        theirs.person = other
        for tab in (mine, watcher, theirs):
            tab.join()
        for tab in (mine, theirs):
            stored(other, tab.run, history)

    assert (mine.seen.state, mine.text()) == ("succeeded", counted(150))
    assert watcher.seen.state == "interrupted"
    assert watcher.text().startswith(shown)
    assert faults_in(history) == []


def _starve(server) -> None:
    """Leave the process no memory to ask for; what it does of itself is up to it, and at last the kernel ends it."""
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (1, 1))
    time.sleep(1)
    server.kill()


def test_f24_a_server_that_stands_still_for_five_seconds_drops_nobody(database, data, counting, history):
    there = counting(150)
    with database.two_sites(data, GATEWAY_URL=there.url) as (one, two):
        person = one.person()
        tabs = [Tab(person, history).wait(20) for _ in range(5)]
        beside = Tab(two.person(MEMBER), history, run=tabs[0].run).wait(20)
        one.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        one.process.send_signal(signal.SIGCONT)
        seen = [tab.join() for tab in (*tabs, beside)]
        for tab in tabs:
            stored(person, tab.run, history)

    assert {(each.state, each.text()) for each in seen} == {("succeeded", counted(150))}
    assert [tab.returns for tab in tabs] == [1] * 5
    assert faults_in(history) == []


def test_f24_a_server_that_stood_still_for_too_long_finds_its_runs_ended_and_lets_go(database, data, counting, history):
    over = threading.Event()
    there = counting(until=over)
    with database.two_sites(data, GATEWAY_URL=there.url, **QUICK) as (one, two):
        person = one.person()
        left = Tab(person, history).wait(20)
        run = left.run
        time.sleep(1)
        one.process.send_signal(signal.SIGSTOP)
        after = stored(two.person(), run, history, seconds=60)
        one.process.send_signal(signal.SIGCONT)
        gone = there.left.wait(20)
        over.set()
        again = left.join()
        well = person.run("chat-stream", chat(user="well"), seconds=60)

    assert (after.state, after.problem["code"]) == ("interrupted", "interrupted")
    assert (gone, again.state, again.frames) == (True, "interrupted", after.frames)
    assert well.state == "succeeded"
    assert [fault for fault in faults_in(history) if run in fault and "the upstream sent" not in fault] == []


def test_f21_runs_of_a_server_killed_at_random_moments_are_whole_up_to_then(database, data, counting, history):
    """Two kills cut a hundred runs, each at another place of its text; a third server tells what is kept of the last."""
    chance, there, killed = random.Random(2121), counting(10_000, pause=0.1), []
    for _ in range(3):
        with (
            database.site(data, GATEWAY_URL=there.url, **QUICK) as server,
            ThreadPoolExecutor(8) as readers,
        ):
            people = [server.person(), server.person(MEMBER)]
            read = partial(stored, people[0], history=history, seconds=60)
            for tab, seen in zip(killed, readers.map(read, [tab.run for tab in killed]), strict=True):
                assert seen.state == "interrupted"
                assert seen.text().startswith(tab.shown)
            killed = []
            if len(there.requests) == 100:
                break
            for number in range(50):
                killed.append(Tab(people[number % 2], history))
                time.sleep(chance.random() / 20)
            for tab in killed:
                tab.wait(chance.randint(1, 20))
            for tab in killed:
                tab.shown = "".join(frame.get("text", "") for frame in list(tab.seen.frames) if frame["kind"] == "text")
            time.sleep(1.5)
            server.kill()
            for tab in killed:
                tab.give_up()

    assert len(there.requests) == 100
    assert [fault for fault in faults_in(history) if "asked" in fault or "ended as" in fault] == []


def test_f41_tables_change_under_running_streams_and_both_old_and_new_servers_go_on(database, data, counting, history):
    over = threading.Event()
    there = counting(until=over)
    with database.site(data, GATEWAY_URL=there.url) as old:
        person = old.person()
        tab = Tab(person, history).wait(20)
        database.sql(
            "BEGIN; LOCK TABLE playground_run IN ACCESS EXCLUSIVE MODE;"
            " ALTER TABLE playground_run ADD COLUMN of_tomorrow text;"
            " ALTER TABLE playground_run_frames ADD COLUMN of_tomorrow int NOT NULL DEFAULT 7;"
            " CREATE INDEX ON playground_run (of_tomorrow); SELECT pg_sleep(1.5); COMMIT"
        )
        with database.site(data, GATEWAY_URL=there.url) as new:
            tab.wait(len(tab.text()) + 20)
            over.set()
            states = [each.person().run("chat-stream", chat(user=str(each.url))).state for each in (old, new)]
            pages = [each.person().http.get("/history/").status_code for each in (old, new)]
            seen = tab.join()
            stored(new.person(), tab.run, history)

    assert states == ["succeeded", "succeeded"]
    assert pages == [200, 200]
    assert (seen.state, seen.text()) == ("succeeded", counted(len(seen.text().split())))
    assert [fault for fault in faults_in(history) if tab.run in fault] == []


def test_f43_a_master_key_is_changed_while_calls_go_out(database, data, counting):
    there = counting(5)
    new = "2:" + "bmV3IG1hc3RlciBrZXkgb2YgdGhlc2UgdGVzdHMgIS4="
    both, old = f"{new} {SECRETS['KEY_ENCRYPTION_KEYS']}", SECRETS["KEY_ENCRYPTION_KEYS"]
    states = []
    with database.site(data, GATEWAY_URL=there.url, KEY_ENCRYPTION_KEYS=both) as server:
        person = server.person()
        with ThreadPoolExecutor(4) as callers:
            calls = [callers.submit(person.run, "chat-stream", chat(user=f"{number}")) for number in range(20)]
            environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **SECRETS, "DATABASE_URL": database.url}
            done = subprocess.run(
                [sys.executable, "manage.py", "reseal"],
                cwd=ROOT,
                env=environment | {"KEY_ENCRYPTION_KEYS": both, "GATEWAY_URL": there.url},
                capture_output=True,
                text=True,
            )
            states = [call.result(60).state for call in calls]
    with database.site(data, GATEWAY_URL=there.url, KEY_ENCRYPTION_KEYS=new) as server:
        afterwards = server.person().run("chat-stream", chat(user="after")).state

    assert done.returncode == 0, done.stderr
    assert set(states) == {"succeeded"}
    assert old not in new
    assert afterwards == "succeeded"


def test_f44_a_log_that_nobody_reads_holds_up_nobody_and_a_counter_tells_what_was_left_out(
    database, data, counting, history
):
    there = counting(60)
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    few = {"LOG_LEVEL": "DEBUG", "LOG_WAITING_LINES": "20", "METRICS_TOKEN": WATCHER}
    try:
        with database.site(data, writing, GATEWAY_URL=there.url, **few) as server:
            person = server.person()
            tabs = [Tab(person, history) for _ in range(3)]
            pages = [person.http.get("/history/").status_code for _ in range(10)]
            until(lambda: lines_lost(server), "lines are left out")
            seen = [tab.join() for tab in tabs]
            held = bytearray()
            until(lambda: LEFT_OUT in _read_on(reading, held, person), "the log says that lines were left out")
    finally:
        os.close(reading)
        os.close(writing)

    assert pages == [200] * 10
    assert {(each.state, each.text()) for each in seen} == {("succeeded", counted(60))}
    assert b"DEBUG" in held


LEFT_OUT = b"lines of this log were left out so far"


def _read_on(pipe: int, held: bytearray, person) -> bytearray:
    """What is in the pipe of the log after another page was asked for, with what was there before."""
    person.http.get("/history/")
    if select.select([pipe], [], [], 0.1)[0]:
        held += os.read(pipe, 2**16)
    return held


def test_f46_slow_clients_and_a_thousand_silent_ones_are_sent_off_and_others_are_served(database, data):
    """The server is started with the 1,024 open files that many systems give, and takes what it may have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = 4096 if hard == resource.RLIM_INFINITY else min(hard, 4096)
    silent = min(1000, most - 300)
    with ExitStack() as lasting:
        with open_files_up_to(min(1024, most)):
            server = lasting.enter_context(database.site(data, REQUEST_SECONDS="2"))
        lasting.enter_context(open_files_up_to(most))
        person, place = server.person(), place_of(server.url)
        before = open_files(server)
        slow = [socket.create_connection(place) for _ in range(50)]
        begun = [socket.create_connection(place) for _ in range(3)]
        for plug in (*slow, *begun):
            plug.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        body = socket.create_connection(place)
        body.sendall(b"POST /attachments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf of it")
        idle = [socket.create_connection(place) for _ in range(silent)]
        pages = [person.http.get("/history/").status_code]
        last = select.poll()
        last.register(idle[-1], select.POLLIN)
        while not last.poll(0):
            pages.append(person.http.get("/history/").status_code)
            for drip in slow:
                with suppress(OSError):  # sent off already
                    drip.sendall(b"X-Drop: 1\r\n")
        told = [_heard(plug) for plug in (*begun, body, *slow, *idle)]
        for plug in (*idle, *slow, *begun, body):
            plug.close()
        seen = person.run("chat-stream", chat())
        after = open_files(server)

    assert set(pages) == {200}
    heard = Counter(answer[:12] for answer in told)
    assert heard == {b"HTTP/1.1 408": len(told)}, (
        f"{heard}; {silent} of 1,000 were silent: {most} files may be open here"
    )
    assert seen.state == "succeeded"
    assert after <= before + 20


@contextmanager
def open_files_up_to(limit: int) -> Iterator[None]:
    """This process, and those it starts meanwhile, begin with this limit of open files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def _heard(plug: socket.socket) -> bytes:
    """All that is said before the connection ends."""
    plug.settimeout(20)
    heard = b""
    try:
        while data := plug.recv(4096):
            heard += data
    except ConnectionResetError:
        pass
    return heard


def test_f46_a_slow_upload_that_goes_on_is_waited_for(database, data):
    with database.site(data, REQUEST_SECONDS="4") as server:
        person = server.person()
        boundary, picture = "bound", b"\x89PNG\r\n\x1a\n" + b"\0" * 500
        form = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'.encode()
            + picture
            + f"\r\n--{boundary}--\r\n".encode()
        )
        pieces = [form[at : at + 100] for at in range(0, len(form), 100)]

        def slowly():
            for piece in pieces:
                time.sleep(0.7)
                yield piece

        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(form)),
            "X-CSRFToken": person.http.cookies["csrftoken"],
            "Referer": server.url,
        }
        answer = person.http.post("/attachments/", content=slowly(), headers=headers)

    assert answer.status_code == 201
