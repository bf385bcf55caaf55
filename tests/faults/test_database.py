"""The database goes away, stands still, has no connection left, is full: what was shown is kept, and pages say so."""

import secrets
import subprocess
import tarfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from playground import postgres
from tests.faults.conftest import counted, until
from tests.faults.databases import SECRETS
from tests.faults.processes import WATCHER, lines_lost
from tests.faults.tabs import Tab, stored
from tests.histories import faults_in
from tests.operations.test_backup import manage
from tests.people import chat, start, watch_until_end

HASTY = {"DATABASE_WAIT_SECONDS": "1", "RUN_STATEMENT_SECONDS": "1.5"}


def is_busy(answer: httpx.Response) -> bool:
    """Whether a page says that the database is away, and when to come again."""
    return answer.status_code == 503 and bool(answer.headers["retry-after"]) and "Traceback" not in answer.text


def answers_again(person, path="/history/", seconds=30):
    """Wait until a page is shown again."""
    limit = time.monotonic() + seconds
    while (answer := person.http.get(path)).status_code != 200:
        assert is_busy(answer), (answer.status_code, answer.text[:300])
        assert time.monotonic() < limit, "the site does not come back"
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_f26_ten_restarts_of_postgres_in_mid_run_lose_nothing(database, data, counting, history, mode):
    over = threading.Event()
    there = counting(until=over)
    with database.site(data, GATEWAY_URL=there.url) as server:
        person = server.person()
        tabs = [Tab(person, history, seconds=240) for _ in range(3)]
        for tab in tabs:
            tab.wait(20)
        for _ in range(10):
            database.server.restart(mode)
            _until_more_is_stored(database)
        over.set()
        seen = [tab.join() for tab in tabs]
        for tab in tabs:
            stored(person, tab.run, history)
        came_back = answers_again(person)

    assert {each.state for each in seen} == {"succeeded"}
    assert [each.text() for each in seen] == [counted(len(each.text().split())) for each in seen]
    assert len(there.requests) == 3
    assert faults_in(history) == []
    assert came_back


def _until_more_is_stored(database):
    """Wait until every run that is under way has been written to once more."""
    ask = "SELECT run_id, max(last) FROM playground_run_frames GROUP BY run_id"
    before, limit = dict(database.sql(ask)), time.monotonic() + 60
    while not all(last > before.get(run, 0) for run, last in database.sql(ask)):
        assert time.monotonic() < limit, "nothing is stored any more"
        time.sleep(0.05)


def test_f26_while_postgres_is_down_text_still_arrives_and_pages_say_busy(database, data, counting, history):
    over = threading.Event()
    there = counting(until=over)
    with database.site(data, GATEWAY_URL=there.url, **HASTY) as server:
        person = server.person()
        tab = Tab(person, history).wait(20)
        database.server.stop()
        try:
            shown = len(tab.text())
            page, program = person.http.get("/history/"), person.http.get("/api/runs")
            health = person.http.get("/healthz").status_code
            tab.wait(shown + 50)
        finally:
            database.server.cluster.start()
        came_back = answers_again(person)
        over.set()
        seen = tab.join()
        stored(person, tab.run, history)

    assert is_busy(page)
    assert is_busy(program)
    assert program.json()["code"] == "busy"
    assert (health, came_back) == (503, True)
    assert (seen.state, seen.text()) == ("succeeded", counted(len(seen.text().split())))
    assert faults_in(history) == []


