"""The types of the parameter tables, read: `string | array<object:tool>` becomes a tuple of shapes."""

from dataclasses import dataclass
from functools import cache

SCALARS = ("string", "number", "integer", "boolean", "any", "object", "file", "base64")


@dataclass(frozen=True, slots=True)
class Shape:
    """One alternative of a type: a scalar, `array` or `map` of shapes, or `ref` to a named object."""

    kind: str
    of: tuple["Shape", ...] = ()
    object: str = ""


@cache
def read_shapes(text: str) -> tuple[Shape, ...]:
    """The alternatives of a type as the tables spell it; ValueError names what cannot be read."""
    return tuple(_read_shape(alternative) for alternative in _alternatives(text))


def _read_shape(text: str) -> Shape:
    if text in SCALARS:
        return Shape(text)
    if text.startswith("object:"):
        return Shape("ref", object=text.removeprefix("object:"))
    if text.startswith("array<") and text.endswith(">"):
        return Shape("array", read_shapes(text[len("array<") : -1]))
    if text.startswith("map<string,") and text.endswith(">"):
        return Shape("map", read_shapes(text[len("map<string,") : -1]))
    raise ValueError(f"no such type: {text!r}")


def _alternatives(text: str) -> list[str]:
    """Split at the bars that stand outside all angle brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
