"""Postman's collections, format 2.1, read: a whole collection, a folder or one item."""

from collections.abc import Iterator
from typing import Any

from playground.exchange.found import Found
from playground.exchange.har import pairs
from playground.samples.request import Part


def is_postman(value: Any) -> bool:
    """Whether a JSON value looks like a collection or a part of one."""
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("item"), list) or isinstance(value.get("request"), dict) or "header" in value


def read_postman(value: Any) -> list[Found]:
    """The requests of a collection in its order, folders opened."""
    return [_request(request) for request in _requests(value)]


def _requests(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    if isinstance(value.get("item"), list):
        for item in value["item"]:
            yield from _requests(item)
    elif isinstance(value.get("request"), dict):
        yield from _requests(value["request"])
    elif "url" in value:
        yield value


def _request(value: dict[str, Any]) -> Found:
    found = Found(method=str(value.get("method", "GET")).upper(), url=_url(value["url"]))
    found.headers = pairs(value.get("header"), "key")
    _read_sign_in(found, value.get("auth"))
    if isinstance(value.get("body"), dict) and not value["body"].get("disabled"):
        _read_body(found, value["body"])
    return found


def _url(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value.get("raw", "")) if isinstance(value, dict) else ""


def _read_sign_in(found: Found, value: Any) -> None:
    if not isinstance(value, dict) or value.get("type") in (None, "noauth"):
        return
    given = dict(pairs(value.get(value["type"]), "key"))
    if value["type"] == "bearer":
        found.headers.append(("Authorization", f"Bearer {given.get('token', '')}"))
    elif value["type"] == "apikey" and given.get("in") != "query":
        found.headers.append((given.get("key", ""), given.get("value", "")))
    else:
        found.leave_out(str(value["type"]), "sign_in")


def _read_body(found: Found, body: dict[str, Any]) -> None:
    mode = body.get("mode")
    if mode == "raw":
        found.body = str(body.get("raw", ""))
    elif mode == "formdata":
        _read_form(found, body.get("formdata"))
    elif mode == "urlencoded":
        found.body = "&".join(f"{name}={value}" for name, value in pairs(body.get("urlencoded"), "key"))
    elif mode:
        found.leave_out(f"body ({mode})", "file")


def _read_form(found: Found, entries: Any) -> None:
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("disabled"):
            continue
        name = str(entry.get("key", ""))
        if entry.get("type") != "file":
            found.form.append(Part(name, str(entry.get("value", ""))))
            continue
        sources = entry.get("src")
        for source in sources if isinstance(sources, list) else [sources or "file"]:
            file = str(source).replace("\\", "/").rpartition("/")[2]
            found.leave_out(f"{name}=@{file}", "file")
            found.form.append(Part(name, file=file, mime=str(entry.get("contentType", ""))))
