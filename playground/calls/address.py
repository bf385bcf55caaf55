"""The address of a call: placeholders filled, nothing let in that would lead elsewhere."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from playground.calls.bad_call import BadCall
from playground.calls.json_text import SURROGATE
from playground.catalogue import Operation

PLACEHOLDER = re.compile(r"{(\w+)}")
GEMINI_MODELS = "/v1beta/models/{model}"
GENERATE, STREAM = ":generateContent", ":streamGenerateContent"

REFUSED_IN_PATH = ("/", "\\", "?", "#", "..")
KEYS_IN_QUERY = frozenset({"key", "api_key", "api-key", "access_token"})


def path_values(operation: Operation, given: Mapping[str, Any]) -> dict[str, str]:
    """A checked text for every placeholder of the path."""
    names = PLACEHOLDER.findall(operation.route)
    for name in given:
        if name not in names:
            raise BadCall("path_unknown", f"path.{name}", name=name)
    return {name: _path_value(operation, name, given.get(name)) for name in names}


def filled_path(operation: Operation, values: Mapping[str, str], stream: bool | None) -> str:
    """The path to send, percent-encoded; a Gemini path also says whether the answer streams.

    A colon stays: models may be called `gemini-2.5-flash:fast`, and the verb is what follows the last one.
    """
    route = operation.route
    if operation.streaming == "either" and operation.stream_by == "path" and stream is not None:
        route = route.removesuffix(STREAM).removesuffix(GENERATE) + (STREAM if stream else GENERATE)
    return PLACEHOLDER.sub(lambda match: quote(values[match[1]], safe=":"), route)


def query_pairs(operation: Operation, path: str, given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The query of the document with what was given laid over it, not yet percent-encoded."""
    own = dict(parse_qsl((operation.path or "").partition("?")[2]))
    if path.endswith(STREAM):
        own["alt"] = "sse"
    pairs: list[tuple[str, str]] = [(name, value) for name, value in own.items() if name not in given]
    for name, value in given.items():
        if name.lower() in KEYS_IN_QUERY:
            raise BadCall("query_key", f"query.{name}", name=name)
        values = value if isinstance(value, list) else [value]
        pairs += [(_text(name, f"query.{name}"), _text(item, f"query.{name}")) for item in values]
    return tuple(pairs)


def _path_value(operation: Operation, name: str, given: Any) -> str:
    field = f"path.{name}"
    if given is None or given == "":
        raise BadCall("path_missing", field, name=name)
    value = _text(given, field)
    if operation.route.startswith(GEMINI_MODELS) and name == "model":
        # Gemini's own lists name models this way, and the path holds `models/` already.
        value = value.removeprefix("models/")
    for what in REFUSED_IN_PATH:
        if what in value:
            raise BadCall("path_value", field, name=name, what=f"“{what}”")
    for character in value:
        if unicodedata.category(character) == "Cc":
            raise BadCall("path_value", field, name=name, what=f"U+{ord(character):04X}")
    if value in ("", "."):
        raise BadCall("path_missing", field, name=name)
    return value


def _text(value: Any, field: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise BadCall("wrong_shape", field, wanted="number_or_text")
    text = str(value)
    if half := SURROGATE.search(text):
        raise BadCall("surrogate", field, half=f"\\u{ord(half[0]):04x}")
    return text
