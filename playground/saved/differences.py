"""How two versions of a request differ, told by parameter."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.saved.calls import Kept, read

LONG_TEXT = 80
MOST_ROWS = 200
MOST_LINES = 2000


class _Number(str):
    """A number as it was spelled: `1.0` is not `1`."""

    __slots__ = ()


@dataclass(frozen=True)
class Line:
    """One line of a long text: `sign` is `+`, `-` or a space."""

    sign: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One parameter that differs. `before` or `after` is None where it is not sent; long texts differ by `lines`."""

    name: str
    before: str | None
    after: str | None
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Compared:
    """All that differs, and how many parameters are the same."""

    rows: list[Difference]
    same: int
    is_cut: bool = False


@dataclass(frozen=True)
class Sent:
    """Everything one version sends: each parameter with its value, as far as it is shown."""

    rows: list[tuple[str, str | None]]
    count: int


def everything(call: str) -> Sent:
    """The parameters of the page's text, in its order."""
    leaves = _leaves(read(call))
    return Sent([(name, _spelled(value)) for name, value in list(leaves.items())[:MOST_ROWS]], len(leaves))


def compare(before: str, after: str) -> Compared:
    """How the page's text `after` differs from `before`."""
    old, new = _leaves(read(before)), _leaves(read(after))
    names = [*old, *(name for name in new if name not in old)]
    changed = [name for name in names if old.get(name) != new.get(name)]
    rows = [_difference(name, old.get(name), new.get(name)) for name in changed[:MOST_ROWS]]
    return Compared(rows, len(names) - len(changed), len(changed) > MOST_ROWS)


def _difference(name: str, before: Any, after: Any) -> Difference:
    lines: list[Line] = []
    if _is_text(before) and _is_text(after) and max(len(before), len(after)) > LONG_TEXT:
        lines = _lines(before, after)
    return Difference(name, _spelled(before), _spelled(after), lines)


def _lines(before: str, after: str) -> list[Line]:
    old, new = (_shown(text).splitlines()[:MOST_LINES] for text in (before, after))
    told = list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]
    return [Line(line[:1], line[1:]) for line in told if not line.startswith("@@")]


def _leaves(kept: Kept) -> dict[str, Any]:
    """Every value by its place. Texts are `str`, numbers keep their spelling, the rest is JSON."""
    found: dict[str, Any] = {}
    try:
        body = json.loads(kept.text, parse_int=_Number, parse_float=_Number) if kept.text.strip() else {}
        found.update(_walk(body, ""))
    except (ValueError, RecursionError):
        found["body"] = kept.text
    for pointer, value in kept.off.items():
        shown = value.get("valueText", "") if isinstance(value, dict) else value
        found[f"{_dotted(pointer)} (off)"] = str(shown)
    found.update({f"path.{name}": value for name, value in kept.path.items()})
    for part, rows in (("query", kept.query), ("headers", kept.headers)):
        found.update({f"{part}.{row['name']}": row.get("value", "") for row in rows if row.get("sent") and row["name"]})
    if kept.stream is not None:
        found["(stream)"] = kept.stream
    return found


def _walk(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _walk(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from _walk(inner, f"{name}[{place}]")
    elif name:
        yield name, _Number("null") if value is None else value


def _dotted(pointer: str) -> str:
    return ".".join(pointer.strip("/").split("/"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, _Number)


def _spelled(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, _Number):
        return str(value)
    return _shown(json.dumps(value, ensure_ascii=False))


def _shown(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
