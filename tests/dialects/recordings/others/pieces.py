"""Recordings of what comes whole, and of what comes as named events."""

from playground import frames

from .. import JSON, Recording, body, events


def whole(name: str, dialect: str, value, expected: list, **more) -> Recording:
    return Recording(f"{dialect}: {name}", dialect, body(value), expected, content_type=JSON, **more)


def told(name: str, dialect: str, value, *before: dict, **more) -> Recording:
    """An answer whose whole value is told as JSON after its frames."""
    return whole(name, dialect, value, [*before, frames.json(value)], **more)


def stream(name: str, dialect: str, *values, **more) -> Recording:
    expected = more.pop("frames")
    return Recording(f"{dialect}: {name}", dialect, events(*values, named=True), expected, **more)
