"""The document of a comparison: what a page sends is checked for its shape, what it says is the page's own."""

import json
import uuid
from typing import Any

MOST_COLUMNS = 8
MOST_ROWS = 20
MOST_BYTES = 4 * 2**20
LONGEST_NAME = 200
VIEWS = ("text", "differences", "json")

_TEXTS = ("operation", "call")


class BadDocument(ValueError):
    """What was sent is no comparison."""


def read(text: Any) -> dict[str, Any]:
    """The document that a page's text holds. Raises BadDocument."""
    if not isinstance(text, str) or "\x00" in text or len(text) > MOST_BYTES:
        raise BadDocument("no text")
    try:
        text.encode()  # a lone surrogate raises: pages write it as an escape
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadDocument("no JSON") from error
    _check(isinstance(given, dict), "no object")
    _check(all(isinstance(given.get(name), str) for name in _TEXTS), "no operation or call")
    _check_columns(given.get("columns"))
    _check_rows(given.get("rows"))
    _check_runs(given.get("runs"))
    _check(given.get("view", VIEWS[0]) in VIEWS, "no such view")
    return given


def runs_in(document: dict[str, Any]) -> set[uuid.UUID]:
    """The runs that a document names."""
    return {uuid.UUID(run) for run in document["runs"].values()}


def row_of(document: dict[str, Any], run: uuid.UUID) -> str | None:
    """The row in which a run stands; None when it stands in none."""
    return next((place.split("/")[1] for place, name in document["runs"].items() if uuid.UUID(name) == run), None)


def _check_columns(columns: Any) -> None:
    _check(isinstance(columns, list) and 0 < len(columns) <= MOST_COLUMNS, "between one and eight columns")
    for column in columns:
        _check(isinstance(column, dict) and _is_name(column.get("id")), "a column without a name")
        for name in ("operation", "model", "key"):
            _check(isinstance(column.get(name, ""), str) and len(column.get(name, "")) <= LONGEST_NAME, "a bad column")
        _check(isinstance(column.get("call"), str | None), "a column's call is no text")
    _check(len({column["id"] for column in columns}) == len(columns), "two columns of one name")


def _check_rows(rows: Any) -> None:
    _check(isinstance(rows, list) and 0 < len(rows) <= MOST_ROWS, "between one and twenty rows")
    for row in rows:
        _check(isinstance(row, dict) and _is_name(row.get("id")), "a row without a name")
        values = row.get("values")
        _check(isinstance(values, dict) and all(isinstance(value, str) for value in values.values()), "no values")
    _check(len({row["id"] for row in rows}) == len(rows), "two rows of one name")


def _check_runs(runs: Any) -> None:
    _check(isinstance(runs, dict) and len(runs) <= MOST_COLUMNS * MOST_ROWS, "no runs")
    for place, run in runs.items():
        column, _slash, row = place.partition("/")
        _check(_is_name(column) and _is_name(row), "a run that stands nowhere")
        try:
            uuid.UUID(run)
        except (ValueError, AttributeError, TypeError) as error:
            raise BadDocument("a run that is none") from error


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 40 and "/" not in name


def _check(holds: bool, why: str) -> None:
    if not holds:
        raise BadDocument(why)
