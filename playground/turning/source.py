"""A JSON document that is read place by place, each by its pointer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """A value, and the leaves of the document that it was made of."""

    value: Any
    at: tuple[str, ...] = ()

    def as_(self, value: Any, *more: str) -> "Held":
        """The same leaves said in another way."""
        return replace(self, value=value, at=(*self.at, *more))


@dataclass(frozen=True, slots=True)
class Place:
    """One value of the document and the pointer to it."""

    value: Any
    pointer: str

    def child(self, name: str) -> "Place | None":
        """The member of that name; None when there is none."""
        if isinstance(self.value, dict) and name in self.value:
            return Place(self.value[name], f"{self.pointer}/{_escaped(name)}")
        return None

    def text(self, name: str) -> Held | None:
        """The member of that name when it is a text."""
        found = self.child(name)
        return found.held() if found and isinstance(found.value, str) else None

    def kind(self, name: str = "type") -> str:
        """The text of a member, or nothing."""
        found = self.text(name)
        return found.value if found else ""

    def down(self, *names: str) -> "Place | None":
        """The member that a path of names leads to."""
        place: Place | None = self
        for name in names:
            place = place.child(name) if place else None
        return place

    def items(self) -> Iterator["Place"]:
        """The entries of a list; none when it is no list."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Place(value, f"{self.pointer}/{index}")

    def held(self) -> Held:
        """The value with all leaves below it."""
        return Held(self.value, tuple(pointer for pointer, _value in _leaves(self.value, self.pointer)))

    def leaf(self, name: str) -> tuple[str, ...]:
        """The pointer to a member that is there, as a part of a shape."""
        return (f"{self.pointer}/{_escaped(name)}",) if isinstance(self.value, dict) and name in self.value else ()


class Source(Place):
    """The whole document; why places in it cannot be carried is noted on the way."""

    __slots__ = ("reasons",)

    reasons: dict[str, str]

    def __init__(self, document: Any) -> None:
        Place.__init__(self, document, "")
        object.__setattr__(self, "reasons", {})

    def why(self, place: "Place | str", reason: str) -> None:
        """Remember why nothing at this place or below it is carried, unless the writer knows better."""
        self.reasons.setdefault(place if isinstance(place, str) else place.pointer, reason)


def leaves_of(document: Any) -> dict[str, Any]:
    """All leaves by their pointers, in document order: plain values, and lists and objects that hold nothing."""
    return dict(_leaves(document, ""))


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{pointer}/{_escaped(name)}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{pointer}/{index}")
    else:
        yield pointer, value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
