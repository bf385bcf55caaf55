"""JSON text to values and back, patiently: what upstreams send is not always what the standard says.

A lone surrogate (`"\\ud83d"`) and a NUL stay in the string as they came: nothing of a model's text is lost here, and whoever
stores or sends it takes care of what his medium refuses.
"""

import json
from typing import Any

import orjson

# A value nested deeper than this is no answer, and writing it out again would break the writer (orjson ends at 254).
DEEPEST = 200


class Unreadable(ValueError):
    """This text is not JSON, however patiently read."""


def value_of(text: bytes) -> Any:
    """The value of a JSON text; raises `Unreadable`."""
    return patient_value_of(text)[0]


def patient_value_of(text: bytes) -> tuple[Any, bool]:
    """The value of a JSON text, and whether bad UTF-8 in it had to be replaced; raises `Unreadable`.

    orjson reads nearly everything; what it refuses (lone surrogates, raw control characters, bad UTF-8) is read by json.
    """
    try:
        value, replaced = orjson.loads(text), False
    except ValueError:
        value, replaced = _slowly(text)
    if is_too_deep(text, value):
        raise Unreadable("nested too deeply")
    return value, replaced


def text_of(value: Any) -> str:
    """A value as compact JSON text; raises `Unreadable` for what cannot be written."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        except (RecursionError, TypeError, ValueError) as error:
            raise Unreadable(str(error)) from error


def is_too_deep(text: bytes, value: Any) -> bool:
    """Whether a value is nested so deeply that no writer would take it; its text tells quickly that most are not."""
    return len(text) > DEEPEST and text.count(b"{") + text.count(b"[") > DEEPEST and _depth(value) > DEEPEST


def _slowly(text: bytes) -> tuple[Any, bool]:
    replaced = False
    try:
        words = text.decode()
    except UnicodeDecodeError:
        words, replaced = text.decode("utf-8", "replace"), True
    try:
        return json.loads(words.lstrip("\ufeff"), strict=False, parse_constant=lambda name: None), replaced
    except (RecursionError, ValueError) as error:
        raise Unreadable(str(error)) from error


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        if depth > DEEPEST:
            break
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        level = [each for each in inner if isinstance(each, dict | list)]
    return depth