def test_f28_when_the_first_database_dies_its_promoted_standby_takes_over_and_the_old_one_gets_no_write(
    database, data, tmp_path_factory, counting, history
):
    """Both are named in `DATABASE_URL`, the old one first. It comes back as what it was, and would take what is written."""
    over = threading.Event()
    there = counting(until=over)
    with database.server.standby(tmp_path_factory.mktemp("standby")) as standby:
        both = f"{database.server.cluster.socket_folder},{standby.cluster.socket_folder}"
        address = f"postgres://{postgres.USER}@/{database.name}?host={both}&target_session_attrs=read-write"
        shared = {"GATEWAY_URL": there.url, "DATABASE_URL": address, **HASTY}
        with database.site(data, **shared) as site:
            person = site.person()
            tab = Tab(person, history).wait(20)
            database.server.stop()
            page = person.http.get("/history/")
            shown = len(tab.text())
            tab.wait(shown + 20)
            standby.promote()
            came_back = answers_again(person, seconds=60)
            over.set()
            seen = tab.join()
            after = person.run("chat-stream", chat(user="after"), seconds=60)
            stored(person, tab.run, history)
            database.server.cluster.start()
            before = _written(database)
            others = "pid <> pg_backend_pid() AND backend_type = 'client backend'"
            standby.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}", database="postgres")
            answers_again(person)
            states = [person.run("chat-stream", chat(user="split"), seconds=60).state]
            saved, looked = _backed_up(data / "site.tar", shared), manage(data, "doctor", **SECRETS, **shared)
            with database.site(data, **shared) as newcomer:
                states.append(newcomer.person().run("chat-stream", chat(user="newcomer"), seconds=60).state)
            standby.stop()
            alone = person.http.get("/history/")
            written = _written(database)
            standby.cluster.start()
            answers_again(person)
        kept = standby.sql("SELECT state FROM playground_run ORDER BY id", database=database.name)

    assert is_busy(page)
    assert came_back
    assert (seen.state, seen.text()) == ("succeeded", counted(len(seen.text().split())))
    assert [after.state, *states] == ["succeeded"] * 3
    assert is_busy(alone)
    assert written == before
    assert kept == [("succeeded",)] * 4
    assert saved == 3
    assert "takes writes too. Fence it" in looked.stdout.partition("database: ")[2].partition("\n")[0]
    assert len(there.requests) == 4
    assert [fault for fault in faults_in(history) if tab.run in fault] == []


def _backed_up(file, shared) -> int:
    """How many runs are in a backup that is made now."""
    made = manage(file.parent, "backup", str(file), **SECRETS, **shared)
    assert made.returncode == 0, made.stderr
    with tarfile.open(file) as archive:
        archive.extract("database.dump", file.parent, filter="data")
    restore = [str(postgres.programs() / "pg_restore"), "--data-only", "--table=playground_run", "--file=-"]
    rows = subprocess.run([*restore, str(file.parent / "database.dump")], capture_output=True, text=True, check=True)
    return len(rows.stdout.partition("FROM stdin;\n")[2].partition("\n\\.")[0].splitlines())


def _written(database) -> tuple:
    """What the site would have written to this one: runs, sessions, signs of life."""
    [counts] = database.sql(
        "SELECT (SELECT count(*) FROM playground_run), (SELECT count(*) FROM django_session),"
        " (SELECT max(beat_at) FROM playground_process)"
    )
    return counts


def test_f27_a_postgres_that_stands_still_holds_up_nobody_for_ever(database, data, counting, history):
    over = threading.Event()
    there = counting(until=over)
    with database.site(data, GATEWAY_URL=there.url, **HASTY) as server, ThreadPoolExecutor(20) as readers:
        person = server.person()
        tab = Tab(person, history).wait(20)
        before = _connections(database)
        with database.server.frozen():
            shown = len(tab.text())
            pages = [readers.submit(person.http.get, "/history/") for _ in range(20)]
            tab.wait(shown + 300)
            tab.wait_for_pause()
            answers = [page.result(60) for page in pages]
        came_back = answers_again(person)
        over.set()
        seen = tab.join()
        stored(person, tab.run, history)
        after = _connections(database)

    assert all(is_busy(answer) for answer in answers)
    assert came_back
    assert (seen.state, seen.text()) == ("succeeded", counted(len(seen.text().split())))
    assert tab.pauses == [True, False] * (len(tab.pauses) // 2)
    assert faults_in(history) == []
    assert after <= before + 12


def _connections(database) -> int:
    [[count]] = database.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", database.name)
    return count


def test_f25_without_a_free_connection_pages_say_busy_and_streams_go_on_being_stored(database, data, counting, history):
    there, role = counting(150), f"{database.name}_site"
    database.sql(f"CREATE ROLE {role} LOGIN")
    database.sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    database.sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
    mine = database.url.replace("postgres@", f"{role}@")
    with database.site(data, GATEWAY_URL=there.url, DATABASE_URL=mine, **HASTY) as server:
        person = server.person()
        tab = Tab(person, history).wait(20)
        _until_frames_are_stored(database, role)
        database.sql(f"ALTER ROLE {role} CONNECTION LIMIT 1")
        database.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND query NOT LIKE '%%bytea[]%%'",
            role,
        )
        page = person.http.get("/history/")
        with pytest.raises(InvalidStatus) as refused, person.socket():
            pass
        seen = tab.join()
        [[kept]] = database.sql("SELECT last_seq FROM playground_run WHERE uuid = %s", tab.run)
        database.sql(f"ALTER ROLE {role} CONNECTION LIMIT -1")
        came_back = answers_again(person)
        stored(person, tab.run, history)

    assert is_busy(page)
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (503, "5")
    assert (seen.state, seen.text(), kept) == ("succeeded", counted(150), seen.last)
    assert faults_in(history) == []
    assert came_back


