"""Small careful looks into values that upstreams may have spelled wrong."""

from typing import Any

Json = dict[str, Any]

LARGEST = 2**31 - 1  # what counts or numbers anything here is smaller, and fits every database and browser


def words(value: Any) -> str:
    """A text, or "" for anything else."""
    return value if isinstance(value, str) else ""


def fields(value: Any) -> Json:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Json]:
    """The objects of a list; nothing for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def number(value: Any) -> int | None:
    """A count, or None for anything else."""
    return value if type(value) is int and 0 <= value <= LARGEST else None


def place(value: Any) -> int:
    """An index; 0 where it is missing or no index."""
    return value if type(value) is int and 0 <= value <= LARGEST else 0
