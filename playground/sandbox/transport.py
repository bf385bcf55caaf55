"""The one place that reaches through ASGI to the server's connection: breaking, cutting, half-written chunks.

ASGI has no word for "drop the connection". Under uvicorn, `send` is a method of an object that holds the asyncio transport;
middlewares may have wrapped it, so the wrapping is peeled off. A front door may also name it: `scope["extensions"]["transport"]`.
"""

import contextlib
import socket
import struct
from collections.abc import Iterator, Mapping
from typing import Any

_DEPTH = 6


class Unreachable(RuntimeError):
    """The server hides its connection; the caller ends the answer as badly as ASGI allows."""


def find(scope: Mapping[str, Any], *callables: Any) -> Any:
    """The asyncio transport under this request."""
    named = (scope.get("extensions") or {}).get("transport")
    if hasattr(named, "abort"):
        return named
    for thing in _peeled(callables):
        transport = getattr(thing, "transport", None)
        if hasattr(transport, "abort"):
            return transport
    raise Unreachable("no transport under this request")


def reset(transport: Any) -> None:
    """Drop the connection with RST, as a crashed upstream does."""
    with contextlib.suppress(OSError, AttributeError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _peeled(callables: tuple[Any, ...]) -> Iterator[Any]:
    """What stands behind functions, methods, partials and closures, nearest first."""
    layer = list(callables)
    seen: set[int] = set()
    for _ in range(_DEPTH):
        deeper: list[Any] = []
        for thing in layer:
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            owner = getattr(thing, "__self__", None)
            if owner is not None:
                yield owner
            deeper += _inside(thing, owner)
        layer = deeper


def _inside(thing: Any, owner: Any) -> list[Any]:
    wrapped = [getattr(thing, name, None) for name in ("__wrapped__", "func", "send", "receive")]
    held = (
        [getattr(owner, name, None) for name in ("send", "receive", "_send", "_receive")] if owner is not None else []
    )
    cells = []
    for cell in getattr(thing, "__closure__", None) or ():
        with contextlib.suppress(ValueError):
            cells.append(cell.cell_contents)
    return [inner for inner in (*wrapped, *held, *cells) if callable(inner)]
