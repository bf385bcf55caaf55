"""The catalogue for pages: the tree, one operation with its parameters, and what is wrong with a body."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

import orjson
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playground import catalogue
from playground.calls import BadCall
from playground.calls.json_text import read_json
from playground.catalogue import NamedObject, Operation, ParameterTable, uses
from playground.catalogue.problems import problems


@login_required
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """All rows in document order, each with what the filter looks into."""
    return _kept_by_the_browser(request, *_tree())


@login_required
@require_safe
def operation(request: HttpRequest, id: str) -> HttpResponse:
    """One row with its parameter table, in both languages."""
    found = catalogue.find(id)
    return _kept_by_the_browser(request, *_page_data(found)) if found else _not_found()


@login_required
@require_POST
def body_problems(request: HttpRequest, id: str) -> JsonResponse:
    """What is wrong with a body as typed, field by field, in the reader's language."""
    found = catalogue.find(id)
    if found is None:
        return _not_found()
    try:
        text = json.loads(request.body)["body_text"]
    except RequestDataTooBig:
        return JsonResponse({"code": "too_large", "message": _("This body is too large to check.")}, status=413)
    except (ValueError, KeyError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str):
        return JsonResponse({"code": "bad_message", "message": _("Send the body as body_text.")}, status=400)
    return JsonResponse({"problems": list(_problems(found, text))})


def _problems(operation: Operation, text: str) -> Iterable[dict[str, str]]:
    try:
        body = read_json(text)
    except BadCall as wrong:
        return [{"pointer": "", "name": "", "code": wrong.reason, "level": "error", "message": wrong.told(_)}]
    return [
        {
            "pointer": problem.pointer,
            "name": problem.name,
            "code": problem.code,
            "level": problem.level,
            "message": problem.told(_),
        }
        for problem in problems(operation, body)
    ]


@cache
def _tree() -> tuple[bytes, str]:
    return _written({"operations": [_leaf(row) for row in catalogue.operations()]})


def _leaf(row: Operation) -> dict[str, Any]:
    table = catalogue.parameters(row)
    model = table.find("model")
    known = model.known_values if model and row.kind == "operation" else ()
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "section": row.section,
        "method": row.method,
        "path": row.path,
        "dialect": row.dialect,
        "streaming": row.streaming,
        "models": list(dict.fromkeys([*row.models, *known])),
        "parameters": [parameter.name for parameter in table.parameters if "." not in parameter.name],
    }


@cache
def _page_data(row: Operation) -> tuple[bytes, str]:
    models = [{"id": model.id, "title": model.title} for model in uses.models_of(row)]
    return _written({"operation": _whole(row), "table": _table(catalogue.parameters(row)), "models": models})


def _table(table: ParameterTable) -> dict[str, Any]:
    return {
        "parameters": [_short(parameter) for parameter in table.parameters],
        "objects": {name: _object(named) for name, named in table.objects.items()},
        "notes": table.notes,
    }


def _object(named: NamedObject) -> dict[str, Any]:
    return {**_short(named), "fields": [_short(field) for field in named.fields]}


def _whole(row: Operation) -> dict[str, Any]:
    """Every field of an operation, empty ones too: a page may rely on each."""
    whole = {field.name: getattr(row, field.name) for field in fields(row)}
    for name in ("drop_before_sending", "follow_up"):
        whole[name] = [_short(entry) for entry in whole[name]]
    return {**whole, "models": row.models}


def _short(value: Any) -> dict[str, Any]:
    """The fields of a value that say something: tables hold thousands of rows, most of their fields at rest."""
    return {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if getattr(value, field.name) != _at_rest(field) or (field.name == "default" and value.has_default)
    }


def _at_rest(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _written(value: Any) -> tuple[bytes, str]:
    """The JSON, kept compressed: the pages of all rows are 2.6 MiB of text, and 0.6 MiB like this."""
    data = orjson.dumps(value)
    return gzip.compress(data, mtime=0), f'"{hashlib.sha256(data).hexdigest()[:20]}"'


def _kept_by_the_browser(request: HttpRequest, packed: bytes, etag: str) -> HttpResponse:
    """The catalogue changes only with a new release: a browser asks whether it did, and mostly gets 304."""
    response = get_conditional_response(request, etag=etag) or _unpacked_if_needed(request, packed)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _unpacked_if_needed(request: HttpRequest, packed: bytes) -> HttpResponse:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(packed), content_type="application/json")
    return HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})


def _not_found() -> JsonResponse:
    return JsonResponse({"code": "not_found", "message": _("There is no such operation.")}, status=404)
