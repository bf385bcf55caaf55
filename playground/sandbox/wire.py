"""One exchange over ASGI: what was asked, and a wire to answer on that notices when nobody listens any more."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from . import transport

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

GUARDS: tuple[Header, ...] = (
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
BODY_LIMIT = 64 << 20


class Gone(Exception):
    """The client closed the connection: there is nobody to go on for."""


class TooLarge(Exception):
    """The request's body is longer than the sandbox reads."""


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_LIMIT:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


class Wire:
    """Writes an answer; every wait ends with `Gone` as soon as the client has left."""

    def __init__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send):
        self._scope, self._receive, self._send = scope, receive, send
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._nap: asyncio.Future[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self.gone = False
        self.started = False

    def watch(self) -> None:
        """From now on notice the client's leaving. The request's body must have been read."""
        self._watch = self._loop.create_task(self._notice())

    async def close(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _notice(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._wake(self._nap)

    @staticmethod
    def _wake(nap: "asyncio.Future[None] | None") -> None:
        if nap is not None and not nap.done():
            nap.set_result(None)

    async def start(self, status: int, headers: Iterable[Header]) -> None:
        """Send status and headers, the guards among them."""
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *GUARDS]})

    async def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        if self.gone:
            raise Gone
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, data: bytes = b"") -> None:
        """Send the last piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": False})

    async def pause(self, seconds: float) -> None:
        """Wait, but not for a client that has left."""
        if self.gone:
            raise Gone
        nap = self._nap = self._loop.create_future()
        alarm = self._loop.call_later(seconds, self._wake, nap)
        try:
            await nap
        finally:
            alarm.cancel()
            self._nap = None
        if self.gone:
            raise Gone

    async def yield_to_others(self) -> None:
        """Let other streams of this process have their turn."""
        await asyncio.sleep(0)

    async def reset(self, torn: bytes = b"") -> None:
        """Drop the connection in the middle of a chunk that holds `torn` and was announced longer."""
        connection = transport.find(self._scope, self._send, self._receive)
        if torn:
            connection.write(b"%x\r\n%b" % (len(torn) * 2, torn))
            await asyncio.sleep(0.05)
        transport.reset(connection)
        await self._left()

    async def hang_up(self) -> None:
        """Close the connection in order, but without the end HTTP asks for."""
        transport.find(self._scope, self._send, self._receive).close()
        await self._left()

    async def _left(self) -> None:
        """Until the server itself has noticed that its connection is closed."""
        for _ in range(200):
            if self.gone:
                break
            await asyncio.sleep(0.005)
        raise Gone
