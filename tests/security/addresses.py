"""Every address the site answers to, taken from its own list, with values in the places for ids."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

VALUES = {
    "uuid": str(uuid.UUID(int=7)), "int": "7", "kind": "csv", "operation": "chat-stream", "id": "chat-stream",
    "language": "python", "token": "a" * 43, "uidb36": "1", "key": "a-b", "provider": "google", "sub_id": "1", "pk": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address: its path filled in, and what it is called."""

    path: str
    name: str


def addresses() -> Iterator[Address]:
    """All of them, those of allauth and of the API included."""
    for prefix, pattern in _leaves(get_resolver().url_patterns, ""):
        path = _filled(prefix + str(pattern.pattern))
        if path is not None:
            yield Address("/" + path, pattern.name or path)


def _leaves(patterns: list[Any], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _leaves(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix, pattern


def _filled(route: str) -> str | None:
    """The route with values; a regular expression is spelled as the simplest text that fits."""
    if "(?P<" in route:
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: VALUES.get(found[1], "x"), route)
    route = route.replace("^", "").replace("$", "").replace("\\Z", "")
    return re.sub(r"<(?:(\w+):)?(\w+)>", _value, route)


def _value(found: re.Match[str]) -> str:
    converter, name = found[1] or "str", found[2]
    if converter in ("uuid", "int"):
        return VALUES[converter]
    return VALUES.get(name, "x")
