"""A request in one chat dialect said in another: chat completions, responses, messages, Gemini. JSON in, JSON out.

    turned = turn("openai-chat", "anthropic-messages", body)
    turned.body        the request as the other dialect spells it
    turned.left        what could not be carried: pointers into the first body, each with its reason
    turned.carried     pointers of everything else: every leaf of the body is in one of the two

Every dialect is read into one middle form and written out of it. No network, no clock, no Django.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.turning import chat, gemini, messages, responses
from playground.turning.middle import Middle
from playground.turning.reasons import ADDED, REASONS, Added, Left
from playground.turning.source import Source, leaves_of
from playground.turning.written import Written

__all__ = ["ADDED", "DIALECTS", "REASONS", "Added", "Left", "Turned", "folded", "meaning", "turn"]

Reader = Callable[[Source], Middle]
Writer = Callable[[Middle, Written], dict[str, Any]]

_READERS: dict[str, Reader] = {
    "openai-chat": chat.read,
    "openai-responses": responses.read,
    "anthropic-messages": messages.read,
    "gemini": gemini.read,
}
_WRITERS: dict[str, Writer] = {
    "openai-chat": chat.write,
    "openai-responses": responses.write,
    "anthropic-messages": messages.write,
    "gemini": gemini.write,
}
DIALECTS = tuple(_READERS)


@dataclass(frozen=True, slots=True)
class Turned:
    """The request in the other dialect. Gemini names model and streaming in its path: they stand beside the body."""

    body: dict[str, Any]
    carried: frozenset[str]
    left: tuple[Left, ...]
    added: tuple[Added, ...]
    model: str = ""
    streams: bool = False


def turn(source: str, target: str, body: Any, *, model: str = "", streams: bool = False) -> Turned:
    """Say a request in another dialect. `model` and `streams` are those of Gemini's path, where it is the source."""
    read = Source(body)
    middle = _READERS[source](read)
    if source == "gemini":
        middle.take_path(model, streams)
    out = Written(read)
    written = _WRITERS[target](middle, out)
    leaves = leaves_of(body)
    carried = frozenset(pointer for pointer in leaves if pointer in out.carried)
    left = tuple(
        Left(pointer, "empty" if value is None else out.reason_of(pointer))
        for pointer, value in leaves.items()
        if pointer not in carried
    )
    return Turned(written, carried, left, tuple(out.added), out.model, out.streams)


def folded(left: tuple[Left, ...], carried: frozenset[str]) -> list[Left]:
    """What was left, said once for an object or list of which nothing was carried, all for the same reason."""
    reasons: dict[str, set[str]] = {}
    for one in left:
        for above in _above(one.pointer):
            reasons.setdefault(above, set()).add(one.reason)
    kept = {above for pointer in carried for above in _above(pointer)}
    told: dict[str, Left] = {}
    for one in left:
        whole = next(
            (above for above in _above(one.pointer) if above and above not in kept and len(reasons[above]) == 1),
            one.pointer,
        )
        told.setdefault(whole, Left(whole, one.reason))
    return list(told.values())


def _above(pointer: str) -> list[str]:
    """The pointer and all above it, the document first."""
    names = pointer.split("/")
    return ["/".join(names[:end]) for end in range(1, len(names) + 1)]


def meaning(dialect: str, body: Any) -> Middle:
    """What a request says, whichever dialect it is in."""
    return _READERS[dialect](Source(body))
