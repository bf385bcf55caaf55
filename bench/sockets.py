"""A lean websocket client of `/ws/runs/`: the page's messages at a cost that does not hide what is measured."""

import asyncio
import base64
import os
import struct
import time
import uuid
from collections.abc import Callable
from typing import Any

import orjson

OPERATION = "chat-stream"
OPEN_SECONDS = 30

Hear = Callable[[dict[str, Any], int, int], None]
"""Called with a message, its arrival (CLOCK_MONOTONIC, ns) and its size in bytes."""


class SocketClosed(Exception):
    """The server closed a socket, or refused to open it."""


class RunsSocket(asyncio.Protocol):
    """One open socket. `hear` is called for every message; what is said needs no answer to be awaited."""

    def __init__(self, hear: Hear, request: bytes) -> None:
        self.hear, self._request = hear, request
        self._received = b""
        self._is_open = False
        self._head: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: str | None = None

    @classmethod
    async def open(cls, port: int, cookie: str, hear: Hear = lambda message, at, size: None) -> "RunsSocket":
        """Connect as the page does: session cookie, own origin."""
        host = f"127.0.0.1:{port}"
        request = (
            f"GET /ws/runs/ HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://{host}\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        async with asyncio.timeout(OPEN_SECONDS):
            _, socket = await asyncio.get_running_loop().create_connection(
                lambda: cls(hear, request), "127.0.0.1", port
            )
            await socket._head
        return socket

    def say(self, **message: Any) -> None:
        """Send one message."""
        self._send(0x81, orjson.dumps(message))

    def start(self, model: str) -> str:
        """Start a run of the scripted upstream; its UUID."""
        run = str(uuid.uuid4())
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Tell me the time."}]}
        call = {"path": {}, "query": {}, "headers": {}, "body": body}
        self.say(type="start", run=run, operation=OPERATION, key=None, call=call)
        return run

    def stop_reading(self) -> None:
        """Play a page that hangs: what the server sends stays in the network."""
        self.transport.pause_reading()

    def read_again(self) -> None:
        """The page has come back."""
        self.transport.resume_reading()

    def close(self) -> None:
        self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or "connection lost"
        if not self._head.done():
            self._head.set_exception(SocketClosed(f"not opened: {self._received[:100]!r}"))

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self._received += data
        if not self._is_open and not self._read_head():
            return
        while self._read_frame(now):
            pass

    def _read_head(self) -> bool:
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            if not self._head.done():
                self._head.set_exception(SocketClosed(head.split(b"\r\n", 1)[0].decode()))
            self.transport.close()
            return False
        self._received, self._is_open = rest, True
        self._head.set_result(None)
        return True

    def _read_frame(self, now: int) -> bool:
        received = self._received
        if len(received) < 2:
            return False
        length, at = received[1], 2
        if length == 126:
            length, at = int.from_bytes(received[2:4], "big"), 4
        elif length == 127:
            length, at = int.from_bytes(received[2:10], "big"), 10
        if len(received) < at + length:
            return False
        self._received = received[at + length :]
        self._take(received[0], received[at : at + length], now)
        return True

    def _take(self, first: int, payload: bytes, now: int) -> None:
        match first:
            case 0x81:
                self.hear(orjson.loads(payload), now, len(payload))
            case 0x89:
                self._send(0x8A, payload)
            case 0x88:
                self.closed = f"closed with {int.from_bytes(payload[:2], 'big')}"
                self.transport.close()
            case _:
                raise SocketClosed(f"a frame this client does not read: {first:#x}")

    def _send(self, first: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", first, 0x80 | size)
        elif size < 2**16:
            head = struct.pack("!BBH", first, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, size)
        # A mask of zeros is a mask too, and costs nothing to apply.
        self.transport.write(head + bytes(4) + payload)
