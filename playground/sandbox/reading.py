"""Reading JSON that strangers wrote: every look gives the type that was wanted, or nothing."""

from typing import Any


def table(value: Any, *path: str) -> dict[str, Any]:
    """The object at a path, or an empty one."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """The value as a list: a list itself, a single thing as a list of one, nothing as none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def tables(value: Any) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [row for row in rows(value) if isinstance(row, dict)]


def string(value: Any) -> str:
    """The value, if it is text."""
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """The value, if it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def strings(value: Any) -> list[str]:
    """The texts in a list, or a single text as a list of one."""
    return [row for row in rows(value) if isinstance(row, str)]
