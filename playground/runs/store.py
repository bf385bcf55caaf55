"""What the database holds of runs, read and written outside Django's threads: a small pool, and the writer's own connection."""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from playground.fail_over import async_connection_class
from playground.models.runs import METRICS
from playground.runs.log import DICTIONARY_BYTES, MESSAGE_BYTES, Batch

ROWS_AT_ONCE = 64
UNPACKED_BYTES = 64 * 2**10
# All questions here look rows up by their keys: to plan one anew each time takes as long as to answer it.
_PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"

_KEEP = f"""
WITH given AS (
  SELECT * FROM unnest(%(runs)s::bigint[], %(last)s::int[], %(first)s::int[], %(frames)b::bytea[], %(events)b::bytea[])
    AS t(run_id, last, first, frames, events)
), mine AS (
  SELECT id FROM playground_run WHERE id = ANY(%(runs)s::bigint[] || %(ended)s::bigint[]) AND owner_id = %(owner)s
), kept AS (
  INSERT INTO playground_run_frames (run_id, last, first, packed, frames, events)
  SELECT given.run_id, given.last, given.first, false, given.frames, given.events
  FROM given JOIN mine ON mine.id = given.run_id
  ON CONFLICT DO NOTHING
), done AS (
  UPDATE playground_run AS run SET state = e.state, last_seq = e.last_seq, status = e.status, problem = e.problem,
    has_media = e.has_media, ended_at = now(), cost = e.cost, currency = coalesce(e.currency, ''), {", ".join(f"{name} = e.{name}" for name in METRICS)}
  FROM jsonb_to_recordset(%(outcomes)s::jsonb) AS e(id bigint, state text, last_seq int, status smallint, problem text,
    has_media boolean, cost numeric, currency text, first_byte_ms int, first_frame_ms int, first_text_ms int, total_ms int, text_per_second float,
    input_tokens int, output_tokens int, reasoning_tokens int, cached_tokens int,
    unreadable int)
  WHERE run.id = e.id AND run.owner_id = %(owner)s
)
SELECT id FROM mine
"""  # noqa: S608  only names of columns are put in

_INTERRUPT = """
WITH lost AS (
  SELECT run.id, coalesce((SELECT max(last) FROM playground_run_frames f WHERE f.run_id = run.id AND f.frames <> ''), 0) AS last
  FROM playground_run run LEFT JOIN playground_process process ON process.id = run.owner_id
  WHERE run.state = 'running' AND run.owner_id IS DISTINCT FROM %(me)s
    AND (process.id IS NULL OR abs(extract(epoch FROM now() - process.beat_at)) > %(seconds)s)
  FOR UPDATE OF run SKIP LOCKED
), told AS (
  INSERT INTO playground_run_frames (run_id, last, first, packed, frames)
  SELECT id, last + 1, last + 1, false, convert_to(replace(%(frame)s, '"seq":0', '"seq":' || (last + 1)), 'UTF8') FROM lost
  ON CONFLICT (run_id, last) DO UPDATE SET frames = excluded.frames
)
UPDATE playground_run run SET state = 'interrupted', problem = 'interrupted', owner_id = NULL, ended_at = now(), last_seq = lost.last + 1
FROM lost WHERE run.id = lost.id RETURNING run.id
"""


# Options of Django's connections that are none of a server's address.
_OF_DJANGO = ("pool", "options", "prepare_threshold")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands in the database."""

    id: int
    uuid: str
    team_id: int
    user_id: int | None
    state: str
    owner_id: Any
    last_seq: int
    metrics: dict[str, Any]
    dialect: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, for its row."""

    run_id: int
    state: str
    last_seq: int
    status: int | None
    problem: str
    has_media: bool
    metrics: dict[str, Any]


_STANDING = f"""
SELECT id, uuid, team_id, user_id, state, owner_id, cost, currency, dialect,
  CASE WHEN state = 'running' THEN coalesce((SELECT max(last) FROM playground_run_frames f WHERE f.run_id = run.id AND f.frames <> ''), 0)
       ELSE last_seq END AS last_seq, {", ".join(METRICS)}
FROM playground_run run WHERE
"""  # noqa: S608  only names of columns are put in