def _until_frames_are_stored(database, role):
    """Wait until the writer's connection is known by its statement."""
    limit = time.monotonic() + 30
    writing = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND query LIKE '%%bytea[]%%'"
    while not database.sql(writing, role):
        assert time.monotonic() < limit, "nothing is stored"
        time.sleep(0.05)


def _until_saving_is_paused(site) -> None:
    limit = time.monotonic() + 30
    while "saving is paused" not in site.log.read_text():
        assert time.monotonic() < limit, "the database took everything"
        time.sleep(0.1)


@contextmanager
def a_small_disk(shim, folder, under):
    """The environment of a process whose disk below `under` gets full when the file that comes with it is made."""
    folder.mkdir(parents=True, exist_ok=True)
    yield {"LD_PRELOAD": str(shim), "FAULT_FULL": str(folder / "full"), "FAULT_UNDER": str(under)}, folder / "full"


def test_f29_a_full_disk_of_the_database_is_told_and_nothing_is_lost(
    shim, postgres_server, tmp_path_factory, data, counting, history
):
    place = tmp_path_factory.mktemp("full")
    there = counting(120)
    with a_small_disk(shim, place / "flag", place / "pg" / "pg" / "base") as (environment, full):
        server = postgres_server.copied(place / "pg", environment)
        server.cluster.start()
        try:
            database = server.fresh()
            # A page takes a row or two, so that every batch of frames needs room on the disk.
            database.sql("ALTER TABLE playground_run_frames SET (fillfactor = 10)")
            with database.site(data, GATEWAY_URL=there.url, **HASTY) as site:
                person = site.person()
                tab = Tab(person, history).wait(20)
                full.touch()
                with person.socket() as socket:
                    refused = watch_until_end(socket, start(socket, "chat-stream", chat(secrets.token_hex(50_000))))
                _until_saving_is_paused(site)
                tab.wait_for_pause()
                late = Tab(person, history, run=tab.run)
                late.wait_for_pause()
                reading = person.http.get("/history/").status_code
                full.unlink()
                came_back = answers_again(person)
                seen = tab.join()
                late.join()
                again = Tab(person, history)
                again.join()
                for each in (tab, again):
                    stored(person, each.run, history)
        finally:
            server.cluster.stop()

    assert "存储空间已满" in refused.error["message"] or "storage" in refused.error["message"]
    assert (reading, came_back) == (200, True)
    assert late.pauses[-1] is False
    assert (seen.state, seen.text(), again.seen.state) == ("succeeded", counted(120), "succeeded")
    assert faults_in(history) == []


def test_f29_a_full_disk_of_the_uploads_is_told_and_others_can_be_read(shim, database, data):
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 200_000
    with (
        a_small_disk(shim, data, data / "uploads") as (environment, full),
        database.site(data, **environment) as server,
    ):
        person = server.person()
        token = {"X-CSRFToken": person.http.cookies["csrftoken"], "Referer": server.url}
        before = person.http.post("/attachments/", files={"file": ("a.png", picture)}, headers=token)
        full.touch()
        refused = person.http.post("/attachments/", files={"file": ("b.png", picture)}, headers=token)
        kept = person.http.get(before.json()["url"])
        full.unlink()
        after = person.http.post("/attachments/", files={"file": ("c.png", picture)}, headers=token)
        left = [path for path in (data / "uploads").iterdir() if path.is_file()]

    assert (before.status_code, after.status_code) == (201, 201)
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
    assert (kept.status_code, kept.content) == (200, picture)
    assert left == []


def test_f29_a_full_disk_of_the_log_stops_nothing_and_a_counter_tells(shim, database, data, history):
    with (
        a_small_disk(shim, data, data) as (environment, full),
        database.site(data, METRICS_TOKEN=WATCHER, **environment) as server,
    ):
        person = server.person()
        before = lines_lost(server)
        full.touch()
        database.server.restart()  # something to write about
        came_back = answers_again(person)
        until(lambda: lines_lost(server), "a line of the log is lost")
        full.unlink()
        seen = Tab(person, history).join()

    assert (before, came_back, seen.state) == (0, True, "succeeded")
