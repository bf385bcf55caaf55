"""The headers of a call: what a person may set, and what the site adds."""

import re
from collections.abc import Mapping
from typing import Any

from playground.calls.bad_call import BadCall

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
LONGEST = 16_384

OWN = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
KEYS = frozenset({"authorization", "cookie", "mj-api-secret", "x-api-key", "x-goog-api-key"})


def checked_headers(given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The headers as they may be sent, or a BadCall that names the first that may not."""
    seen: set[str] = set()
    pairs = []
    for name, value in given.items():
        pairs.append((_name(name, seen), header_value(name, value)))
        seen.add(name.lower())
    return tuple(pairs)


def _name(name: str, seen: set[str]) -> str:
    field, lower = f"headers.{name}", name.lower()
    if not TOKEN.fullmatch(name):
        raise BadCall("header_name", field, name=name)
    if lower in seen:
        raise BadCall("header_twice", field, name=name)
    if lower in KEYS:
        raise BadCall("header_key", field, name=name)
    if lower in OWN or lower.startswith("proxy-"):
        raise BadCall("header_own", field, name=name)
    return name


def header_value(name: str, value: Any) -> str:
    """A header's value without the space around it; line ends and all but ASCII are refused.

    RFC 9110 lets old headers carry latin-1, but the libraries below us disagree on its bytes: one writes it as UTF-8.
    """
    field = f"headers.{name}"
    if not isinstance(value, str):
        raise BadCall("wrong_shape", field, wanted="text")
    if len(value) > LONGEST:
        raise BadCall("header_long", field, name=name, limit=LONGEST)
    if control := CONTROL.search(value):
        raise BadCall("header_value", field, name=name, what=f"U+{ord(control[0]):04X}")
    for character in value:
        if ord(character) > 0x7F:
            raise BadCall("header_value", field, name=name, what=f"“{character}”".encode("utf-8", "replace").decode())
    return value.strip(" \t")
