"""Tables as files: CSV that spreadsheets open as what it is."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse


def csv_response(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The rows as a file to be saved under `name`."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # A byte order mark, or spreadsheets read Chinese as Latin-1.
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([_inert(value) for value in row])


def _inert(value: Any) -> Any:
    """Spreadsheets run a text that begins like a formula; a quote before it keeps it a text. Numbers are none."""
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else value


class _Echo:
    """A file that hands each line back."""

    def write(self, line: str) -> str:
        return line
