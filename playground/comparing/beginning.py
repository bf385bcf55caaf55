"""What a comparison begins with: the request a person is writing, a saved one, or runs that were picked."""

import json
from collections.abc import Sequence
from typing import Any

from playground import catalogue
from playground.catalogue import Operation
from playground.comparing.documents import MOST_COLUMNS
from playground.models import Draft, Run, RunCall, SavedRequest

FIRST_OPERATION = "chat-stream"
COLUMNS_AT_FIRST = 3


def from_operation(operation: str, person: Any, team: Any) -> dict[str, Any] | None:
    """With what the person is writing of an operation; an empty call stands for its example."""
    found = catalogue.find(operation)
    if found is None or found.kind != "operation":
        return None
    drafts = Draft.objects.visible_to(person).filter(team=team, operation=found.id)
    draft = drafts.values_list("call", flat=True).first() or ""
    return _document(found, draft, _columns(found, draft))


def from_saved(saved: SavedRequest) -> dict[str, Any] | None:
    """With the current version of a saved request."""
    found = catalogue.find(saved.operation)
    if found is None or found.kind != "operation":
        return None
    call = saved.current.call
    return _document(found, call, _columns(found, call))


def from_runs(runs: Sequence[Run]) -> dict[str, Any] | None:
    """With runs that were made already: each stands in a column with the request it went out with."""
    calls = {call.run_id: call for call in RunCall.objects.filter(run__in=runs)}
    kept = [run for run in runs if catalogue.find(run.operation) and run.pk in calls][:MOST_COLUMNS]
    if not kept:
        return None
    first = catalogue.find(kept[0].operation)
    texts = [_text_of(run, calls[run.pk]) for run in kept]
    columns = [
        {"id": f"c{place}", "operation": run.operation, "model": run.model, "key": str(run.key_id or ""), "call": text}
        for place, (run, text) in enumerate(zip(kept, texts, strict=True), 1)
    ]
    document = _document(first, texts[0], columns)  # type: ignore[arg-type]
    return document | {"runs": {f"c{place}/r1": str(run.uuid) for place, run in enumerate(kept, 1)}}


def models_of(operation: str) -> list[str]:
    """The models that the catalogue knows for an operation."""
    found = catalogue.find(operation)
    if found is None:
        return []
    parameter = catalogue.parameters(found).find("model")
    return list(dict.fromkeys([*found.models, *(parameter.known_values if parameter else ())]))


def _document(operation: Operation, call: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "operation": operation.id,
        "call": call,
        "columns": columns,
        "rows": [{"id": "r1", "values": {}}],
        "runs": {},
        "view": "text",
        "base": "c1",
        "blind": False,
    }


def _columns(operation: Operation, call: str) -> list[dict[str, Any]]:
    """The request's own model, and others that the operation is known to have."""
    known = (_model_in(operation, call), *models_of(operation.id))
    models = list(dict.fromkeys(model for model in known if model))
    return [
        {"id": f"c{place}", "operation": operation.id, "model": model, "key": "", "call": None}
        for place, model in enumerate(models[:COLUMNS_AT_FIRST] or [""], 1)
    ]


def _model_in(operation: Operation, call: str) -> str:
    """The model that the page's text asks for, else the one of the example."""
    try:
        example = {"text": json.dumps(operation.example), "path": operation.path_values}
        kept: dict[str, Any] = json.loads(call) if call else example
        body = json.loads(kept.get("text") or "{}")
    except (ValueError, RecursionError, AttributeError):
        return ""
    model = (body.get("model") if isinstance(body, dict) else None) or (kept.get("path") or {}).get("model")
    return model if isinstance(model, str) else ""


def _text_of(run: Run, call: RunCall) -> str:
    """A run's request as pages write it."""
    given = json.loads(bytes(call.given))
    operation = catalogue.find(run.operation)
    streams_by_path = operation is not None and operation.streaming != "none" and operation.stream_by == "path"
    return json.dumps(
        {
            "text": bytes(call.body).decode("utf-8", "backslashreplace") if call.body is not None else "",
            "off": {},
            "path": given.get("path") or {},
            "query": _rows(given.get("query")),
            "headers": _rows(given.get("headers")),
            "stream": run.streaming if streams_by_path else None,
        }
    )


def _rows(pairs: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Named values as the page's rows; a name may have several values."""
    return [
        {"name": name, "value": str(each), "sent": True}
        for name, value in (pairs or {}).items()
        for each in (value if isinstance(value, list) else [value])
    ]
