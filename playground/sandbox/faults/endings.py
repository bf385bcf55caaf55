"""Faults of time and of the connection: silence, broken and shortened answers."""

from collections.abc import Iterator
from dataclasses import replace

from ..performance import Act, HangUp, Say, Script, Tear, Wait
from .scene import Scene

_FOR_EVER = 86_400.0


def slow_first_byte(scene: Scene) -> Script:
    """Nothing at all for a while, then the answer."""
    return replace(scene.script, silence=scene.script.silence + scene.seconds)


def stall(scene: Scene) -> Script:
    """A pause in the middle, then the rest."""
    before, after = scene.halves
    return scene.played([*before, Wait(scene.seconds), *after])


def stall_forever(scene: Scene) -> Script:
    """Half of the answer, then silence."""
    return scene.played([*scene.halves[0], Wait(_FOR_EVER)])


def reset(scene: Scene) -> Script:
    """The connection drops in the middle of a chunk."""
    before, after = scene.halves
    return scene.played([*before, Tear(after[0].data[: max(1, len(after[0].data) // 2)])])


def cut(scene: Scene) -> Script:
    """A clean end of the connection, but no end mark of any kind."""
    if scene.streamed:
        return scene.played(act for act in scene.acts if not act.ends)
    return scene.played([*scene.halves[0], Say(b"")])


def wrong_length(scene: Scene) -> Script:
    """More bytes are announced than come."""
    announced = sum(len(act.data) for act in scene.acts) + 100
    return scene.played(_hung_up(scene)).with_header(b"content-length", str(announced).encode())


def _hung_up(scene: Scene) -> Iterator[Act]:
    yield from scene.acts
    yield HangUp()
