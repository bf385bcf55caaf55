"""What tends the site is not cut off by the time that a statement of a page may take."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection

from accounts.models import Team
from playground.management.commands.serve import MIGRATION_LOCK
from playground.models import Keeping, Run
from playground.runs import keeping
from playground.runs.keeping import keep_rules
from tests.faults.databases import SECRETS, Database
from tests.runs.test_keeping import ended, person, team  # noqa: F401
from tests.server import ROOT

# What a page may take here, and how long these tests make everybody wait.
SECONDS, LONGER = "1", 2


@contextmanager
def held(database: Database, statement: str):
    """A lock that others wait for, until one of them has waited for longer than a page may."""
    waited = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND now() - query_start > %s * interval '1 second'"
    )
    over = threading.Event()

    def let_go_when_waited(holding: psycopg.Connection) -> None:
        while not database.sql(waited, LONGER) and not over.is_set():
            time.sleep(0.1)
        holding.close()

    holding = psycopg.connect(database.url)
    holding.execute(statement)  # type: ignore[call-overload]
    watching = threading.Thread(target=let_go_when_waited, args=[holding])
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


@pytest.mark.parametrize(
    "table, words",
    [("accounts_user", ["backup", "FILE"]), ("accounts_key", ["reseal"]), ("accounts_key", ["doctor"])],
)
def test_a_command_waits_for_longer_than_a_page(database, data, tmp_path, table, words):
    settings = {"DATABASE_URL": database.url, "DATA_DIR": str(data), "DATABASE_STATEMENT_SECONDS": SECONDS, **SECRETS}
    data.mkdir()
    words = [str(tmp_path / "site.tar") if word == "FILE" else word for word in words]

    with held(database, f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=settings, capture_output=True, text=True
        )

    assert (done.returncode, "statement timeout" in done.stdout + done.stderr) == (0, False), done.stdout + done.stderr


def test_a_second_server_waits_until_the_first_one_has_brought_the_tables_up_to_date(database, data):
    with (
        held(database, f"SELECT pg_advisory_lock({MIGRATION_LOCK})"),
        database.site(data, DATABASE_STATEMENT_SECONDS=SECONDS) as server,
    ):
        assert server.person().http.get("/history/").status_code == 200


@pytest.fixture
def in_a_hurry(transactional_db: None):
    """Pages of this test have 200 ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '200', false)")
    yield
    connection.close()


def slowly(sql: str) -> str:
    return sql.replace("WHERE upto", "WHERE (SELECT pg_sleep(0.5)) IS NOT NULL AND upto")


def test_the_size_of_a_large_team_takes_its_time(in_a_hurry, team, person, monkeypatch):  # noqa: F811
    ended(team, person, minutes_ago=10)
    Keeping.objects.create(team=team, mebibytes=1)
    monkeypatch.setattr(keeping, "_OVER_SIZE", slowly(keeping._OVER_SIZE))
    with pytest.raises(OperationalError, match="statement timeout"):
        keeping._too_much(Keeping.objects.get())

    assert keep_rules() == 0


def test_a_rule_that_cannot_be_kept_keeps_no_other_from_being_kept(transactional_db, team, person, monkeypatch, caplog):  # noqa: F811
    others = Team.objects.create(name="Others")
    ended(team, person, minutes_ago=3 * 24 * 60)
    for one in (others, team):
        Keeping.objects.create(team=one, days=1, mebibytes=1)
    real = keeping._too_much

    def broken_for_others(rule: Keeping) -> list[int]:
        if rule.team_id == others.pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT no_such_thing")
        return real(rule)

    monkeypatch.setattr(keeping, "_too_much", broken_for_others)

    assert keep_rules() == 1
    assert Run.objects.count() == 0
    assert f"the rule of team {others.pk} was not kept: ProgrammingError" in caplog.text
