"""The clock on the wall jumps: durations, order, rights and runs do not depend on it."""

import threading

import pytest

from tests.faults.conftest import counted, until
from tests.faults.tabs import Tab, stored
from tests.histories import faults_in
from tests.people import MEMBER, chat

QUICK = {"RUN_HEARTBEAT_SECONDS": "0.5", "RUN_ABANDONED_SECONDS": "8"}


@pytest.fixture
def clock(tmp_path_factory):
    """A file with the seconds by which every clock is wrong."""
    place = tmp_path_factory.mktemp("clock") / "seconds"
    for folder in place.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o055)
    place.write_text("0")
    return place


def test_f39_clocks_that_jump_by_hours_make_nothing_negative_and_end_nothing(
    shim, clock, postgres_server, tmp_path_factory, data, counting, history
):
    over = threading.Event()
    there = counting(until=over)
    wrong = {"LD_PRELOAD": str(shim), "FAULT_CLOCK": str(clock)}
    server = postgres_server.copied(tmp_path_factory.mktemp("jumping"), wrong)
    server.cluster.start()
    try:
        database = server.fresh()
        # A clock that is a day ahead rightly ends sessions that would have been idle for half of it.
        shared = {"GATEWAY_URL": there.url, "SESSION_IDLE_HOURS": "48", **QUICK, **wrong}
        with database.two_sites(data, **shared) as (one, two):
            person, other = one.person(), two.person(MEMBER)
            tab = Tab(person, history).wait(20)
            watcher = Tab(other, history, run=tab.run).wait(20)
            for jump in ("7200", "-7200", "0", "86400"):
                clock.write_text(jump)
                for _ in range(2):
                    _until_all_have_beaten(database)
            over.set()
            short = [each.run("chat-stream", chat(user=each.email), seconds=60) for each in (person, other)]
            pages = [each.http.get("/history/").status_code for each in (person, other)]
            seen = [tab.join(), watcher.join()]
            stored(other, tab.run, history)
            row = database.sql("SELECT first_byte_ms, total_ms FROM playground_run WHERE uuid = %s", tab.run)[0]
    finally:
        server.cluster.stop()

    assert {(each.state, each.text()) for each in seen} == {("succeeded", counted(len(seen[0].text().split())))}
    assert [each.state for each in short] == ["succeeded", "succeeded"]
    assert pages == [200, 200]
    assert 0 <= row[0] <= row[1] < 120_000
    moments = [frame["at"] for frame in seen[0].frames]
    assert moments == sorted(moments)
    assert [fault for fault in faults_in(history) if tab.run in fault] == []


def _until_all_have_beaten(database) -> None:
    """Wait until each server has said that it lives, and has looked who does not."""
    ask = "SELECT id, beat_at FROM playground_process"
    before = dict(database.sql(ask))
    until(lambda: all(at != before.get(id) for id, at in database.sql(ask)), "both servers have beaten")


def test_f39_a_process_that_died_before_the_clock_jumped_back_is_noticed(
    shim, clock, postgres_server, tmp_path_factory, data, counting, history
):
    there = counting(4000)
    wrong = {"LD_PRELOAD": str(shim), "FAULT_CLOCK": str(clock)}
    server = postgres_server.copied(tmp_path_factory.mktemp("jumping"), wrong)
    server.cluster.start()
    try:
        database = server.fresh()
        soon = {**QUICK, "RUN_ABANDONED_SECONDS": "4"}
        with database.two_sites(data, GATEWAY_URL=there.url, **soon) as (one, two):
            tab = Tab(one.person(), history).wait(20)
            other = two.person()
            one.kill()
            tab.give_up()
            clock.write_text("-7200")
            seen = stored(other, tab.run, history, seconds=60)
    finally:
        server.cluster.stop()

    assert (seen.state, seen.problem["code"]) == ("interrupted", "interrupted")
