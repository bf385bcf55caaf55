"""A connection of a page: whoever has waited long for an answer looks whether the database answers anybody."""

from typing import Any

import psycopg
from django.conf import settings

LOOK_SECONDS = 5


class Connection(psycopg.Connection[Any]):
    """As the library's, which waits for ever on a server that stands still: its connections stay open, and nothing comes.

    A statement may take its time (the database itself ends it, or does not where it must not). So every
    `DATABASE_WAIT_SECONDS` somebody else knocks: while that is let in, the wait goes on.
    """

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises OperationalError once nobody is answered."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        while True:
            try:
                return super().wait(gen, interval, settings.DATABASE_WAIT_SECONDS)
            except psycopg.errors._WaitTimeout:
                if not self._lets_in():
                    self.pgconn.finish()
                    raise psycopg.OperationalError("the database stands still") from None

    def _lets_in(self) -> bool:
        """Whether the server of this connection takes another one, or refuses it: both are answers."""
        here = self.info
        try:
            psycopg.connect(here.dsn, host=here.host, port=here.port, connect_timeout=LOOK_SECONDS).close()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.Error:
            return True
        return True
