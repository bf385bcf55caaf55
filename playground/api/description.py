"""The page that describes the API to people, made of the same description that programs read."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.doors import sign_in_required
from accounts.requests import PersonRequest, absolute
from playground.api import api

_EXAMPLE = {
    "operation": "chat-stream",
    "call": {"body": {"model": "gpt-4o-mini", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}},
}


@dataclass(frozen=True)
class Described:
    """One operation as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, str, str]]
    sample: str


@require_safe
@sign_in_required
def page(request: PersonRequest) -> HttpResponse:
    """Every operation with what it takes and how to call it."""
    schema = api.get_openapi_schema()
    root = absolute(request, "/").rstrip("/")
    operations = [
        _described(method, path, operation, root)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/page.html", {"operations": operations})


def _described(method: str, path: str, operation: dict[str, Any], root: str) -> Described:
    parameters = [
        (parameter["name"], parameter["in"], parameter["schema"].get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    return Described(
        method.upper(),
        path,
        operation.get("summary", ""),
        operation.get("description", ""),
        parameters,
        _sample(method, root + path),
    )


def _sample(method: str, url: str) -> str:
    lines = [f"curl -s {url}", '  -H "Authorization: Bearer $PLAYGROUND_TOKEN"']
    if method == "post":
        lines[0] = f"curl -s -X POST {url}"
    if url.endswith("/runs") and method == "post":
        lines += ['  -H "Content-Type: application/json"', f"  -d '{json.dumps(_EXAMPLE)}'"]
    return " \\\n".join(lines)
