"""Faults of size: far too much, and far too little at a time."""

from collections.abc import Iterator

from ..performance import Act, Say, Script, Wait
from .scene import Scene, around_text

_FILLER = b"a" * 65_536
_HUGE = 160
_LONGEST = 600.0
_MOST = 12.0
_USUAL = 0.002


def huge_event(scene: Scene) -> Script:
    """One event of ten megabytes."""
    return scene.played(_huge(scene))


def _huge(scene: Scene) -> Iterator[Act]:
    before, after = _parted(scene)
    head, tail = around_text(after[0])
    yield from before
    yield Say(head)
    for _ in range(_HUGE):
        yield Say(_FILLER)
    yield Say(tail)
    yield from after[1:]


def endless(scene: Scene) -> Script:
    """Text at about fifty megabytes a second, without end."""
    return scene.played(_endless(scene))


def _endless(scene: Scene) -> Iterator[Act]:
    before, after = _parted(scene)
    head, tail = around_text(after[0])
    yield from before
    event = Say(head + _FILLER + tail) if scene.streamed else Say(_FILLER)
    if not scene.streamed:
        yield Say(head)
    every = len(_FILLER) / 50e6
    for _ in range(int(_LONGEST / every)):
        yield event
        yield Wait(every)


def _parted(scene: Scene) -> tuple[list[Say], list[Say]]:
    if len(scene.acts) == 1:
        return [], scene.acts
    return scene.acts[: scene.middle], scene.acts[scene.middle :]


def one_byte(scene: Scene) -> Script:
    """One byte a write, two milliseconds apart, the whole answer in less than fifteen seconds."""
    body = b"".join(act.data for act in scene.acts)
    return scene.played(_bytewise(body, min(_USUAL, _MOST / max(1, len(body)))))


def _bytewise(body: bytes, every: float) -> Iterator[Act]:
    for place in range(len(body)):
        yield Say(body[place : place + 1])
        yield Wait(every)
