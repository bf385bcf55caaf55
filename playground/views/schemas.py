"""The data models of the document, a page each, and the catalogue as OpenAPI."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.doors import member_required, sign_in_required
from playground import catalogue
from playground.catalogue import Parameter, uses
from playground.catalogue.operation import Operation
from playground.exchange import openapi as writing
from playground.exchange.model_example import example_of

NAMED = re.compile(r"object:(\w+)")


@dataclass(frozen=True)
class Piece:
    """A part of a type: words, or the name of a model with its page."""

    text: str
    model: str = ""


@dataclass(frozen=True)
class Field:
    """One row of the table; `depth` is how far it stands inside other fields."""

    name: str
    depth: int
    type: tuple[Piece, ...]
    meaning: str
    required: bool
    nullable: bool
    default: str
    limits: str


@require_safe
@sign_in_required
def openapi(request: HttpRequest) -> HttpResponse:
    """Every operation as OpenAPI 3.1, in the page's language."""
    response = JsonResponse(writing.document(_words()), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = 'inline; filename="openapi.json"'
    return response


@require_safe
@member_required
def schema(request: HttpRequest, id: str) -> HttpResponse:
    """One data model: its fields, an example, who uses it."""
    row = catalogue.find(id)
    if row is None or row.kind != "schema":
        raise Http404
    words, table = _words(), catalogue.parameters(row)
    users = uses.users_of(row)
    context = {
        "title": row.title[words],
        "purpose": row.purpose[words],
        "section": row.section[words],
        "unverified": row.unverified[words] if row.unverified else "",
        "notes": [note[words] for note in row.notes],
        "fields": [_field(each, words) for each in table.parameters],
        "inner": [_inner(name, named, words) for name, named in table.objects.items()],
        "example": json.dumps(example_of(row), ensure_ascii=False, indent=2),
        "operations": [_link(user, words) for user in users if user.kind == "operation"],
        "models": [_link(user, words) for user in users if user.kind == "schema"],
        "previous": _beside(row, -1, words),
        "next": _beside(row, 1, words),
    }
    return render(request, "schemas/page.html", context)


def _words() -> str:
    return "en" if get_language() == "en" else "zh"


def _inner(name: str, named: Any, words: str) -> dict[str, Any]:
    page = uses.model_named(name)
    return {"name": name, "page": page.id if page else "", "fields": [_field(each, words) for each in named.fields]}


def _field(field: Parameter, words: str) -> Field:
    *outer, name = field.name.split(".")
    return Field(
        name=name,
        depth=min(len(outer), 4),
        type=tuple(_pieces(field.type)),
        meaning=getattr(field, words),
        required=field.required,
        nullable=field.nullable,
        default=json.dumps(field.default, ensure_ascii=False) if field.has_default else "",
        limits=_limits(field),
    )


def _limits(field: Parameter) -> str:
    """Bounds and values as people write them: `0 … 2`, `auto, low, high`."""
    if field.enum or field.known_values:
        return ", ".join(str(value) for value in field.enum or field.known_values)
    if field.minimum is None and field.maximum is None:
        return ""
    low = "" if field.minimum is None else f"{field.minimum:g}"
    high = "" if field.maximum is None else f"{field.maximum:g}"
    return f"{low} … {high}".strip()


def _pieces(type: str) -> list[Piece]:
    pieces, at = [], 0
    for named in NAMED.finditer(type):
        pieces.append(Piece(type[at : named.start()]))
        model = uses.model_named(named[1])
        pieces.append(Piece(named[1], model.id if model else ""))
        at = named.end()
    return [piece for piece in [*pieces, Piece(type[at:])] if piece.text]


def _link(row: Operation, words: str) -> dict[str, str]:
    return {"id": row.id, "title": row.title[words], "method": row.method or "", "path": row.path or ""}


def _beside(row: Operation, step: int, words: str) -> dict[str, str] | None:
    all_models = uses.models()
    at = all_models.index(row) + step
    return _link(all_models[at], words) if 0 <= at < len(all_models) else None
