"""The route table. A module of operations puts its handlers in with `@route`; the door asks `find`.

    @route("POST", "/v1/embeddings")
    async def embeddings(request: Request) -> Answer: ...

`{name}` in a path stands for one part of it, `{name:path}` for anything. `shape` is how refusals are spelled:
openai, anthropic, gemini, dashboard or midjourney. `open=True` needs no key.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .answers import Answer
from .request import Request

Handler = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the pretend gateway."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    shape: str
    open: bool


_exact: dict[tuple[str, str], Route] = {}
_patterns: list[Route] = []


def route(method: str, path: str, shape: str = "openai", open: bool = False) -> Callable[[Handler], Handler]:
    """Answer `method` on `path` by the decorated handler."""

    def put(handler: Handler) -> Handler:
        entry = Route(method, _compiled(path), handler, shape, open)
        if "{" in path:
            _patterns.append(entry)
        else:
            _exact[method, path] = entry
        return handler

    return put


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route for a request and the values of its placeholders."""
    entry = _exact.get((method, path))
    if entry is not None:
        return entry, {}
    for entry in _patterns:
        if entry.method == method and (found := entry.pattern.fullmatch(path)):
            return entry, found.groupdict()
    return None


def shape_of(path: str) -> str:
    """How a refusal on a path without a route is spelled."""
    if path.startswith("/v1beta/"):
        return "gemini"
    if path.startswith("/v1/messages"):
        return "anthropic"
    if "/mj/" in path[:20]:
        return "midjourney"
    return "dashboard" if path.startswith("/api/") else "openai"


def _compiled(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", path)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name, _, kind = part[1:-1].partition(":")
    return f"(?P<{name}>.+)" if kind == "path" else f"(?P<{name}>[^/]+)"
