"""Networks and people's machines fail: whoever comes back sees everything, once, and disturbs nobody."""

import asyncio
import json
import random
import time
from contextlib import ExitStack

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.conftest import counted
from tests.faults.processes import memory
from tests.faults.tabs import Tab, stalled, stored
from tests.histories import faults_in
from tests.people import MEMBER
from tests.toxics import toxic

MOST = 500


def place_of(url: str) -> tuple[str, int]:
    return "127.0.0.1", int(url.rpartition(":")[2])


def test_f33_a_network_that_comes_and_goes_loses_and_doubles_nothing(database, data, counting, history):
    there, chance = counting(200), random.Random(33)
    with database.site(data, GATEWAY_URL=there.url) as server, toxic(place_of(server.url)) as way:
        people = [server.person(), server.person(MEMBER)]
        for person in people:
            person.url = way.url
        tabs = [Tab(person, history).wait(5) for person in people]
        watchers = [Tab(people[1], history, run=tab.run) for tab in tabs]
        while not all(tab.seen.state for tab in tabs):
            deed = chance.choice([way.reset, way.close, way.down])
            deed()
            time.sleep(chance.random() / 2)
            way.up()
            way.latency = chance.choice([0, 0, 0.1, 0.3])
            time.sleep(chance.random())
        seen = [tab.join() for tab in (*tabs, *watchers)]
        way.latency = 0
        for tab in tabs:
            stored(people[0], tab.run, history)

    assert {(each.state, each.text()) for each in seen} == {("succeeded", counted(200))}
    assert min(tab.returns for tab in tabs) > 1
    assert len(there.requests) == 2
    assert faults_in(history) == []


def test_f36_a_watcher_behind_a_narrow_line_delays_nobody_and_misses_nothing(database, data, counting, history):
    """Nor does it cost the server much: what it has not read stays in the database."""
    long = "." * 2000 + " "
    there = counting(3000, pause=0, after=long)
    with database.site(data, GATEWAY_URL=there.url) as server, toxic(place_of(server.url)) as way:
        person, behind = server.person(), server.person(MEMBER)
        behind.url = way.url
        tab = Tab(person, history).wait(5)
        way.bytes_per_second = 40_000
        slow = Tab(behind, history, run=tab.run)
        seen = tab.join()
        assert not slow.seen.state
        held = _held_by_a_stalled_socket(server, person, tab.run)
        way.bytes_per_second = 0
        late = slow.join()
        stored(person, tab.run, history)

    assert (seen.text(), late.text()) == (counted(3000, long), counted(3000, long))
    assert late.frames == seen.frames
    assert held < 2 * 2**20
    assert faults_in(history) == []


def _held_by_a_stalled_socket(server, person, run) -> float:
    """The bytes by which the server grows for each of some sockets that stall, after a few of them have."""
    with ExitStack() as sockets:
        for _ in range(4):
            sockets.enter_context(stalled(person, run))
        few = _settled_memory(server)
        for _ in range(12):
            sockets.enter_context(stalled(person, run))
        return (_settled_memory(server) - few) / 12


def _settled_memory(server) -> int:
    """The server's memory once it no longer grows."""
    before, now, limit = 0, memory(server), time.monotonic() + 60
    while now - before > 2**18 and time.monotonic() < limit:
        time.sleep(1)
        before, now = now, memory(server)
    return now


def test_f37_five_hundred_sockets_that_drop_at_once_come_back_at_little_cost(database, data, counting, history):
    there = counting(4000, pause=0.05)
    with database.site(data, GATEWAY_URL=there.url) as server, toxic(place_of(server.url)) as way:
        person = server.person()
        tab = Tab(person, history, seconds=300).wait(5)
        counts = asyncio.run(_dropped_together(way, database, _sessions(database), tab.run))
        text = tab.text()
        alive = person.http.get("/history/").status_code
        with person.socket() as socket:
            socket.send(json.dumps({"type": "stop", "run": tab.run}))
            tab.join()

    asked, whole = counts
    assert whole == MOST
    assert asked / MOST <= QUERIES_PER_RETURN
    assert alive == 200
    assert counted(4000).startswith(text)


