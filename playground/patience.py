"""Pages give up a statement that takes too long; what tends the site takes the time it needs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection


@contextmanager
def patient() -> Iterator[None]:
    """No statement of this block is given up: what is cut off each time it is tried would never be done."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        # A connection that is lost has nothing to be reset.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")
