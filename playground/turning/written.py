"""A request while it is written: which leaves of the first one went in, what was added, why something stays behind."""

from collections.abc import Iterable
from typing import Any

from playground.turning.middle import Middle, Paths, Piece
from playground.turning.reasons import Added
from playground.turning.source import Held, Source


class Written:
    """Takes held values in; whatever is not taken in is left."""

    def __init__(self, source: Source) -> None:
        self.carried: set[str] = set()
        self.added: list[Added] = []
        self.model, self.streams = "", False
        self._reasons: dict[str, str] = {}
        self._noted: dict[str, str] = source.reasons

    def use(self, held: Held) -> Any:
        """The value of a fact that is being written."""
        self.carried.update(held.at)
        return held.value

    def fact(self, piece: Piece, name: str, as_name: str = "") -> dict[str, Any]:
        """A fact of a piece as a member, when it is there."""
        held = piece.facts.get(name)
        return {as_name or name: self.use(held)} if held else {}

    def shape(self, piece: Piece) -> None:
        """The piece itself is being written: what only gives it its shape is carried by that."""
        self.carried.update(piece.shape)

    def leave(self, what: Piece | Held, reason: str) -> None:
        """Say why a piece or a value stays behind."""
        pointers = what.at if isinstance(what, Held) else (*what.shape, *_pointers(what.facts.values()))
        for pointer in pointers:
            self._reasons.setdefault(pointer, reason)

    def add(self, pointer: str, reason: str) -> None:
        """Something that the dialect needs was put in."""
        self.added.append(Added(pointer, reason))

    def settings(self, middle: Middle, paths: Paths) -> dict[str, Any]:
        """The plain settings as members at their paths."""
        body: dict[str, Any] = {}
        for name, path in paths.items():
            if name in middle.settings:
                put(body, path, self.use(middle.settings[name]))
        return body

    def reason_of(self, pointer: str) -> str:
        """Why a leaf was left: what the writer said of it, else what the reader noted at it or above it."""
        if pointer in self._reasons:
            return self._reasons[pointer]
        above = pointer
        while True:
            if above in self._noted:
                return self._noted[above]
            if not above:
                return "no_place"
            above = above.rpartition("/")[0]


def put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path, making the objects on the way."""
    for name in path[:-1]:
        body = body.setdefault(name, {})
    body[path[-1]] = value


def _pointers(helds: Iterable[Held]) -> Iterable[str]:
    return (pointer for held in helds for pointer in held.at)
