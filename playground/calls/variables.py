"""Variables of a request: `{{name}}` in its path, query, headers and texts, and the same request with values in their place.

A body stays valid JSON whatever a value holds: inside a text it is escaped. `"{{name:json}}"`, alone between its quotes,
gives way to the value as JSON.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.calls.bad_call import BadCall
from playground.calls.json_text import STRING, read_json, write_json

NAME = r"[^\W\d][\w-]{0,39}"
MARK = re.compile(rf"\{{\{{\s*(?P<name>{NAME})(?P<raw>:json)?\s*\}}\}}")
# Guides fill these in themselves; in a request they are text.
RESERVED = frozenset({"url", "key"})
OPENING = "{{"
PARTS = ("path", "query", "headers")


def is_name(text: str) -> bool:
    """Whether a variable may be called so."""
    return re.fullmatch(NAME, text) is not None and text not in RESERVED


def names_in(given: Mapping[str, Any]) -> list[str]:
    """The variables that a call names, each once, in the order they stand."""
    found: dict[str, None] = {}
    for text in _texts(given):
        found.update(dict.fromkeys(mark["name"] for mark in MARK.finditer(text) if mark["name"] not in RESERVED))
    return list(found)


def filled(given: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The call with `values` in place of their names; names without a value stay as they stand. Raises BadCall."""
    call = dict(given)
    for part in PARTS:
        if isinstance(given.get(part), Mapping):
            call[part] = {name: _in_value(value, values) for name, value in given[part].items()}
    text = _body_text(given)
    if text is not None and OPENING in text:
        call.pop("body", None)
        call["body_text"] = STRING.sub(lambda string: _in_json(string[0], values), text)
    return call


def _texts(given: Mapping[str, Any]) -> Iterator[str]:
    for part in PARTS:
        values = given.get(part)
        if isinstance(values, Mapping):
            for value in values.values():
                yield from (each for each in _each(value) if isinstance(each, str))
    text = _body_text(given)
    if text is not None and OPENING in text:
        yield from (string[0] for string in STRING.finditer(text))


def _body_text(given: Mapping[str, Any]) -> str | None:
    text = given.get("body_text")
    if isinstance(text, str):
        return text
    return None if given.get("body") is None else write_json(given["body"])


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_value(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_in_value(each, values) for each in value]
    return _replaced(value, values, str) if isinstance(value, str) else value


def _in_json(string: str, values: Mapping[str, str]) -> str:
    """A text of JSON, quotes and all, with the values in it."""
    if OPENING not in string:
        return string
    alone = MARK.fullmatch(string[1:-1])
    if alone and alone["raw"] and alone["name"] in values:
        return _as_json(alone["name"], values[alone["name"]])
    return _replaced(string, values, _escaped)


def _replaced(text: str, values: Mapping[str, str], spelled: Callable[[str], str]) -> str:
    # Once through: what a value holds is no variable again.
    return MARK.sub(lambda mark: spelled(values[mark["name"]]) if mark["name"] in values else mark[0], text)


def _escaped(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _as_json(name: str, value: str) -> str:
    try:
        read_json(value)
    except BadCall:
        raise BadCall("variable_json", f"variables.{name}", name=name) from None
    return value
