"""Asking a gateway how a task stands, and fetching what came of it."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from playground import catalogue, gateway
from playground.addresses import BadAddress, parted
from playground.calls import Call, call_from
from playground.dialects import open_decoder
from playground.dialects.media import mime_of_bytes
from playground.frames import Frame
from playground.gateway import Answer, Door, Limits, Route, own_address
from playground.models import Incoming, Run, Task, Variable

STATUS = {Task.Kind.SORA: ("video-status", "video_id"), Task.Kind.MIDJOURNEY: ("mj-fetch", "id")}
CONTENT = "video-content"
WINDOW_OPEN = "MODAL"
MOST_RESULTS = 8
WRITE_AT_ONCE = 1 << 20
DEFAULT_MIME = "application/octet-stream"


class Refused(Exception):
    """The gateway answered, but not with what was asked for. `retry_after` in seconds where it said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Said:
    """What a gateway said of a task. `links` lead to what came of it."""

    state: str
    raw_state: str
    progress: str = ""
    buttons: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    error: str = ""
    links: list[str] = field(default_factory=list)


def route_of(task: Task | Run) -> Route | None:
    """Where the gateway of a task or a run is, with its key; None while the key may not be used."""
    key = task.key
    if key is None or not key.is_live:
        return None
    base_url = f"{own_address()}/sandbox" if key.gateway.is_sandbox else key.gateway.base_url
    hidden = Variable.objects.secrets_of(task.team_id)
    return Route(base_url, key.secret.reveal(), key.gateway.trusted or key.gateway.is_sandbox, hidden)


async def state_of(task: Task, route: Route, limits: Limits, door: Door) -> Said:
    """Ask once. Raises GatewayError or Refused."""
    operation, name = STATUS[Task.Kind(task.kind)]
    call = _call(operation, **{name: task.upstream_id})
    async with gateway.send(call, route, limits, door) as answer:
        decoder = open_decoder(
            call.dialect, answer.status, answer.content_type, call.path, answer.headers, now=datetime.now(UTC)
        )
        frames: list[Frame] = []
        async for data in answer.reads():
            frames += decoder.decode(data)
        frames += decoder.flush()
    return _said(_masked(frames, route))


def _call(operation: str, **values: str) -> Call:
    found = catalogue.find(operation)
    assert found, f"the catalogue has lost {operation}"
    return call_from(found, {"path": values})


def _masked(frames: list[Frame], route: Route) -> list[Frame]:
    """The frames as they may be kept: without the key, without secret values, and without what Postgres refuses."""
    text = json.dumps(frames).replace("\\u0000", "")
    clean = text.encode("utf-8", "replace").decode()
    clean = clean.replace(json.dumps(route.secret)[1:-1], "sk-…") if route.secret else clean
    for hidden in route.hidden:
        clean = clean.replace(json.dumps(hidden)[1:-1], "•••")
    return json.loads(clean)


def _said(frames: list[Frame]) -> Said:
    told = next((frame for frame in frames if frame["kind"] == "task"), None)
    if told is None:
        problem = next((frame for frame in frames if frame["kind"] == "problem"), None)
        wait = problem and problem.get("retry_after_ms")
        raise Refused(_words(problem["message"] if problem else "no task in the answer"), wait / 1000 if wait else None)
    raw = _words(told.get("raw_state") or "")[:40]
    links = [frame["url"] for frame in frames if frame["kind"] == "media" and frame.get("url")]
    progress = told.get("progress")
    return Said(
        state=Task.State.WAITING if raw.upper() == WINDOW_OPEN else told["state"],
        raw_state=raw,
        progress="" if progress is None else _words(str(progress))[:20],
        buttons=told.get("buttons") or [],
        text=_words("".join(frame["text"] for frame in frames if frame["kind"] == "text")),
        error=_words(told.get("error") or ""),
        links=list(dict.fromkeys(links))[:MOST_RESULTS],
    )


def _words(text: str) -> str:
    """Text as a column takes it: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Result:
    """Something to be fetched: by a call to the gateway, or from an address it gave."""

    source: str
    call: Call
    route: Route
    name: str


def results_of(task: Task, links: list[str], route: Route) -> list[Result]:
    """What there is to fetch of a finished task."""
    if task.kind == Task.Kind.SORA:
        return [Result(digest(CONTENT), _call(CONTENT, video_id=task.upstream_id), route, "video.mp4")]
    return [linked(link, route) for link in links if not link.startswith("data:")]


def linked(link: str, route: Route) -> Result:
    """An address a gateway named gets no key; it is trusted only where it is the gateway itself."""
    try:
        origin, path = parted(link)
    except BadAddress:
        raise Refused("the gateway named a result by what is no address") from None
    own = urlsplit(route.base_url)
    trusted = route.trusted and origin == f"{own.scheme}://{own.netloc}"
    call = Call(operation="", dialect="", auth="none", method="GET", path=path)
    name = unquote(path.partition("?")[0].rpartition("/")[2])
    return Result(digest(link), call, Route(origin, "", trusted), name)


def digest(source: str) -> str:
    """What stands for an address among what is kept: addresses may hold secrets."""
    return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()


@dataclass(slots=True)
class Fetched:
    """A file that has come whole."""

    incoming: Incoming
    mime: str


@asynccontextmanager
async def fetched(result: Result, limits: Limits, door: Door) -> AsyncIterator[Fetched]:
    """Fetch a result; its bytes are forgotten after the block unless they were kept. Raises GatewayError, Refused, OSError."""
    incoming = await asyncio.to_thread(Incoming)
    try:
        async with gateway.send(replace(result.call, streaming=True), result.route, limits, door) as answer:
            _check(answer)
            await _write(answer, incoming)
        yield Fetched(incoming, _mime(answer, incoming))
    finally:
        await asyncio.to_thread(incoming.drop)


def _check(answer: Answer) -> None:
    if answer.status in (301, 302, 303, 307, 308):
        raise Refused("the address of the result leads elsewhere, which is not followed")
    if answer.status != 200:
        raise Refused(f"the result was answered with status {answer.status}")


async def _write(answer: Answer, incoming: Incoming) -> None:
    """Write in large pieces, off the event loop."""
    pieces: list[bytes] = []
    size = 0
    async for data in answer.reads():
        pieces.append(data)
        size += len(data)
        if size >= WRITE_AT_ONCE:
            await asyncio.to_thread(incoming.write, b"".join(pieces))
            pieces, size = [], 0
    await asyncio.to_thread(incoming.write, b"".join(pieces))
    if not incoming.size:
        raise Refused("the result is empty")


def _mime(answer: Answer, incoming: Incoming) -> str:
    """What the bytes are by how they begin, else what the answer says of them."""
    said = answer.content_type.partition(";")[0].strip().lower()
    return mime_of_bytes(incoming.start, said[:100] or DEFAULT_MIME)
