"""The web server as the site runs it: uvicorn, set for sockets that stream for long."""

import asyncio
import gc
import struct
import sys
from collections.abc import Callable

import uvicorn
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

SOCKET_MESSAGE_BYTES = 40 * 2**20
PING_SECONDS = 20
GOODBYE_SECONDS = 2
GARBAGE = (2_000, 10, 50)
# A page is made in a thread, and a stream that has news waits this long for its turn: Python itself would say 0.005.
TURN_SECONDS = 0.0005
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Http(HttpToolsProtocol):
    """uvicorn's HTTP, but a request that does not come to its end is not waited for."""

    _patience: asyncio.TimerHandle | None = None
    _head_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the time."""
        super().connection_made(transport)
        self._heard = self._head_since = self.loop.time()
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._heard = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._head_since = self.loop.time() if self._head_since is None else self._head_since
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_since = None
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._patience = self.loop.call_later(settings.REQUEST_SECONDS / 4, self._look)

    def _stop_waiting(self) -> None:
        if self._patience:
            self._patience.cancel()

    def _look(self) -> None:
        """Send off who takes too long over the head, or says nothing in the middle of a body."""
        if self.transport.is_closing():
            return
        has_begun = self.cycle is not None and not self.cycle.response_complete
        since = self._head_since
        if since is None and has_begun and self.cycle.more_body and not self.flow.read_paused:
            since = self._heard
        if since is None or self.loop.time() - since < settings.REQUEST_SECONDS:
            self._wait()
            return
        if not (has_begun and self.cycle.response_started):
            self.transport.write(TOO_LATE)
        self.transport.close()


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's websocket with a second way out: what a stream says is written at once when nothing stands in its way."""

    def handle_connect(self, event: Request) -> None:
        """Offer that way to the application."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"]["write_text"] = self.write_text  # type: ignore[typeddict-item, assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """Take it back: a socket that holds on to itself, and to what it had yet to send, waits long for being collected."""
        super().connection_lost(exc)
        if scope := getattr(self, "scope", None):
            scope["extensions"].pop("write_text", None)

    def write_text(self, text: str) -> bool:
        """Write one message without waiting; False when the socket is not open, does not read or compresses."""
        if not (self.handshake_complete and self.writable.is_set() and self.conn.state is State.OPEN):
            return False
        if self.close_sent or self.disconnected or self.conn.extensions or self.transport.is_closing():
            return False
        payload = text.encode()
        self.transport.write(frame_head(len(payload)) + payload)
        return True


def frame_head(size: int) -> bytes:
    """The head of a whole text message from a server."""
    if size < 126:
        return struct.pack("!BB", 0x81, size)
    if size < 2**16:
        return struct.pack("!BBH", 0x81, 126, size)
    return struct.pack("!BBQ", 0x81, 127, size)


class Server(uvicorn.Server):
    """Serves the site; `announce` is called once it listens."""

    def __init__(self, announce: Callable[[], None] = lambda: None) -> None:
        super().__init__(configuration())
        self.announce = announce

    async def startup(self, *args: object, **kwargs: object) -> None:
        """Listen, then say so."""
        await super().startup(*args, **kwargs)  # type: ignore[arg-type]
        collect_garbage_quickly()
        sys.setswitchinterval(TURN_SECONDS)
        self.announce()

    async def shutdown(self, *args: object, **kwargs: object) -> None:
        """Let runs end while their watchers can still hear it; then close."""
        from playground.runs.keeper import keeper

        await keeper().drain(settings.RUN_DRAIN_SECONDS)
        await super().shutdown(*args, **kwargs)  # type: ignore[arg-type]


def collect_garbage_quickly() -> None:
    """What was made up to now stays: looking through it again and again would stop every stream for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def configuration() -> uvicorn.Config:
    """The settings of uvicorn that were measured or that a limit of the design asks for."""
    return uvicorn.Config(
        "playground.asgi:application",
        loop="uvloop",
        http=Http,
        ws=Socket,
        # Deflate would save 120 bytes a delta and cost 117 KiB of memory a run.
        ws_per_message_deflate=False,
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        lifespan="on",
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        proxy_headers=bool(settings.SITE_URL),
        server_header=False,
        access_log=False,
        log_config=None,
    )
