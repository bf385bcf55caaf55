"""Examples made sendable: what contradicts in a full-parameter example is taken out by its path.

A path is dotted. After a name, `[]` means every element, `[type=a,b]` the elements whose field is one of these,
`[search]` the elements that have the field, `[=audio]` the elements that equal the value.
A path that ends in such brackets removes the elements themselves.
"""

import copy
import re
from typing import Any

from playground.catalogue.operation import Operation

STEP = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<elements>[^\]]*)\])?")


def sendable(operation: Operation) -> dict[str, Any]:
    """The example without what must not be sent."""
    body = copy.deepcopy(dict(operation.example or {}))
    for removal in operation.drop_before_sending:
        for path in removal.paths:
            remove(body, path)
    return body


def remove(body: dict[str, Any], path: str) -> None:
    """Take out of a body what the path names; nothing happens where it names nothing."""
    *way, last = _steps(path)
    for holder in _walk([body], way):
        _remove_last(holder, *last)


def _steps(path: str) -> list[tuple[str, str | None]]:
    # Dots inside brackets belong to the value: `include[=message.output_text.logprobs]`.
    parts = re.findall(r"[^.\[]+(?:\[[^\]]*\])?", path)
    matches = [STEP.fullmatch(part) for part in parts]
    if not matches or None in matches or ".".join(parts) != path:
        raise ValueError(f"no such path: {path!r}")
    return [(match["name"], match["elements"]) for match in matches if match]


def _walk(holders: list[Any], way: list[tuple[str, str | None]]) -> list[Any]:
    for name, elements in way:
        values = [holder[name] for holder in holders if isinstance(holder, dict) and name in holder]
        holders = values if elements is None else [item for value in values for item in _chosen(value, elements)]
    return holders


def _remove_last(holder: Any, name: str, elements: str | None) -> None:
    if not isinstance(holder, dict) or name not in holder:
        return
    if elements is None:
        del holder[name]
    elif isinstance(holder[name], list):
        gone = [id(item) for item in _chosen(holder[name], elements)]
        holder[name] = [item for item in holder[name] if id(item) not in gone]


def _chosen(value: Any, elements: str) -> list[Any]:
    items = value if isinstance(value, list) else []
    field, equals, wanted = elements.partition("=")
    if not elements:
        return items
    if not field:
        return [item for item in items if item == wanted]
    holders = [item for item in items if isinstance(item, dict) and field in item]
    return [item for item in holders if not equals or item[field] in wanted.split(",")]