class Store:
    """The connections of one process."""

    def __init__(self) -> None:
        self._dsn = conninfo()
        self._connection_class = async_connection_class(settings.DATABASES["default"]["HOST"])
        self._pool = AsyncConnectionPool(
            self._dsn, min_size=1, max_size=6, open=False, timeout=settings.DATABASE_WAIT_SECONDS, max_waiting=2000,
            connection_class=self._connection_class,
            kwargs={"autocommit": True, "row_factory": namedtuple_row, "options": f"-c statement_timeout=20000 {_PLANNED_ONCE}"},
        )  # fmt: skip
        self._writer: psycopg.AsyncConnection | None = None

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()
        await self.drop_writer()

    async def keep(self, owner: Any, batches: list[Batch], outcomes: list[Outcome]) -> set[int]:
        """Store batches and outcomes in one statement; the ids of the runs that are still ours come back."""
        connection = await self._writers_connection()
        given = {
            "owner": owner,
            "runs": [batch.log.run_id for batch in batches],
            "last": [batch.last for batch in batches],
            "first": [batch.first for batch in batches],
            "frames": [batch.frames for batch in batches],
            "events": [batch.events for batch in batches],
            "ended": [outcome.run_id for outcome in outcomes],
            "outcomes": json.dumps([_row(outcome) for outcome in outcomes]),
        }
        cursor = await connection.execute(_KEEP, given, prepare=True)
        return {row[0] for row in await cursor.fetchall()}

    async def drop_writer(self) -> None:
        """Forget the writer's connection: after an unknown outcome the same rows are sent again on a new one."""
        connection, self._writer = self._writer, None
        if connection:
            await connection.close()

    async def standing(self, *uuids: str) -> list[Standing]:
        """How runs stand; those that do not exist are left out."""
        return [_standing(row) for row in await self._all(_STANDING + " uuid = ANY(%s::uuid[])", [list(uuids)])]

    async def standing_by_id(self, ids: list[int]) -> list[Standing]:
        return [_standing(row) for row in await self._all(_STANDING + " id = ANY(%s)", [ids])]

    async def lines_after(self, run_id: int, position: int) -> tuple[int, list[bytes]]:
        """The stored lines that follow `position`, as many rows as make about one message, and the number of the first."""
        rows = await self._all(
            "SELECT first, packed, frames FROM (SELECT first, last, packed, frames,"
            " sum(octet_length(frames)) OVER (ORDER BY last) - octet_length(frames) AS before FROM playground_run_frames"
            " WHERE run_id = %s AND last > %s ORDER BY last LIMIT %s) AS near WHERE before < %s ORDER BY last",
            [run_id, position, ROWS_AT_ONCE, MESSAGE_BYTES],
        )
        lines: list[bytes] = []
        size = 0
        for row in rows:
            if row.packed and size > MESSAGE_BYTES // 2:  # its length does not tell how much it holds
                break
            more = unpacked_lines(row.frames, row.packed, position + 1 - row.first if row.first <= position else 0)
            lines += more
            size += sum(map(len, more))
        return position + 1, lines

    async def mirrored(self, positions: dict[int, int]) -> list[tuple[int, int, list[bytes]]]:
        """For every mirrored run the lines that follow its position: (run, first number, lines), one query for all."""
        rows = await self._all(
            "SELECT f.run_id, f.first, f.packed, f.frames FROM unnest(%s::bigint[], %s::int[]) AS w(run_id, position)"
            " CROSS JOIN LATERAL (SELECT * FROM playground_run_frames f WHERE f.run_id = w.run_id AND f.last > w.position"
            " ORDER BY f.last LIMIT 64) f ORDER BY f.run_id, f.last",
            [list(positions), list(positions.values())],
        )
        return [(row.run_id, row.first, unpacked_lines(row.frames, row.packed, 0)) for row in rows]

    async def event_rows(self, run_id: int, after_row: int) -> list[Any]:
        """Rows (last, events) with raw reads that follow the row numbered `after_row`, some at once.

        They are compressed, so those that come at once are few.
        """
        return await self._all(
            "SELECT last, events FROM (SELECT last, events,"
            " sum(octet_length(events)) OVER (ORDER BY last) - octet_length(events) AS before FROM playground_run_frames"
            " WHERE run_id = %s AND last > %s AND events IS NOT NULL ORDER BY last LIMIT %s) AS near"
            " WHERE before < %s ORDER BY last",
            [run_id, after_row, ROWS_AT_ONCE, MESSAGE_BYTES // 4],
        )

    async def beat(self, me: Any) -> float:
        """Say that this process lives; what time it is for the database comes back, in seconds."""
        [row] = await self._all(
            "INSERT INTO playground_process (id, started_at, beat_at) VALUES (%s, now(), now())"
            " ON CONFLICT (id) DO UPDATE SET beat_at = now() RETURNING extract(epoch FROM beat_at)::float AS now",
            [me],
        )
        return row.now

    async def leave(self, me: Any) -> None:
        await self._do("DELETE FROM playground_process WHERE id = %s", [me])

    async def interrupt_abandoned(self, me: Any, seconds: float, frame: str) -> list[int]:
        """End the runs whose process no longer beats; `frame` is their last one, with "seq":0 for the number."""
        rows = await self._all(_INTERRUPT, {"me": me, "seconds": seconds, "frame": frame})
        await self._do("DELETE FROM playground_process WHERE beat_at < now() - interval '1 day'", [])
        return [row.id for row in rows]

    async def asked_to_stop(self, me: Any) -> list[int]:
        rows = await self._all(
            "SELECT id FROM playground_run WHERE owner_id = %s AND state = 'running' AND stop_asked", [me]
        )
        return [row.id for row in rows]

    async def ask_to_stop(self, run_id: int) -> None:
        await self._do("UPDATE playground_run SET stop_asked = true WHERE id = %s AND state = 'running'", [run_id])

    async def still_allowed(self, people: set[tuple[int, str, int]]) -> set[tuple[int, str, int]]:
        """Of (user, session, team) those who are active, signed in and members still."""
        if not people:
            return set()
        users, sessions, teams = (list(column) for column in zip(*people, strict=True))
        rows = await self._all(
            "SELECT w.u, w.s, w.t FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS w(u, s, t)"
            " JOIN accounts_membership m ON m.user_id = w.u AND m.team_id = w.t"
            " JOIN accounts_user p ON p.id = w.u AND p.is_active"
            " WHERE w.s = '' OR EXISTS (SELECT 1 FROM django_session s WHERE s.session_key = w.s AND s.expire_date > now())",
            [users, sessions, teams],
        )
        return {(row.u, row.s, row.t) for row in rows}

    async def _all(self, statement: str, parameters: Any) -> list[Any]:
        return await self._ask(statement, parameters, lambda cursor: cursor.fetchall())

    async def _do(self, statement: str, parameters: Any) -> None:
        await self._ask(statement, parameters, _nothing)

    async def _ask(self, statement: str, parameters: Any, read: Callable[[Any], Awaitable[Any]]) -> Any:
        """Ask on a connection of the pool. All of its connections may be dead after the database was started again.

        To find that out by asking again costs nothing while all is well; to test each connection before costs as much as
        the question. Every statement here may be sent twice.
        """
        try:
            return await self._ask_once(statement, parameters, read)
        except (PoolTimeout, psycopg.errors.QueryCanceled):
            raise
        except psycopg.OperationalError:
            await self._pool.check()
            return await self._ask_once(statement, parameters, read)

    async def _ask_once(self, statement: str, parameters: Any, read: Callable[[Any], Awaitable[Any]]) -> Any:
        async with asyncio.timeout(settings.RUN_STATEMENT_SECONDS), self._pool.connection() as connection:
            return await read(await connection.execute(statement, parameters))

    async def _writers_connection(self) -> psycopg.AsyncConnection:
        if self._writer is None or self._writer.closed:
            self._writer = await self._connection_class.connect(
                self._dsn, autocommit=True, row_factory=namedtuple_row, connect_timeout=10, options=_PLANNED_ONCE
            )
        return self._writer


def conninfo() -> str:
    """The database of Django's settings as psycopg wants it."""
    place = settings.DATABASES["default"]
    options = {name: value for name, value in place.get("OPTIONS", {}).items() if name not in _OF_DJANGO}
    return psycopg.conninfo.make_conninfo(
        dbname=place["NAME"],
        host=place["HOST"],
        port=place.get("PORT") or None,
        user=place["USER"],
        password=place.get("PASSWORD") or None,
        **options,
    )


def unpacked_lines(frames: bytes, packed: bool, skip: int) -> list[bytes]:
    """A row's lines without the first `skip`."""
    text = zlib.decompress(frames) if packed else frames
    return text.split(b"\n")[skip:] if text else []


def unpacked_reads(batches: list[bytes]) -> list[tuple[int, bytes]]:
    """Raw reads of rows in order; the first row's end is the dictionary of the others."""
    reads: list[tuple[int, bytes]] = []
    dictionary = b""
    for batch in batches:
        plain = _unpacker(dictionary).decompress(batch)
        dictionary = dictionary or plain[-DICTIONARY_BYTES:]
        reads += _split_reads(plain)
    return reads


class Unpacking:
    """The same for a reader who may stop anywhere: never more than a small part of a row is unpacked at once."""

    def __init__(self) -> None:
        self._dictionary = b""

    def parts(self, batch: bytes) -> Iterator[tuple[int, bytes]]:
        """What the reads of the next row are made of, with their times; a long read comes in several parts."""
        unpacker = _unpacker(self._dictionary)
        held, end, moment, left = b"", b"", 0, 0
        while piece := unpacker.decompress(batch, UNPACKED_BYTES):
            batch = unpacker.unconsumed_tail
            held, end, at = held + piece, (end + piece)[-DICTIONARY_BYTES:], 0
            while at < len(held):
                if not left:
                    head_end = held.find(b"\n", at)
                    if head_end < 0:
                        break
                    moment, left = map(int, held[at:head_end].split())
                    at = head_end + 1
                part = held[at : at + left]
                at, left = at + len(part), left - len(part)
                yield moment, part
            held = held[at:]
        self._dictionary = self._dictionary or end


def _unpacker(dictionary: bytes) -> Any:
    return zlib.decompressobj(zdict=dictionary) if dictionary else zlib.decompressobj()


def _split_reads(plain: bytes) -> list[tuple[int, bytes]]:
    reads, at = [], 0
    while at < len(plain):
        head_end = plain.index(b"\n", at)
        moment, length = map(int, plain[at:head_end].split())
        reads.append((moment, plain[head_end + 1 : head_end + 1 + length]))
        at = head_end + 1 + length
    return reads


async def _nothing(cursor: Any) -> None:
    """What there is to read of a statement that gives no rows."""


def _standing(row: Any) -> Standing:
    metrics = {name: getattr(row, name) for name in METRICS} | {
        "cost": float(row.cost) if row.cost is not None else None,
        "currency": row.currency,
    }
    return Standing(
        row.id, str(row.uuid), row.team_id, row.user_id, row.state, row.owner_id, row.last_seq, metrics, row.dialect
    )


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.run_id,
        "state": outcome.state,
        "last_seq": outcome.last_seq,
        "status": outcome.status,
        "problem": outcome.problem,
        "has_media": outcome.has_media,
        "cost": outcome.metrics.get("cost"),
        "currency": outcome.metrics.get("currency"),
        **{name: outcome.metrics.get(name) for name in METRICS},
    }
