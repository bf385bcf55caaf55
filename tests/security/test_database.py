"""What the database is asked to refuse by itself."""

import pytest
from django.db import OperationalError, connection, transaction

from accounts.demo import OWNER
from accounts.models import User
from playground.patience import patient
from playground.runs.store import Store
from playground.secrets import database


def test_a_statement_of_a_page_is_given_up_after_a_minute(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1min",)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("2min",)


def test_the_limit_is_a_setting_beside_ones_own(tmp_path):
    made = database(tmp_path, "postgres://u:p@h/n?options=-c%20work_mem%3D8MB", statement_seconds=2.5)

    assert made["OPTIONS"]["options"].startswith("-c statement_timeout=2500 ")
    assert made["OPTIONS"]["options"].endswith("-c work_mem=8MB")


def test_the_database_itself_ends_what_takes_too_long(db):
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL statement_timeout = 50")
        cursor.execute("SELECT pg_sleep(60)")


async def test_a_question_of_a_socket_is_given_up_too(django_db_setup):
    store = Store()
    await store.open()
    try:
        async with store._pool.connection() as asked:
            row = await (await asked.execute("SHOW statement_timeout")).fetchone()
    finally:
        await store.close()

    assert row[0] == "20s"


def test_migrations_take_the_time_they_need(transactional_db):
    """The limit is off between the signals that stand around a migration, and on again after."""
    from django.apps import apps

    from playground.apps import _with_limit, _without_limit

    told = []
    for change in (_without_limit, _with_limit):
        change(using="default", sender=apps.get_app_config("playground"))
        told.append(limits())

    assert told == [("0", "0"), ("1min", "2min")]


def limits() -> tuple[str, str]:
    """How long a statement may take, and a transaction that does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
        )
        return cursor.fetchone()


def test_what_tends_the_site_is_patient_and_nothing_after_it(db):
    with patient():
        meanwhile = limits()

    assert (meanwhile, limits()) == (("0", "0"), ("1min", "2min"))


HOSTILE = [
    "'; DROP TABLE accounts_user; --",
    "' OR '1'='1",
    "\\",
    "%",
    "_",
    "{}",
    "$$",
    "/*",
    "\x00",
    "a" * 10_000,
    "😀" * 300,
]


# What each page reads of its address.
HISTORY = {
    "q", "state", "person", "operation", "model", "key", "gateway", "time", "from", "to", "tokens", "cost", "tag", "media",
    "starred", "before", "after", "at", "day", "running",
}  # fmt: skip
READ = {
    "/history/": HISTORY,
    "/history/news/": HISTORY,
    "/history/export.csv": HISTORY,
    "/history/export.jsonl": {"runs"},
    "/keys/": {"q"},
    "/saved/": {"q", "whose", "folder", "tag"},
    "/balances/": {"q", "sort", "state", "gateway", "holder", "as", "rest"},
    "/usage/": {"by", "days", "as"},
    "/team/audit/": {"q", "what", "page", "as"},
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_typed_into_filters_is_never_part_of_a_statement(client_of, demo, text):
    """Every filter of a page at once, all but the words, the words alone: none stands in the way of another."""
    client = client_of(OWNER)

    for path, names in READ.items():
        for asked in {frozenset(names), frozenset(names - {"q"}), frozenset(names & {"q"})} - {frozenset()}:
            answer = client.get(path, dict.fromkeys(asked, text))
            assert answer.status_code < 500, (path, asked)
            if answer.streaming:
                b"".join(answer.streaming_content)
    assert User.objects.filter(email=OWNER).exists()
