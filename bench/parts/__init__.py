"""The parts of the bench, in the order they run; each fills one key of the result."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.parts.burst import burst
from bench.parts.cuts import cuts
from bench.parts.fanout import fanout
from bench.parts.first_text import first_text
from bench.parts.history import history
from bench.parts.kills import kills
from bench.parts.long_run import long_run
from bench.parts.loop import loop
from bench.parts.memory import memory
from bench.parts.pages import pages
from bench.parts.sockets import sockets
from bench.parts.start import start
from bench.parts.stop import stop
from bench.parts.stored import stored
from bench.parts.streams import streams
from bench.parts.sustained import sustained
from bench.parts.wire import wire
from bench.parts.workbench import workbench
from bench.site import Site


@dataclass(frozen=True)
class Part:
    """One measurement: its key, what measures it, and whether it wants a server that has done nothing yet.

    What runs only on request is a proof rather than a figure, and takes minutes.
    """

    name: str
    measure: Callable[[Site], Awaitable[dict[str, Any]] | dict[str, Any]]
    fresh: bool = False
    on_request: bool = False


PARTS = (
    Part("memory", memory, fresh=True),
    Part("first_text", first_text, fresh=True),
    Part("streams_50", partial(streams, count=50)),
    Part("streams_200", partial(streams, count=200)),
    Part("stored", stored),
    Part("sustained", sustained),
    Part("fanout_50", fanout),
    Part("stop", stop),
    Part("wire", wire),
    Part("sockets", sockets, fresh=True),
    Part("pages", pages, fresh=True),
    Part("workbench", workbench),
    Part("loop", loop),
    Part("start", start),
    Part("history", history),
    Part("cuts", cuts, on_request=True),
    Part("kills", kills, on_request=True),
    Part("burst", burst, on_request=True),
    Part("long_run", long_run, on_request=True),
)


def chosen(words: list[str]) -> list[Part]:
    """The parts that the words name, whole or by their beginning (`streams` is both of them); without a word all but
    those on request.

    Raises KeyError with a word that names none.
    """
    for word in words:
        if not any(_names(word, part) for part in PARTS):
            raise KeyError(word)
    if not words:
        return [part for part in PARTS if not part.on_request]
    return [part for part in PARTS if any(_names(word, part) for word in words)]


def _names(word: str, part: Part) -> bool:
    return part.name == word or part.name.startswith(f"{word}_")
