"""A found request compared with the catalogue: which operation it is, what of it becomes the call, what is left out."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from playground import catalogue
from playground.calls import ANTHROPIC_VERSION, BadCall
from playground.calls.address import KEYS_IN_QUERY
from playground.calls.headers import KEYS, OWN, checked_headers
from playground.calls.json_text import read_json
from playground.catalogue import Operation
from playground.exchange.bad_import import BadImport
from playground.exchange.found import Found, LeftOut
from playground.exchange.keys import key_in, masked, without_keys
from playground.samples.request import Part

PLACEHOLDER = re.compile(r"\\{(\w+)\\}")
BROWSERS_OWN = re.compile(r"sec-(?:fetch|ch|gpc).*|priority|dnt|upgrade-insecure-requests", re.IGNORECASE)
VARIABLE_BASE = re.compile(r"^(?:\{\{[^}]*\}\}|\$\{?\w+\}?)")


@dataclass(slots=True)
class Imported:
    """An operation of the catalogue and what is given to it, as a `start` has it."""

    operation: Operation
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body_text: str | None = None
    left_out: dict[LeftOut, None] = field(default_factory=dict)
    key_mask: str = ""

    @property
    def call(self) -> dict[str, Any]:
        """What `call_from` takes."""
        call: dict[str, Any] = {"path": self.path, "query": self.query, "headers": self.headers}
        return call if self.body_text is None else {**call, "body_text": self.body_text}

    def leave_out(self, what: str, reason: str) -> None:
        self.left_out[LeftOut(without_keys(what), reason)] = None


def imported(requests: Iterable[Found], hint: str = "") -> Imported:
    """The first of the requests that the catalogue knows; `hint` is the operation to prefer among equals."""
    all_found = list(requests)
    refusal: BadImport | None = None
    for found in all_found:
        try:
            result = _imported(found, hint)
        except BadImport as error:
            refusal = refusal or error
            continue
        for other in all_found:
            if other is not found:
                result.leave_out(f"{other.method} {_address(other)[0]}", "other_request")
        return result
    raise refusal or BadImport("no_request")


def _imported(found: Found, hint: str) -> Imported:
    path, query = _address(found)
    operation, values = _operation(found, path, hint)
    result = Imported(operation, path=values)
    for entry in found.left_out:
        result.leave_out(entry.what, entry.reason)
    _take_query(result, [*query, *found.query])
    _take_headers(result, found)
    _take_body(result, found)
    return result


def _address(found: Found) -> tuple[str, list[tuple[str, str]]]:
    """Path and query; the base may be a variable, and the scheme may be missing, as curl allows."""
    url = VARIABLE_BASE.sub("", found.url)
    if "://" not in url and not url.startswith("/"):
        url = f"http://{url}"
    try:
        address = urlsplit(url)
    except ValueError:
        raise BadImport("bad_address") from None
    return address.path, parse_qsl(address.query, keep_blank_values=True)


def _operation(found: Found, path: str, hint: str) -> tuple[Operation, dict[str, str]]:
    """The operation whose path this is, whatever stands before it: the one of `hint`, else the document's first."""
    fits = [
        (row, match)
        for row in catalogue.operations()
        if row.kind == "operation" and row.method == found.method and (match := _route(row).search(path))
    ]
    if not fits:
        raise BadImport("unknown_path", method=found.method, path=without_keys(path))
    longest = max(len(row.route) for row, _ in fits)
    wants_form = bool(found.form)
    # Of two routes that both fit, the longer one says more; a form wants an operation that takes forms.
    fits.sort(
        key=lambda fit: (
            len(fit[0].route) != longest,
            (fit[0].content_type == "multipart") != wants_form,
            fit[0].id != hint,
        )
    )
    row, match = fits[0]
    return row, {name: unquote(value) for name, value in match.groupdict().items()}


@cache
def _route(operation: Operation) -> re.Pattern[str]:
    spelled = PLACEHOLDER.sub(r"(?P<\1>[^/]+)", re.escape(operation.route.rstrip("/")))
    return re.compile(f"{spelled}/?$")


def _take_query(result: Imported, pairs: list[tuple[str, str]]) -> None:
    own = parse_qsl((result.operation.path or "").partition("?")[2])
    for name, value in pairs:
        if name.lower() in KEYS_IN_QUERY:
            _take_key(result, f"?{name}", value)
        elif (name, value) in own:
            continue
        elif name in result.query:
            before = result.query[name]
            result.query[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            result.query[name] = value


def _take_key(result: Imported, what: str, value: str) -> None:
    if key := key_in(value):
        result.key_mask = masked(key)
    result.leave_out(what, "key")


def _take_headers(result: Imported, found: Found) -> None:
    for name, value in found.headers:
        lower = name.lower()
        if result.operation.auth == "x-api-key" and (lower, value) == ANTHROPIC_VERSION:
            continue  # It goes out anyway.
        if lower == "cookie":
            result.leave_out(name, "cookie")
        elif lower == "authorization" and value.lower().startswith("basic "):
            result.leave_out(name, "sign_in")
        elif lower in KEYS:
            _take_key(result, name, value)
        elif lower in OWN or lower.startswith("proxy-"):
            result.leave_out(name, "connection")
        elif BROWSERS_OWN.fullmatch(lower):
            result.leave_out(name, "browser")
        elif lower == "content-type":
            _take_type(result, name, value)
        else:
            _take_header(result, name, value)


def _take_header(result: Imported, name: str, value: str) -> None:
    try:
        [(name, value)] = checked_headers({name: value})
    except BadCall:
        return result.leave_out(name, "unsendable")
    for before in [given for given in result.headers if given.lower() == name.lower()]:
        del result.headers[before]
        result.leave_out(name, "repeated")
    result.headers[name] = value
    return None


def _take_type(result: Imported, name: str, value: str) -> None:
    """The type of the body; the one that is sent anyway need not be said."""
    if result.operation.content_type == "multipart":
        if not value.lower().startswith("multipart/form-data"):
            result.leave_out(f"{name}: {value}", "form_type")
    elif value.lower() != "application/json" and not value.lower().startswith("multipart/"):
        _take_header(result, name, value)


def _take_body(result: Imported, found: Found) -> None:
    if found.form:
        result.body_text = json.dumps(_fields(result, found.form), ensure_ascii=False, indent=2)
    elif found.body:
        result.body_text = found.body
        if not _is_json(found.body):
            result.leave_out("body", "not_json")
    if result.operation.content_type == "none" and result.body_text is not None:
        result.body_text = None
        result.leave_out("body", "body")


def _fields(result: Imported, form: list[Part]) -> dict[str, Any]:
    """The fields of a form as a JSON body has them: `image[]` is a list, a file is its mark."""
    fields: dict[str, Any] = {}
    for part in form:
        value = f"@file:{part.file}" if part.file else part.text
        name = part.name.removesuffix("[]")
        if part.name.endswith("[]"):
            fields.setdefault(name, []).append(value)
            continue
        if name in fields:
            result.leave_out(name, "repeated")
        fields[name] = value
    return fields


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except BadCall:
        return False
    return True
