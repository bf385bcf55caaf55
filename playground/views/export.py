"""Runs as a file: one JSON object or one row of CSV each, written while they are read."""

import csv
import json
from collections.abc import Iterator, Set
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from playground.comparing.blind import hidden_from
from playground.models import Run, RunCall
from playground.runs.finding import Filters, ids_of
from playground.runs.texts import answers_of
from playground.views.history_filters import Narrowed
from playground.views.streaming import Streamed
from playground.views.tables import inert

AT_ONCE = 500
# With their texts, of which one may fill many megabytes.
WHOLE_AT_ONCE = 20
MOST_CHOSEN = 1000
MOST_OF_AN_ANSWER = 8 * 2**20
COLUMNS = (
    "uuid", "started_at", "ended_at", "state", "status", "problem", "operation", "model", "key_name", "key_mask",
    "gateway_name", "user__email", "first_text_ms", "total_ms", "input_tokens", "output_tokens", "reasoning_tokens",
    "cached_tokens", "cost", "currency", "tags", "note", "summary",
)  # fmt: skip


@require_safe
@member_required
def export(request: HttpRequest, kind: str) -> Streamed:
    """The runs that fit the filters, or the chosen ones among them, newest first."""
    if kind not in _WRITERS:
        raise Http404
    write, content_type = _WRITERS[kind]
    hidden = hidden_from(request.membership).ids  # type: ignore[attr-defined]
    chosen = "runs" in request.GET
    ids = _chosen(request, hidden) if chosen else ids_of(request.team, Narrowed(request).filters, hidden)  # type: ignore[attr-defined]
    response = Streamed(write(ids), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="runs-{timezone.now():%Y-%m-%d}.{kind}"'
    return response


def _chosen(request: HttpRequest, hidden: Set[int]) -> Iterator[int]:
    names = {name for name in request.GET["runs"].split(",")[:MOST_CHOSEN] if len(name) == 36}
    chosen = names and [name for name in names if not set(name) - set("0123456789abcdef-")]
    runs = Filters().narrow(request.team.runs).filter(uuid__in=chosen or []).exclude(id__in=hidden)  # type: ignore[attr-defined]
    return iter(runs.newest_first().values_list("id", flat=True))


def _batches(ids: Iterator[int], size: int) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(ids, size)):
        yield sorted(Run.objects.filter(id__in=batch).values("id", *COLUMNS), key=lambda run: -run["id"])


def _csv(ids: Iterator[int]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # Table programs read UTF-8 only where this mark stands first.
    yield "\ufeff" + writer.writerow([_name(column) for column in COLUMNS])
    for runs in _batches(ids, AT_ONCE):
        for run in runs:
            cells = {**run, "tags": " ".join(run["tags"])}
            yield writer.writerow([inert(cells[column]) for column in COLUMNS])


def _jsonl(ids: Iterator[int]) -> Iterator[str]:
    for runs in _batches(ids, WHOLE_AT_ONCE):
        batch = [run["id"] for run in runs]
        bodies = dict(RunCall.objects.filter(run__in=batch).values_list("run", "body"))
        said = answers_of(batch, MOST_OF_AN_ANSWER)
        for run in runs:
            told = {_name(column): run[column] for column in COLUMNS}
            told["request"] = _readable(bodies.get(run["id"]))
            told["answer"] = [{"where": piece.where, "text": piece.text} for piece in said[run["id"]]]
            yield json.dumps(told, ensure_ascii=False, default=str) + "\n"


def _readable(body: Any) -> Any:
    if body is None:
        return None
    text = bytes(body).decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _name(column: str) -> str:
    return {"user__email": "person", "uuid": "id"}.get(column, column)


class _Line:
    """What `csv` writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


_WRITERS = {"csv": (_csv, "text/csv; charset=utf-8"), "jsonl": (_jsonl, "application/x-ndjson; charset=utf-8")}
