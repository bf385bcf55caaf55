"""Several databases of which one is written to: a primary that comes back after its standby took over is passed over.

libpq takes the first of several hosts that can be written to, and an old primary says that it can. Its history tells:
each promotion begins a new timeline. Who has seen the newer one never goes back; who has seen none yet looks at all of them.
"""

from typing import Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from playground.database.connection import Connection as PatientConnection

TIMELINE = (
    "SELECT CASE WHEN pg_is_in_recovery() THEN 0"
    " ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END"
)
LOOK_SECONDS = 5

_newest = 0


class Connection(PatientConnection):
    """A connection to the newest primary of those named."""

    @classmethod
    def connect(cls, conninfo: str = "", **given: Any) -> Self:
        """As the library's. Raises OperationalError where only an old primary answers."""
        first = super().connect(conninfo, **given)
        if _is_newest(line := cls._line(first)):
            return first
        first.close()
        found = []
        for place in _places(conninfo, given):
            try:
                one = super().connect(conninfo, **given | place)
                found.append((cls._line(one), one))
            except psycopg.OperationalError:
                continue
        best = _best(found)
        for _line, one in found:
            if one is not best:
                one.close()
        return best if best is not None else _refuse(line)

    @classmethod
    def _line(cls, connection: "Connection") -> int:
        with connection.cursor(row_factory=tuple_row) as cursor:
            [[line]] = cursor.execute(TIMELINE).fetchall()
        connection.rollback()
        return int(line)


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """The same for the event loop."""

    @classmethod
    async def connect(cls, conninfo: str = "", **given: Any) -> Self:
        """As the library's. Raises OperationalError where only an old primary answers."""
        first = await super().connect(conninfo, **given)
        if _is_newest(line := await cls._line(first)):
            return first
        await first.close()
        found = []
        for place in _places(conninfo, given):
            try:
                one = await super().connect(conninfo, **given | place)
                found.append((await cls._line(one), one))
            except psycopg.OperationalError:
                continue
        best = _best(found)
        for _line, one in found:
            if one is not best:
                await one.close()
        return best if best is not None else _refuse(line)

    @classmethod
    async def _line(cls, connection: "AsyncConnection") -> int:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            [[line]] = await (await cursor.execute(TIMELINE)).fetchall()
        await connection.rollback()
        return int(line)


def survey(parameters: dict[str, Any]) -> dict[tuple[str, int], int | None]:
    """Of each database named its timeline: 0 of one that only follows, None of one that does not answer."""
    found: dict[tuple[str, int], int | None] = {}
    for place in _places("", parameters):
        try:
            with psycopg.connect(**{**parameters, **place, "target_session_attrs": "any"}) as one:
                [[line]] = one.cursor(row_factory=tuple_row).execute(TIMELINE).fetchall()
                found[one.info.host, one.info.port] = int(line)
        except psycopg.OperationalError:
            found[place["host"], int(place["port"] or 5432)] = None
    return found


def connection_class(hosts: str) -> type[psycopg.Connection[Any]]:
    """How pages connect to what a setting names: of several hosts the newest primary is wanted."""
    return Connection if "," in hosts else PatientConnection


def async_connection_class(hosts: str) -> type[psycopg.AsyncConnection[Any]]:
    """The same for the event loop."""
    return AsyncConnection if "," in hosts else psycopg.AsyncConnection


def _is_newest(line: int) -> bool:
    """Whether a database may be taken without a look at the others."""
    global _newest
    if not _newest or line < _newest:
        return False
    _newest = line
    return True


def _best(found: list[tuple[int, Any]]) -> Any:
    """The one with the newest history, unless a newer one was seen before."""
    global _newest
    line, one = max(found, key=lambda each: each[0], default=(0, None))
    if line < max(_newest, 1):
        return None
    _newest = line
    return one


def _places(conninfo: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Each host by itself, with its port; one that is silent is not waited for."""
    parts = {**conninfo_to_dict(conninfo), **{name: value for name, value in given.items() if value is not None}}
    hosts = str(parts.get("host") or "").split(",")
    ports = str(parts.get("port") or "").split(",")
    ports = ports if len(ports) == len(hosts) else [ports[0]] * len(hosts)
    wait = {} if "connect_timeout" in parts else {"connect_timeout": LOOK_SECONDS}
    return [{"host": host, "port": port or None, **wait} for host, port in zip(hosts, ports, strict=True)]


def _refuse(line: int) -> Any:
    raise psycopg.OperationalError(
        f"only a database of timeline {line} answers, and one of timeline {_newest} took over from it"
    )
