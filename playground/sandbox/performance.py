"""Playing an answer: a script of acts, performed on the wire at the request's pace."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .answers import Answer, Body
from .pace import FAST, Pace
from .wire import Header, Wire

AT_ONCE = FAST
_TURN = 16
_SHORTEST = 0.001


@dataclass(frozen=True, slots=True)
class Say:
    """Write some bytes; `words` of the pace are waited for first, `text` is the piece of text within."""

    data: bytes
    words: int = 0
    text: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Say nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Tear:
    """Drop the connection in the middle of a chunk of which only `data` went out."""

    data: bytes


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the connection without the end HTTP asks for."""


Act = Say | Wait | Tear | HangUp


@dataclass(frozen=True, slots=True)
class Script:
    """An answer as it will be performed. `silence` is waited before anything, head included."""

    status: int
    headers: tuple[Header, ...]
    acts: Iterable[Act]
    silence: float = 0.0

    def with_header(self, name: bytes, value: bytes) -> "Script":
        """The same script with one header more."""
        return replace(self, headers=(*self.headers, (name, value)))


def written(answer: Answer, pace: Pace) -> Script:
    """The script of an answer without faults."""
    headers = [(b"content-type", answer.content_type.encode())]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers]
    if isinstance(answer, Body):
        return Script(answer.status, tuple(headers), [Say(answer.content)], silence=pace.whole(answer.words))
    spoken = (
        Say(answer.frame(event, number), event.words, event.text, event.ends)
        for number, event in enumerate(answer.events)
    )
    acts: Iterable[Act] = _followed(spoken, answer.last) if answer.last else spoken
    return Script(answer.status, tuple(headers), acts)


async def perform(script: Script, pace: Pace, wire: Wire) -> None:
    """Play a script to its end."""
    if script.silence:
        await wire.pause(script.silence)
    if isinstance(script.acts, list) and len(script.acts) == 1 and isinstance(script.acts[0], Say):
        await _at_once(script, script.acts[0].data, wire)
        return
    await wire.start(script.status, script.headers)
    await _acts(script.acts, pace, wire)
    await wire.finish()


async def _at_once(script: Script, content: bytes, wire: Wire) -> None:
    length = (b"content-length", str(len(content)).encode())
    await wire.start(script.status, (*script.headers, length))
    await wire.finish(content)


async def _acts(acts: Iterable[Act], pace: Pace, wire: Wire) -> None:
    clock = wire.clock
    began, words, turns = clock(), 0, 0
    for act in acts:
        if isinstance(act, Say):
            if act.words:
                delay = began + pace.due(words) - clock()
                words += act.words
                if delay > _SHORTEST:
                    await wire.pause(delay)
                    turns = 0
            turns += 1
            if turns % _TURN == 0:
                await wire.yield_to_others()
            await wire.write(act.data)
        elif isinstance(act, Wait):
            await wire.pause(act.seconds)
            began += act.seconds
        elif isinstance(act, Tear):
            await wire.reset(act.data)
        else:
            await wire.hang_up()


def _followed(acts: Iterable[Act], last: bytes) -> Iterable[Act]:
    yield from acts
    yield Say(last, ends=True)
