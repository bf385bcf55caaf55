"""A call written as HAR 1.2 or as a Postman collection 2.1, its key as a variable."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playground.samples import Request

POSTMAN = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
CREATOR = {"name": "Team Playground", "version": "1"}


def as_har(request: Request, started: str) -> str:
    """A HAR file with one entry; `started` is a time in ISO 8601."""
    entry = {
        "startedDateTime": started,
        "time": 0,
        "request": _har_request(request),
        "response": {
            "status": 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }
    return _written({"log": {"version": "1.2", "creator": CREATOR, "entries": [entry]}})


def as_postman(request: Request, title: str) -> str:
    """A collection with one item; the key is the collection's variable."""
    item = {"name": title, "request": _postman_request(request)}
    return _written(
        {
            "info": {"name": title, "schema": POSTMAN},
            "item": [item],
            "variable": [{"key": request.key_variable, "value": "", "type": "string"}],
        }
    )


def _har_request(request: Request) -> dict[str, Any]:
    name, before = request.key_header
    headers = [(name, f"{before}${request.key_variable}"), *request.headers]
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    entry: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers],
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": len(request.text.encode()) if not request.form else -1,
    }
    if request.form:
        entry["postData"] = {"mimeType": "multipart/form-data", "params": [_har_part(part) for part in request.form]}
    elif request.body is not None:
        entry["postData"] = {"mimeType": _type(request), "text": request.body}
    return entry


def _har_part(part: Any) -> dict[str, str]:
    if part.file:
        return {"name": part.name, "fileName": part.file, "contentType": part.mime}
    return {"name": part.name, "value": part.text}


def _postman_request(request: Request) -> dict[str, Any]:
    name, before = request.key_header
    headers = [(name, f"{before}{{{{{request.key_variable}}}}}"), *request.headers]
    entry: dict[str, Any] = {
        "method": request.method,
        "header": [{"key": name, "value": value} for name, value in headers],
        "url": _postman_url(request),
    }
    if request.form:
        entry["body"] = {"mode": "formdata", "formdata": [_postman_part(part) for part in request.form]}
    elif request.body is not None:
        entry["body"] = {"mode": "raw", "raw": request.body, "options": {"raw": {"language": "json"}}}
    return entry


def _postman_url(request: Request) -> dict[str, Any]:
    address = urlsplit(request.url)
    url: dict[str, Any] = {
        "raw": request.url,
        "protocol": address.scheme,
        "host": (address.hostname or "").split("."),
        "path": address.path.strip("/").split("/"),
    }
    if address.port:
        url["port"] = str(address.port)
    if address.query:
        query = parse_qsl(address.query, keep_blank_values=True)
        url["query"] = [{"key": name, "value": value} for name, value in query]
    return url


def _postman_part(part: Any) -> dict[str, str]:
    if part.file:
        return {"key": part.name, "type": "file", "src": part.file, "contentType": part.mime}
    return {"key": part.name, "type": "text", "value": part.text}


def _type(request: Request) -> str:
    return next((value for name, value in request.headers if name.lower() == "content-type"), "application/json")


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
