"""The site as docs/deploy.md sets it up, all of it started for real: two servers, a worker, a Redis and a Postgres they share."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from django.utils import timezone

from playground.models.runs import id_at
from tests.balances.gateways import STATUS, USAGE, status, usage
from tests.faults.conftest import counted
from tests.faults.databases import SECRETS, Database
from tests.faults.tabs import Tab, stored
from tests.histories import faults_in
from tests.people import MEMBER, chat, next_error, start, tell
from tests.server import Server, working
from tests.upstream import Request, Upstream, says, upstream

# What docs/operations.md promises.
NOTICED_SECONDS = 30


@dataclass
class Several:
    """The processes of one site."""

    database: Database
    data: Path
    shared: dict[str, str]
    one: Server
    two: Server

    @contextmanager
    def worker(self, **more: str) -> Iterator[Server]:
        """One more worker."""
        settings = {"DATABASE_URL": self.database.url, "JOBS": "off", **SECRETS, **self.shared, **more}
        with working(self.data, **settings) as process:
            yield process


@pytest.fixture
def several(database: Database, data: Path, redis_server: str) -> Iterator[Callable[..., Several]]:
    """Starts the site over a gateway: two servers and a worker."""
    with ExitStack() as opened:

        def begin(gateway: Upstream, workers: int = 1, **more: str) -> Several:
            shared = {"GATEWAY_URL": gateway.url, "REDIS_URL": redis_server, **more}
            one, two = (opened.enter_context(database.site(data, **shared)) for _ in range(2))
            made = Several(database, data, shared, one, two)
            for _ in range(workers):
                opened.enter_context(made.worker())
            return made

        yield begin


def until(holds: Callable[[], object], seconds: float) -> bool:
    """Wait for something to hold."""
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.2)
    return bool(holds())


def chats(gateway: Upstream) -> int:
    """How often a gateway was asked to chat; models and balances are asked for by the clock."""
    return sum(request.path == "/v1/chat/completions" for request in gateway.requests)


def test_a_run_started_at_one_is_watched_whole_and_live_at_the_other(several, counting, history):
    there = counting(150)
    site = several(there)
    begun = Tab(site.one.person(), history).wait(60)
    late = Tab(site.two.person(MEMBER), history, run=begun.run).wait(1)
    still_going = not begun.seen.state
    here, other = begun.join(), late.join()
    stored(site.two.person(), begun.run, history)

    assert still_going
    assert (here.state, here.text()) == (other.state, other.text()) == ("succeeded", counted(150))
    assert here.frames == other.frames
    assert chats(there) == 1
    assert faults_in(history) == []


def test_stop_pressed_at_one_closes_the_call_of_the_other(several, counting, history):
    there = counting(2000)
    site = several(there)
    begun = Tab(site.one.person(), history).wait(20)
    watcher = Tab(site.two.person(MEMBER), history, run=begun.run).wait(20)
    with site.two.person().socket() as socket:
        tell(socket, type="stop", run=begun.run)
        here, other = begun.join(), watcher.join()

    assert there.left.wait(20)
    assert here.state == other.state == "stopped"
    assert here.frames == other.frames


def test_a_server_that_is_killed_is_noticed_and_what_it_had_shown_is_kept(several, counting, history):
    there = counting(4000)
    site = several(there)
    begun = Tab(site.one.person(), history, seconds=1).wait(50)
    watcher = Tab(site.two.person(MEMBER), history, run=begun.run).wait(20)
    shown = begun.text()
    time.sleep(1.1)
    site.one.kill()
    killed_at = time.monotonic()
    told = watcher.join()
    took = time.monotonic() - killed_at
    after = Tab(site.two.person(), history).wait(1).text()

    assert (told.state, told.problem["code"]) == ("interrupted", "interrupted")
    assert told.text().startswith(shown)
    assert took < NOTICED_SECONDS
    assert counted(4000).startswith(after)


def test_a_server_told_to_end_takes_nothing_new_and_lets_its_runs_end_before_all_who_watch(several, counting, history):
    there = counting(600)
    site = several(there, RUN_DRAIN_SECONDS="300")
    one, two = site.one.person(), site.two.person(MEMBER)
    with one.socket() as mine, two.socket() as other:
        begun = Tab(one, history, seconds=120).wait(20)
        watcher = Tab(two, history, run=begun.run, seconds=120).wait(20)
        site.one.terminate()
        ready = until(lambda: httpx.get(site.one.url + "/readyz").status_code == 503, 20)
        start(mine, "chat-stream", chat(user="too late"))
        refused = next_error(mine, 20)["code"]
        elsewhere = httpx.get(site.two.url + "/readyz").status_code
        start(other, "chat-stream", chat(user="elsewhere"))
        here, there_too = begun.join(), watcher.join()
    ended = site.one.process.wait(60)

    assert (ready, elsewhere, refused, ended) == (True, 200, "busy", 0)
    assert (here.state, here.text()) == (there_too.state, there_too.text()) == ("succeeded", counted(600))
    assert [request.json["user"] for request in there.requests if request.method == "POST"] == [begun.run, "elsewhere"]


@pytest.fixture
def spent() -> Iterator[Upstream]:
    """A gateway of the kind new-api whose keys are used up."""
    table = {STATUS: status(), USAGE: usage(total_available=0)}

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.path in table
        body = json.dumps(table.get(request.path, {"error": {"message": "not found"}})).encode()
        head = f"HTTP/1.1 {200 if known else 404} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        await says(head.encode() + body)(request, writer)

    with upstream(script) as there:
        yield there


def an_old_run(site: Several) -> int:
    """A run of two days ago in a team that keeps its runs for one; its id."""
    made, old = site.one.person().run("chat-stream", chat()), id_at(timezone.now() - timedelta(days=2))
    [(columns,)] = site.database.sql(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
        " WHERE table_name = 'playground_run' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'uuid')"
    )
    site.database.sql(
        f"INSERT INTO playground_run (id, uuid, {columns})"
        f" SELECT %s, gen_random_uuid(), {columns} FROM playground_run WHERE uuid = %s",
        old,
        made.run,
    )
    site.database.sql(
        "INSERT INTO playground_keeping (team_id, what, days)"
        " SELECT team_id, 'everything', 1 FROM playground_run WHERE id = %s",
        old,
    )
    return old


def is_kept(site: Several, run: int) -> bool:
    return bool(site.database.sql("SELECT 1 FROM playground_run WHERE id = %s", run))


def test_what_runs_by_the_clock_is_done_once_however_many_servers_and_workers_there_are(several, spent):
    site = several(spent, workers=0)
    old = an_old_run(site)
    before = site.database.sql("SELECT count(*) FROM procrastinate_workers")[0][0]
    with ExitStack() as opened:
        logs = [opened.enter_context(site.worker()).log for _ in range(2)]
        mailed = "SELECT count(*) FROM playground_alertnotice WHERE mailed_at IS NOT NULL"
        assert until(lambda: site.database.sql(mailed) == [(2,)] and not is_kept(site, old), 120)
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        assert until(lambda: site.database.sql(waiting) == [(0,)], 60)
        at_work = site.database.sql("SELECT count(*) FROM procrastinate_workers")[0][0]

    # The keys of the two demo teams, each asked for once and told of once.
    assert (before, at_work) == (0, 2)
    assert sum(request.path == USAGE for request in spent.requests) == 2
    for table in ("accounts_balancereading", "playground_alert", "playground_alertnotice"):
        assert site.database.sql(f"SELECT count(*) FROM {table}") == [(2,)]
    assert sum(log.read_text().count("\nSubject: ") for log in logs) == 2
    assert "Subject: " not in site.one.log.read_text() + site.two.log.read_text()


def test_what_a_killed_worker_had_in_hand_is_done_by_the_next_one(several, spent):
    site = several(spent, workers=0)
    old = an_old_run(site)
    stuck = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%playground_run%%FOR UPDATE%%'"
    )
    with psycopg.connect(site.database.url) as holding:
        holding.execute("SELECT 1 FROM playground_run FOR UPDATE")
        with site.worker() as first:
            # The rules are kept by the minute, and the minute may just have begun.
            assert until(lambda: site.database.sql(stuck), 150)
            first.kill()
    kept_meanwhile = is_kept(site, old)
    with site.worker():
        done = until(lambda: not is_kept(site, old), 400)

    assert (kept_meanwhile, done) == (True, True)
