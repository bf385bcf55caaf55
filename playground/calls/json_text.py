"""JSON as people typed it: read strictly, changed without touching what they did not ask to change."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from playground.calls.bad_call import BadCall

MOST_BYTES = 32 * 2**20
MOST_LEVELS = 200
MOST_VALUES = 1_000_000

STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
NOT_MARKS = bytes(byte for byte in range(256) if byte not in b"[]{},")
LEVELS = [1 if byte in b"[{" else -1 if byte in b"]}" else 0 for byte in range(256)]
SURROGATE = re.compile("[\ud800-\udfff]")
SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Member:
    """Where one name and its value stand in the text of an object."""

    name: str
    key_start: int
    key_end: int
    start: int
    end: int


def read_json(text: str, most_bytes: int = MOST_BYTES) -> Any:
    """The value of a JSON text, or a BadCall that says what to change.

    Refused beyond the grammar: what upstreams read in different ways (duplicate names, halves of surrogate pairs)
    and what could hurt a reader (depth, size). `\\u0000` is allowed: JSON permits it, some calls are about it, and the
    text is sent and kept as it was written; only a raw NUL byte is refused, as JSON itself does.
    """
    check_size(text, most_bytes)
    if "\0" in text:
        raise BadCall("nul", "body")
    if text.startswith("\ufeff"):
        raise BadCall("byte_order_mark", "body")
    check_structure(text)
    try:
        value, end = _value_at(text, _after_space(text, 0))
        if (rest := _after_space(text, end)) < len(text):
            raise json.JSONDecodeError("Extra data", text, rest)
    except json.JSONDecodeError as wrong:
        raise BadCall("not_json", "body", line=wrong.lineno, column=wrong.colno) from None
    if SURROGATE_ESCAPE.search(text):
        _check_surrogates(value)
    return value


def write_json(value: Any) -> str:
    """The text of a JSON value; a BadCall where the value is none."""
    _check_value_depth(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise BadCall("not_a_number", "body", value="NaN/Infinity") from None
    except TypeError:
        raise BadCall("wrong_shape", "body", wanted="object") from None


def check_size(text: str, most_bytes: int = MOST_BYTES) -> None:
    """Refuse a body past the limit, and one that has no bytes at all because half a character stands in it."""
    if len(text) > most_bytes:
        raise BadCall("too_large", "body", limit=most_bytes >> 20)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as wrong:
        raise BadCall("surrogate", "body", half=_spelled(text[wrong.start])) from None
    if size > most_bytes:
        raise BadCall("too_large", "body", limit=most_bytes >> 20)


def check_structure(text: str) -> None:
    """Refuse what is nested too deep or holds too many values, before a parser, ours or anybody's, goes into it.

    Parsers in C keep the interpreter to themselves: 10 million empty lists would stop every stream of the process
    for seconds, from whatever thread they are read.
    """
    if text.count("[") + text.count("{") <= MOST_LEVELS and text.count(",") <= MOST_VALUES:
        return
    marks = _without_strings(text).encode().translate(None, NOT_MARKS)
    if sum(marks.count(mark) for mark in (b"[", b"{", b",")) > MOST_VALUES:
        raise BadCall("too_many", "body", limit=f"{MOST_VALUES:,}")
    if max(accumulate(map(LEVELS.__getitem__, marks), initial=0)) > MOST_LEVELS:
        raise BadCall("too_deep", "body", limit=MOST_LEVELS)


def _without_strings(text: str) -> str:
    pieces, at = [], 0
    for string in STRING.finditer(text):
        pieces.append(text[at : string.start()])
        at = string.end()
        if len(pieces) > 2 * MOST_VALUES:
            raise BadCall("too_many", "body", limit=f"{MOST_VALUES:,}")
    return "".join([*pieces, text[at:]])


def with_member(text: str, name: str, value: Any) -> str:
    """The text of an object with one member set; every other character keeps its spelling and place."""
    spelled = json.dumps(value)
    found = list(members(text))
    for member in found:
        if member.name == name:
            return text[: member.start] + spelled + text[member.end :]
    if not found:
        inside = text.index("{") + 1
        return f"{text[:inside]}{json.dumps(name)}: {spelled}{text[inside:]}"
    last = found[-1]
    before = max(text.rfind(mark, 0, last.key_start) for mark in "{,")
    indent, colon = text[before + 1 : last.key_start], text[last.key_end : last.start]
    return f"{text[: last.end]},{indent}{json.dumps(name)}{colon}{spelled}{text[last.end :]}"


def members(text: str) -> Iterator[Member]:
    """The members of an object whose text has been read without complaint."""
    at = _after_space(text, _after_space(text, 0) + 1)
    while text[at] != "}":
        name, key_end = scanstring(text, at + 1)
        start = _after_space(text, _after_space(text, key_end) + 1)
        _, end = _value_at(text, start)
        yield Member(name, at, key_end, start, end)
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)


def string_values(text: str) -> Iterator[tuple[int, int]]:
    """Where each string that is a value, not a name, stands in a text that has been read without complaint."""
    for token in STRING.finditer(text):
        after = _after_space(text, token.end())
        if text[after : after + 1] != ":":
            yield token.span()


def _value_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends."""
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # Python refuses to read whole numbers past 4,300 digits, JSON does not; their value matters to nobody here.
        return _LONG_NUMBERS.raw_decode(text, start)


def _after_space(text: str, at: int) -> int:
    match = SPACE.match(text, at)
    return match.end() if match else at


def _check_value_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        if depth > MOST_LEVELS:
            raise BadCall("too_deep", "body", limit=MOST_LEVELS)
        level = [inner for outer in level for inner in _inside(outer)]
        depth += 1


def _check_surrogates(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and (half := SURROGATE.search(item)):
            raise BadCall("surrogate", "body", half=_spelled(half[0]))
        waiting.extend(_inside(item))
        if isinstance(item, dict):
            waiting.extend(item)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _spelled(half: str) -> str:
    return f"\\u{ord(half):04x}"


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadCall("duplicate_key", "body", name=next(name for name in names if names.count(name) > 1))
    return found


def _constant(name: str) -> Any:
    raise BadCall("not_a_number", "body", value=name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object_of, parse_constant=_constant)
_LONG_NUMBERS = json.JSONDecoder(object_pairs_hook=_object_of, parse_constant=_constant, parse_int=float)
