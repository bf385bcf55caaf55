"""Django's PostgreSQL, but a connection that comes from the pool is not asked whether it lives: its socket tells."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


def check_connection(connection: psycopg.Connection[Any]) -> None:
    """Raise OperationalError where a connection of the pool is of no use any more.

    A server that closes a connection says so, and nothing else is said while nobody asks: only what can be read is looked
    into by a question. To ask each time cost a page as much as one of its own questions.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, from a pool that looks so."""

    @property
    def pool(self) -> Any:
        """The pool of this process, None where there is none."""
        pool = super().pool
        if pool is not None:
            pool._check = check_connection
        return pool
