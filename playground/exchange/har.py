"""HAR 1.2 read: a whole file, one entry, or one request of it."""

from typing import Any

from playground.exchange.found import Found
from playground.samples.request import Part


def is_har(value: Any) -> bool:
    """Whether a JSON value looks like a HAR file or a part of one."""
    return isinstance(value, dict) and (isinstance(value.get("log"), dict) or _has_url(value) or _is_entry(value))


def read_har(value: Any) -> list[Found]:
    """The requests of a HAR file in its order."""
    if "log" in value:
        entries = value["log"].get("entries")
        return [_request(entry["request"]) for entry in _list(entries) if _is_entry(entry)]
    return [_request(value if _has_url(value) else value["request"])]


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and _has_url(value.get("request"))


def _has_url(value: Any) -> bool:
    # Postman's requests call their headers "header".
    return isinstance(value, dict) and isinstance(value.get("url"), str) and "header" not in value and "method" in value


def _request(value: dict[str, Any]) -> Found:
    found = Found(method=str(value["method"]).upper(), url=value["url"])
    # Names that begin with a colon belong to HTTP/2 itself.
    found.headers = [pair for pair in pairs(value.get("headers"), "name") if not pair[0].startswith(":")]
    if _list(value.get("cookies")):
        found.leave_out("Cookie", "cookie")
    data = value.get("postData")
    if isinstance(data, dict):
        _read_body(found, data)
    return found


def _read_body(found: Found, data: dict[str, Any]) -> None:
    for entry in _list(data.get("params")):
        if not isinstance(entry, dict):
            continue
        name, file = str(entry.get("name", "")), entry.get("fileName")
        if file:
            found.leave_out(f"{name}=@{file}", "file")
            found.form.append(Part(name, file=str(file), mime=str(entry.get("contentType", ""))))
        else:
            found.form.append(Part(name, str(entry.get("value", ""))))
    if not found.form and isinstance(data.get("text"), str):
        found.body = data["text"]


def pairs(entries: Any, name: str) -> list[tuple[str, str]]:
    """Names and values of a list of objects, those switched off left out."""
    return [
        (str(entry.get(name, "")), str(entry.get("value") or ""))
        for entry in _list(entries)
        if isinstance(entry, dict) and not entry.get("disabled")
    ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
