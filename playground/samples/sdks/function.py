"""Which function of which official library sends a call, and with what."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from playground import catalogue
from playground.calls import Call
from playground.catalogue import Operation

FUNCTIONS = Path(__file__).with_name("functions.yaml")

# Headers that every library sets by itself.
OWN_HEADERS = {"content-type", "anthropic-version"}


@dataclass(frozen=True, slots=True)
class Library:
    """The packages of one vendor, and whether its base address ends in `/v1`."""

    python: str
    javascript: str
    base_path: str = ""


LIBRARIES = {
    "openai": Library("openai", "openai", "/v1"),
    "anthropic": Library("anthropic", "@anthropic-ai/sdk"),
    "google-genai": Library("google-genai", "@google/genai"),
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a library: its dotted name in Python, the fields it knows, and what this call gives it."""

    library: str
    name: str
    fields: tuple[str, ...]
    base_url: str
    body: dict[str, Any]
    path_values: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


def library_of(operation: Operation) -> str | None:
    """The library that has a function for this operation."""
    wanted = f"{operation.method} {operation.route}"
    return next((library for library, functions in _functions().items() if wanted in functions), None)


def function_of(call: Call, base_url: str) -> Function:
    """The function that sends this call; KeyError where no library knows it."""
    operation = catalogue.find(call.operation)
    library = library_of(operation) if operation else None
    if operation is None or library is None:
        raise KeyError(call.operation)
    entry = _functions()[library][_spelled(call, operation)]
    body = json.loads(call.body) if call.body and not call.content_type.startswith("multipart/") else {}
    return Function(
        library=library,
        name=entry["function"],
        fields=tuple(entry["fields"]),
        base_url=base_url + LIBRARIES[library].base_path,
        body=body if isinstance(body, dict) else {},
        path_values=_path_values(call, operation),
        query=tuple(pair for pair in call.query if pair != ("alt", "sse")),
        headers=tuple(pair for pair in call.headers if pair[0].lower() not in OWN_HEADERS),
    )


@cache
def _functions() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FUNCTIONS.read_text("utf-8"))
    return found


def _spelled(call: Call, operation: Operation) -> str:
    """The call as the list spells it: its route, for Gemini with the verb that was sent."""
    head, colon, _ = operation.route.rpartition(":")
    verb = call.path.rpartition(":")[2]
    return f"{call.method} {head}:{verb}" if colon else f"{call.method} {operation.route}"


def _path_values(call: Call, operation: Operation) -> tuple[str, ...]:
    steps = zip(operation.route.split("/"), call.path.split("/"), strict=True)
    return tuple(unquote(given.rpartition(":")[0] if ":" in step else given) for step, given in steps if "{" in step)
