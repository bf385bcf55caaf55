"""Questions that every page asks: their SQL is worked out once, for that costs Django several times what asking costs.

The database plans them once a connection: to plan such a question anew takes it longer than to answer it.
"""

import copy
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Maker = Callable[..., QuerySet[Any, Any]]


class Ids(list[int]):
    """A list of ids that stands for one parameter: `id = ANY(%s)`."""

    __hash__ = object.__hash__  # type: ignore[assignment]


class Prepared:
    """A queryset that depends on some ids (or texts) only: `Prepared(ask, user=int)(user=7)` lists what `ask(user=7)` would.

    `ask` is called once, with ids that nothing has; in its SQL they are then found and replaced. What else it asks for is
    asked for ever, so moments must be the database's own: `Now()`.
    """

    def __init__(self, ask: Maker, **kinds: type[int] | type[UUID] | type[str] | type[Ids]) -> None:
        self._ask, self._kinds = ask, kinds
        self._lock = threading.Lock()
        self._prepared: tuple[QuerySet[Any, Any], Any, str, list[Any]] | None = None

    def __call__(self, **ids: Any) -> list[Any]:
        """The rows for these ids."""
        return self.rows(_PlannedOnce(connections[DEFAULT_DB_ALIAS]), *self.statement(ids))

    def statement(self, ids: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """What is sent for these ids: SQL and its parameters."""
        _queryset, _compiler, sql, parameters = self._question()
        return sql, tuple(each.filled(ids[each.name]) if isinstance(each, _Gap) else each for each in parameters)

    def rows(self, connection: Any, sql: str, filled: tuple[Any, ...]) -> list[Any]:
        """What the queryset makes of the answer to a statement on this connection."""
        queryset, compiler, _sql, _parameters = self._question()
        compiler = copy.copy(compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (sql, filled)
        again = queryset.all()
        again.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(again)

    def _question(self) -> tuple[QuerySet[Any, Any], Any, str, list[Any]]:
        with self._lock:
            if self._prepared is None:
                self._prepared = self._prepare()
        return self._prepared

    def _prepare(self) -> tuple[QuerySet[Any, Any], Any, str, list[Any]]:
        marks = {name: _MARKS[kind](at) for at, (name, kind) in enumerate(self._kinds.items())}
        queryset = self._ask(**marks)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        # How a column's values become Python's is the same each time, and took a quarter of the whole.
        converters = compiler.get_converters([column for column, *_names in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters  # type: ignore[method-assign]
        names = {mark: name for name, mark in marks.items()}
        gaps = [_Gap(names[each], type(each)) if _may_be_id(each) and each in names else each for each in parameters]
        lost = marks.keys() - {each.name for each in gaps if isinstance(each, _Gap)}
        if lost:
            raise ValueError(f"{', '.join(sorted(lost))} cannot be found in: {sql}")
        return queryset, compiler, sql, gaps


def together(*questions: tuple[Prepared, dict[str, Any]]) -> list[list[Any]]:
    """The rows of several questions, sent at once: one way to the database and back instead of one for each."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    if connection.queries_logged or connection.execute_wrappers:  # whoever listens hears one after another
        return [question(**ids) for question, ids in questions]
    statements = [question.statement(ids) for question, ids in questions]
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [_PreparingCursor(connection.connection).execute(*statement) for statement in statements]
    return [
        question.rows(_Answered(connection, cursor), *statement)
        for (question, _ids), cursor, statement in zip(questions, cursors, statements, strict=True)
    ]


def answer(sql: str, parameters: Any) -> list[Any]:
    """The rows that a statement of our own gives; for those that are asked so often that their plan is worth keeping."""
    with _PlannedOnce(connections[DEFAULT_DB_ALIAS]).cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


class _PlannedOnce:
    """A connection of Django's whose cursors leave values out of the text, so that the database can keep the plan."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        """A cursor with Django's counting of questions and its errors."""
        connection = self._connection
        connection.ensure_connection()
        if connection.queries_logged:  # whoever logs questions wants to see their values
            return connection.cursor()
        return connection._prepare_cursor(_PreparingCursor(connection.connection))


class _Answered(_PlannedOnce):
    """A connection that has answered a statement already."""

    def __init__(self, connection: Any, answer: psycopg.Cursor[Any]) -> None:
        super().__init__(connection)
        self._answer = answer

    def cursor(self) -> Any:
        """The answer, whoever asks for it."""
        return _Answer(self._answer)


class _Answer:
    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, *_statement: Any) -> None:
        """It was sent before."""


class _PreparingCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **options | {"prepare": True})


class _Gap:
    """The place of an id, and the type that the database's driver gave it."""

    def __init__(self, name: str, kind: type) -> None:
        self.name, self.kind = name, kind

    def filled(self, value: Any) -> Any:
        """An id of that type; None as it is."""
        return value if value is None or type(value) is self.kind else self.kind(value)


def _may_be_id(value: Any) -> bool:
    return isinstance(value, tuple(_MARKS))


# Ids that nothing has.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda at: -(2**62) - at,
    UUID: lambda at: UUID(int=2**128 - 1 - at),
    str: lambda at: f"what nothing is called {at}",
    Ids: lambda at: Ids([-(2**62) - at]),
}
