"""One request ready to send, made from what a person filled in, and how a key is spelled into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.calls.address import STREAM, filled_path, path_values, query_pairs
from playground.calls.attachments import MARK, Attachment, with_files
from playground.calls.bad_call import BadCall
from playground.calls.headers import checked_headers, header_value
from playground.calls.json_text import check_size, read_json, with_member, write_json
from playground.calls.multipart import form_body
from playground.catalogue import Operation, parameters

__all__ = ["Attachment", "BadCall", "Call", "call_from", "with_key"]

ANTHROPIC_VERSION = ("anthropic-version", "2023-06-01")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request ready to send, all but its key.

    `path` is filled and percent-encoded; `query` holds plain pairs, to be encoded by whoever joins them to the path.
    `headers` are those a person chose; `with_key` gives all that go out. `marked` is the text of a JSON body as it was
    before files took the places of their marks; empty where there were none.
    """

    operation: str
    dialect: str
    auth: str
    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    marked: bytes = b""
    content_type: str = ""
    streaming: bool = False
    model: str = ""


def call_from(
    operation: Operation,
    given: Mapping[str, Any],
    stream: bool | None = None,
    attachments: Mapping[str, Attachment] | None = None,
) -> Call:
    """The call that `given` describes: `path`, `query`, `headers`, and `body` or its exact text `body_text`.

    `stream` makes an operation that can do both stream, or not; others are sent as given. `attachments` are the
    uploaded files by the name that follows `@file:`, asked for only where a mark names one. A large body takes a while: call this off the event loop then.
    """
    if operation.kind != "operation" or operation.method is None:
        raise BadCall("not_a_call", "operation")
    values = path_values(operation, _mapping(given, "path"))
    path = filled_path(operation, values, stream)
    headers = checked_headers(_mapping(given, "headers"))
    body = _body(
        operation, given, stream, {} if attachments is None else attachments, chosen_type=_content_type(headers)
    )
    return Call(
        operation=operation.id,
        dialect=operation.dialect,
        auth=operation.auth,
        method=operation.method,
        path=path,
        query=query_pairs(operation, path, _mapping(given, "query")),
        headers=tuple(pair for pair in headers if pair[0].lower() != "content-type"),
        body=body.content,
        marked=body.marked,
        content_type=body.content_type,
        streaming=path.endswith(STREAM) or _streams(operation, body.value),
        model=_model(body.value) or values.get("model", ""),
    )


def with_key(call: Call, secret: str) -> list[tuple[str, str]]:
    """All headers of the call: those chosen, the content type, the dialect's own, and the key as the dialect wants it."""
    if call.auth == "none":
        return list(call.headers)
    try:
        key = header_value("key", secret)
    except BadCall:
        raise BadCall("key_value", "key") from None
    headers = list(call.headers)
    if call.content_type:
        headers.append(("Content-Type", call.content_type))
    if call.auth == "x-api-key":
        if not any(name.lower() == ANTHROPIC_VERSION[0] for name, _ in headers):
            headers.append(ANTHROPIC_VERSION)
        return [*headers, ("x-api-key", key)]
    if call.auth == "x-goog-api-key":
        return [*headers, ("x-goog-api-key", key)]
    return [*headers, ("Authorization", f"Bearer {key}")]


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes = b""
    content_type: str = ""
    value: Any = None
    marked: bytes = b""


def _body(
    operation: Operation,
    given: Mapping[str, Any],
    stream: bool | None,
    attachments: Mapping[str, Attachment],
    chosen_type: str,
) -> _Body:
    text, value = _typed(given)
    if operation.content_type == "none":
        if value not in (None, {}):
            raise BadCall("body_unwanted", "body")
        return _Body(content_type=chosen_type)
    if value is None and text is None:
        raise BadCall("body_missing", "body")
    text, value = _switched(operation, text or "", value, stream)
    if operation.content_type == "multipart":
        if chosen_type:
            raise BadCall("header_form", "headers.Content-Type", name="Content-Type")
        if not isinstance(value, dict):
            raise BadCall("not_an_object", "body")
        return _Body(*form_body(operation, value, attachments), value)
    content = with_files(text, value, attachments)
    marked = text.encode() if MARK in text else b""
    return _Body(content, chosen_type or "application/json", value, marked)


def _typed(given: Mapping[str, Any]) -> tuple[str | None, Any]:
    """The body's exact text and its value; the text that was typed wins over a value beside it."""
    text = given.get("body_text")
    if text is None:
        return _written(given.get("body"))
    if not isinstance(text, str):
        raise BadCall("wrong_shape", "body_text", wanted="text")
    return (text, read_json(text)) if text.strip() else (None, None)


def _written(value: Any) -> tuple[str | None, Any]:
    if value is None:
        return None, None
    text = write_json(value)
    check_size(text)
    return text, value


def _switched(operation: Operation, text: str, value: Any, stream: bool | None) -> tuple[str, Any]:
    """The body with the fields set that make it stream, or not; untouched where it says so already."""
    if stream is None or operation.streaming != "either" or operation.stream_by == "path":
        return text, value
    if not isinstance(value, dict):
        raise BadCall("not_an_object", "body")
    for name, on in operation.stream_by.items():
        wanted = on if stream else _off(operation, name, on)
        if (stream or name in value) and not _same(value.get(name), wanted):
            text, value = with_member(text, name, wanted), {**value, name: wanted}
    return text, value


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is not true."""
    return type(one) is type(other) and one == other


def _off(operation: Operation, name: str, on: Any) -> Any:
    if on is True:
        return False
    parameter = parameters(operation).find(name)
    return parameter.default if parameter else None


def _streams(operation: Operation, body: Any) -> bool:
    if operation.stream_by == "path" or not isinstance(body, dict):
        return False
    return all(body.get(name) in (on, str(on).lower()) for name, on in operation.stream_by.items())


def _model(body: Any) -> str:
    model = body.get("model") if isinstance(body, dict) else None
    return model if isinstance(model, str) else ""


def _content_type(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _mapping(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadCall("wrong_shape", name, wanted="object")
    return value
