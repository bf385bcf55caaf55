"""Connections of the pool: those that the database has closed are noticed, and no question is asked for it."""

import copy
import select

import psycopg
import pytest
from django.db import connection

from playground.database.base import DatabaseWrapper, check_connection
from playground.runs.store import conninfo

pytestmark = pytest.mark.django_db

SECONDS = 30_000


@pytest.fixture
def one():
    with psycopg.connect(conninfo(), autocommit=True) as made:
        yield made


@pytest.fixture
def other():
    with psycopg.connect(conninfo(), autocommit=True) as made:
        yield made


def told(one):
    """Wait until there is something to read."""
    poll = select.poll()
    poll.register(one.fileno(), select.POLLIN)
    assert poll.poll(SECONDS)


def last_asked(other, one):
    return other.execute("SELECT query_start FROM pg_stat_activity WHERE pid = %s", [one.info.backend_pid]).fetchone()


def test_a_connection_that_lives_is_asked_nothing(one, other):
    before = last_asked(other, one)

    check_connection(one)

    assert last_asked(other, one) == before


def test_a_connection_that_the_database_has_closed_is_of_no_use(one, other):
    other.execute("SELECT pg_terminate_backend(%s)", [one.info.backend_pid])
    told(one)

    with pytest.raises(psycopg.OperationalError):
        check_connection(one)
    with pytest.raises(psycopg.OperationalError):
        check_connection(one)


def test_a_connection_that_was_told_something_else_lives(one, other):
    one.execute("LISTEN news")
    other.execute("NOTIFY news")
    told(one)

    check_connection(one)

    assert one.execute("SELECT 1").fetchone() == (1,)


def test_a_page_gets_another_connection_for_one_that_was_closed(other):
    place = copy.deepcopy(connection.settings_dict)
    place["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
    wrapper = DatabaseWrapper(place, alias="of this test")
    try:
        with wrapper.cursor() as cursor:
            first = cursor.execute("SELECT pg_backend_pid()").fetchone()
        wrapper.close()
        other.execute("SELECT pg_terminate_backend(%s, 10000)", first)  # returns when it is gone

        with wrapper.cursor() as cursor:
            assert cursor.execute("SELECT pg_backend_pid()").fetchone() != first
    finally:
        wrapper.close()
        wrapper.close_pool()
