"""Ways to go wrong on purpose, by name: header `X-Sandbox-Fault` or the end of a model's name, `:fault-<name>`.

A fault either answers instead of the operation (`instead`) or spoils the script of its answer (`spoiled`).
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ..answers import Answer, Stream
from ..performance import Script
from ..refusals import Refused
from ..request import Request
from . import compressed, endings, events, sizes
from .instead import INSTEAD
from .scene import Scene

SPOILED = {
    "slow-first-byte": endings.slow_first_byte,
    "stall": endings.stall,
    "stall-forever": endings.stall_forever,
    "reset": endings.reset,
    "cut": endings.cut,
    "wrong-length": endings.wrong_length,
    "truncated-gzip": compressed.truncated,
    "gzip-bomb": compressed.bomb,
    "bad-json": events.bad_json,
    "bad-utf8": events.bad_utf8,
    "nul": events.nul,
    "surrogate": events.surrogate,
    "unknown-events": events.unknown_events,
    "error-event": events.error_event,
    "huge-event": sizes.huge_event,
    "endless": sizes.endless,
    "one-byte": sizes.one_byte,
}
NAMES = frozenset({"refuse", *INSTEAD, *SPOILED})

_HEAVY = frozenset({"gzip-bomb", "huge-event", "endless"})
_AT_ONCE = {True: 4, False: 128}
_happening: Counter[bool] = Counter()


@contextmanager
def one_more(name: str) -> Iterator[None]:
    """Let a fault happen, unless too many do already."""
    if name not in NAMES:
        raise Refused(400, f"There is no fault named {name}. Faults: {', '.join(sorted(NAMES))}", code="unknown_fault")
    heavy = name in _HEAVY
    if _happening[heavy] >= _AT_ONCE[heavy]:
        raise Refused(503, "Too many faults at once; try again in a moment.", headers=(("retry-after", "5"),))
    _happening[heavy] += 1
    try:
        yield
    finally:
        _happening[heavy] -= 1


def instead(request: Request, name: str, shape: str) -> Answer | None:
    """The answer of a fault that answers by itself."""
    return INSTEAD[name](request, shape) if name in INSTEAD else None


def spoiled(script: Script, answer: Answer, request: Request, name: str, shape: str) -> Script:
    """The script of an answer, spoiled by a fault."""
    spoil = SPOILED.get(name)
    return spoil(Scene(script, answer, shape, _seconds(request), isinstance(answer, Stream))) if spoil else script


def _seconds(request: Request) -> float:
    wished = request.headers.get("x-sandbox-seconds") or os.environ.get("SANDBOX_SECONDS", "")
    try:
        return min(max(float(wished), 0.0), 600.0)
    except ValueError:
        return 30.0
