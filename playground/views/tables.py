"""Tables as files: CSV that spreadsheets open as what it is."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# Table programs of some languages take the wide letters too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
        yield writer.writerow([inert(value) for value in row])


def inert(value: Any) -> Any:
    """Spreadsheets run a text that begins like a formula; a quote before it keeps it a text. Numbers are none."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = value.replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA) else text


class _Echo:
    """A file that hands each line back."""

    def write(self, line: str) -> str:
        return line