# A return asks for the session, for its person with their teams, and how the run stands: those who come together, together.
# Each question is a transaction of its own.
QUERIES_PER_RETURN = 2


def _sessions(database) -> list[str]:
    """As many sessions as there are sockets: of one person, on as many devices."""
    database.sql(
        "INSERT INTO django_session (session_key, session_data, expire_date)"
        " SELECT 'device' || number, session_data, expire_date"
        " FROM (SELECT * FROM django_session ORDER BY expire_date DESC LIMIT 1) AS one, generate_series(1, %s) AS number",
        MOST,
    )
    return [f"device{number + 1}" for number in range(MOST)]


async def _dropped_together(way, database, sessions, run):
    """Open many sockets on one run, drop them all, let them return; the questions that cost, and how many saw no gap."""
    arrived = [0] * MOST

    async def visit(number, until):
        # Five hundred of them in one loop of a busy machine may be late with their pongs.
        calm = {"open_timeout": 240, "ping_interval": None}
        headers = {"Cookie": f"sessionid={sessions[number]}"}
        address = f"ws://127.0.0.1:{way.port}/ws/runs/"
        async with connect(address, additional_headers=headers, origin=way.url, **calm) as socket:
            wish = {"type": "watch", "run": run}
            await socket.send(json.dumps({**wish, "after": arrived[number]}))
            try:
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] == "error":
                        assert message["code"] == "busy"
                        await asyncio.sleep(0.5)
                        await socket.send(json.dumps({**wish, "after": arrived[number]}))
                    for frame in message.get("frames", ()):
                        assert frame["seq"] == arrived[number] + 1, "a gap"
                        arrived[number] = frame["seq"]
                    if message["type"] == "frames" and until(number):
                        return
            except ConnectionClosed:
                assert way.is_down

    everybody = asyncio.gather(*(visit(number, lambda number: False) for number in range(MOST)))
    while min(arrived) < 3 and not everybody.done():
        await asyncio.sleep(0.1)
    by_itself, seconds = await _counted(database, asyncio.sleep(2))
    await asyncio.to_thread(way.down)
    await everybody
    seen = list(arrived)
    way.up()
    returned = [visit(number, lambda number: arrived[number] > seen[number]) for number in range(MOST)]
    asked, longer = await _counted(database, asyncio.gather(*returned))
    return asked - by_itself / seconds * longer, sum(now > then for now, then in zip(arrived, seen, strict=True))


async def _counted(database, work):
    """The transactions while `work` goes on, and the seconds of that; Postgres needs a moment to tell them."""
    before, began = _transactions(database), time.monotonic()
    await work
    await asyncio.sleep(1.5)
    return _transactions(database) - before, time.monotonic() - began


def _transactions(database) -> int:
    [[count]] = database.sql(
        "SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname = %s", database.name
    )
    return count


@pytest.mark.parametrize("what", ["draft", "saved"])
def test_f35_a_stale_tab_writes_over_nothing_and_is_told_what_stands_there(owner, what):
    token = {"X-CSRFToken": owner.http.cookies["csrftoken"], "Referer": owner.url}
    first, second = ('{"body":{"model":"one"}}', '{"body":{"model":"two"}}')
    if what == "draft":
        place = "/drafts/chat-stream/"
        base = owner.http.put(place, json={"version": 0, "call": first}, headers=token).json()["version"]
        body = {"version": base}
    else:
        new = {"operation": "chat-stream", "call": first, "name": "Mine"}
        made = owner.http.post("/saved/new/", json=new, headers=token).json()
        place, body = f"/saved/{made['id']}/versions/", {"after": made["version"]}
    send = owner.http.put if what == "draft" else owner.http.post

    newer = send(place, json={**body, "call": second}, headers=token)
    stale = send(place, json={**body, "call": '{"body":{"model":"stale"}}'}, headers=token)

    assert newer.status_code in (200, 201)
    assert (stale.status_code, stale.json()["code"], stale.json()["call"]) == (409, "changed_elsewhere", second)
