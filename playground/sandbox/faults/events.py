"""Faults inside the events of a stream; whole answers get the like of them."""

from collections.abc import Iterable

import orjson

from .. import refusals
from ..answers import Event, Stream
from ..performance import Act, Say, Script
from .scene import Scene, around_text

_TIMES = 3


def bad_json(scene: Scene) -> Script:
    """Three events that are no JSON, between the good ones."""
    if not scene.streamed:
        return scene.played([Say(scene.acts[0].data[:-1] + b",}")])
    broken = b',\r\n{"candidates":[{oops}]}' if _is_array(scene) else b'data: {"broken":{"content":"hal\n\n'
    return scene.played(_sprinkled(scene, broken))


def bad_utf8(scene: Scene) -> Script:
    """Bytes that are no UTF-8, inside text."""
    return scene.played(_salted(scene, b"\xff\xfe\xc3("))


def nul(scene: Scene) -> Script:
    """Text that holds NUL."""
    return scene.played(_salted(scene, b"\\u0000"))


def surrogate(scene: Scene) -> Script:
    """Text that holds half of a character."""
    return scene.played(_salted(scene, b"\\ud83d"))


def unknown_events(scene: Scene) -> Script:
    """Events, fields and comments nobody has heard of."""
    if not scene.streamed:
        return scene.played([Say(b'{"sandbox_unknown":{"new":true},' + scene.acts[0].data[1:])])
    if _is_array(scene):
        return scene.played(_sprinkled(scene, b',\r\n{"sandboxUnknown":{"new":true}}'))
    unknown = (
        b": PING\n\nid: 7\nretry: 3000\nfuture-field: 1\nevent: sandbox.unknown\n"
        b'data: {"type":"sandbox.unknown","object":"sandbox.unknown","new":true}\n\n'
    )
    return scene.played(_sprinkled(scene, unknown))


def error_event(scene: Scene) -> Script:
    """An error in the middle of a stream, and its end."""
    if not isinstance(scene.answer, Stream):
        return scene.played([Say(orjson.dumps(_error(scene)))])
    said = scene.halves[0]
    failure = scene.answer.failure or Event(_error(scene), name="error" if scene.shape == "anthropic" else None)
    return scene.played([*said, Say(scene.answer.frame(failure, len(said)))])


def _error(scene: Scene) -> dict[str, object]:
    return refusals.value(scene.shape, refusals.Refused(503, "The upstream is overloaded.", code="overloaded"))


def _is_array(scene: Scene) -> bool:
    return scene.answer.content_type == "application/json"


def _sprinkled(scene: Scene, extra: bytes) -> Iterable[Act]:
    """The answer with something put in at a few places, never before its first event."""
    places = _places(scene)
    for place, act in enumerate(scene.acts):
        if place in places:
            yield Say(extra)
        yield act


def _salted(scene: Scene, salt: bytes) -> Iterable[Act]:
    """The answer with something put into its text at a few places."""
    places = _places(scene) if scene.streamed else {0}
    for place, act in enumerate(scene.acts):
        if place not in places:
            yield act
            continue
        before, after = around_text(act)
        yield Say(before + salt + after, act.words, act.text, act.ends)


def _places(scene: Scene) -> set[int]:
    spoken = [place for place, act in enumerate(scene.acts) if act.text and place]
    if not spoken:
        return {scene.middle}
    return {spoken[len(spoken) * step // _TIMES] for step in range(_TIMES)}
