"""Scripts, styles, fonts and pictures: addresses that carry a version, and the small app that serves them beside Django."""

import json
import mimetypes
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousOperation

PREFIX = "/static/"
FOR_EVER = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"public, no-cache"
ENCODINGS = {"br": ".br", "gzip": ".gz"}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` adds the version of what the build made, so that browsers may keep it."""

    def url(self, name: str | None) -> str:
        """The address of `name`, with its version where the build has told one."""
        return self._address(name, _built(int(time.monotonic())))

    @lru_cache(maxsize=512)  # noqa: B019  there is one storage
    def _address(self, name: str | None, changed: int) -> str:
        address = super().url(name)
        version = _versions(changed).get(name or "")
        return f"{address}?{version}" if version else address


@dataclass(frozen=True)
class _File:
    """One file as it is sent."""

    content: bytes
    type: bytes
    encoding: bytes
    tag: bytes


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below /static/ from the static folders."""
    if scope["method"] not in ("GET", "HEAD"):
        return await _answer(send, 405, [(b"allow", b"GET, HEAD")])
    asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
    file = _find(scope["path"].removeprefix(PREFIX), asked.get(b"accept-encoding", ""))
    if file is None:
        return await _answer(send, 404, [(b"content-type", b"text/plain")])
    headers = [(b"etag", file.tag), (b"cache-control", _caching(scope)), (b"vary", b"accept-encoding")]
    if asked.get(b"if-none-match", "").encode("latin-1") == file.tag:
        return await _answer(send, 304, headers)
    headers += [(b"content-type", file.type), (b"x-content-type-options", b"nosniff")]
    headers += [(b"content-encoding", file.encoding)] if file.encoding else []
    headers += [(b"content-length", b"%d" % len(file.content))]
    return await _answer(send, 200, headers, file.content if scope["method"] == "GET" else b"")


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _caching(scope: Scope) -> bytes:
    """An address with a version, or that of a chunk, whose name is one, never shows anything else."""
    return FOR_EVER if scope.get("query_string") or "/dist/chunks/" in scope["path"] else ASK_AGAIN


def _find(name: str, accepted: str) -> _File | None:
    path = _path(name)
    if path is None:
        return None
    spoken = {word.split(";")[0].strip() for word in accepted.split(",")}
    for encoding, suffix in ENCODINGS.items():
        smaller = path.with_name(path.name + suffix)
        if encoding in spoken and smaller.is_file():
            return _read(smaller, _changed(smaller), path.name, encoding)
    return _read(path, _changed(path), path.name, "")


def _path(name: str) -> Path | None:
    """The file of that name in our static folder or in an app's, as allauth's; never one outside of them."""
    try:
        found = finders.find(name)
    except (SuspiciousOperation, ValueError):
        return None
    return Path(found) if found and Path(found).is_file() else None


@lru_cache(maxsize=512)
def _read(path: Path, changed: int, name: str, encoding: str) -> _File:
    """What `path` holds, kept in memory until it changes."""
    content = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "application/json":
        kind += "; charset=utf-8"
    tag = f'"{sha256(content).hexdigest()[:16]}"'
    return _File(content, kind.encode(), encoding.encode(), tag.encode())


@lru_cache(maxsize=1)
def _versions(changed: int) -> dict[str, str]:
    return json.loads(_versions_file().read_text()) if changed else {}


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _built(second: int) -> int:
    """When the build last told its versions: a page asks for seventy addresses, the disk is asked once a second."""
    return _changed(_versions_file())


def _versions_file() -> Path:
    return _versions_in(settings.STATICFILES_DIRS[0])


@lru_cache(maxsize=1)
def _versions_in(folder: Path) -> Path:
    return Path(folder) / "dist" / "versions.json"
