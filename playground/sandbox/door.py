"""The ASGI door: finds the operation, looks at the key, lets faults happen, plays the answer."""

import asyncio
import logging
from collections.abc import MutableMapping
from contextlib import nullcontext, suppress
from typing import Any

from . import faults, performance, quotas, refusals, routes, transport
from .answers import Answer
from .keys import ONLY_MODEL
from .refusals import Refused
from .request import Request
from .routes import Route
from .wire import Gone, Receive, Send, TooLarge, Wire, read_body

_log = logging.getLogger(__name__)
_MOUNT = "/sandbox"
_LARGE = 1 << 18


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer one HTTP request; lifespan is nodded through, websockets are turned away."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
    else:
        await _exchange(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _exchange(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    wire = Wire(scope, receive, send)
    try:
        request = _asked(scope, await read_body(receive))
        wire.watch()
        if len(request.body) > _LARGE:
            await asyncio.to_thread(_look_at, request)
        await _answer(request, wire)
    except TooLarge:
        await _refuse(wire, "openai", Refused(413, "The request is too large.", code="read_request_body_failed"))
    except Gone:
        _log.debug("the client left")
    finally:
        await wire.close()


def _asked(scope: MutableMapping[str, Any], body: bytes) -> Request:
    whole = scope["path"]
    remaining = scope.get("path_remaining")
    path = "/" + (whole.removeprefix(_MOUNT) if remaining is None else remaining).lstrip("/")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    mount = whole[: len(whole) - len(path)] if whole.endswith(path) else ""
    return Request(
        method=scope["method"],
        path=path,
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        origin=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{mount}",
    )


def _look_at(request: Request) -> None:
    """What takes a while with a large body, done before the handler asks for it."""
    _ = request.seed
    with suppress(Refused):
        _ = request.given


async def _answer(request: Request, wire: Wire) -> None:
    found = routes.find(request.method, request.path)
    shape = found[0].shape if found else routes.shape_of(request.path)
    try:
        if found is None:
            raise Refused(404, f"Invalid URL ({request.method} {request.path})", code="not_found")
        route, request.values = found
        name = request.fault
        if name == "refuse":
            await wire.hang_up()
        await _let_in(request, route)
        with faults.one_more(name) if name else nullcontext():
            await _play(request, route, name, wire)
    except Refused as refused:
        await _refuse(wire, shape, refused, request.seed.id("req_"))
    except transport.Unreachable:
        # Without its transport the server breaks the connection by itself when the answer stays unfinished.
        _log.warning("the server's transport is out of reach for a fault")
        raise
    except Gone:
        raise
    except Exception:
        _log.exception("the sandbox failed on %s %s", request.method, request.path)
        if wire.started:
            raise
        await _refuse(wire, shape, Refused(500, "The sandbox itself failed on this request."))


async def _play(request: Request, route: Route, fault: str | None, wire: Wire) -> None:
    answer = faults.instead(request, fault, route.shape) if fault else None
    if answer is None:
        answer = await route.handler(request)
    if request.key is not None:
        quotas.charge(request.key, answer.units)
    script = performance.written(answer, request.pace)
    if fault:
        script = faults.spoiled(script, answer, request, fault, route.shape)
    await performance.perform(_signed(script, request), request.pace, wire)


def _signed(script: performance.Script, request: Request) -> performance.Script:
    number = request.seed.hex("request").encode()
    return script.with_header(b"x-oneapi-request-id", number).with_header(b"request-id", b"req_" + number)


async def _let_in(request: Request, route: Route) -> None:
    """Refuse keys that cannot pay for this request."""
    if route.open:
        return
    key = request.key
    if key is None:
        raise Refused(401, "A key that starts with sk- is needed; none was sent.", code="invalid_api_key")
    if key.ending == "expired":
        raise Refused(401, "This key has expired.", code="invalid_api_key")
    if request.method == "POST":
        await quotas.allow(key)
    if not key.may_use(request.model.base):
        raise Refused(403, f"This key may only use {ONLY_MODEL}, not {request.model.base}.", code="access_denied")


async def _refuse(wire: Wire, shape: str, refused: Refused, request_id: str = "") -> None:
    answer: Answer = refusals.spelled(shape, refused, request_id)
    await performance.perform(performance.written(answer, performance.AT_ONCE), performance.AT_ONCE, wire)
