"""A watch's way into its socket, and when the socket is left."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from playground.runs import watch


class Outlet:
    """A watch's way into its socket. A timer around every message would cost more than sending it: one looks now and then."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]], write: watch.Write = watch.never) -> None:
        self._send, self.write = send, write
        self._since: float | None = None

    async def send(self, text: str) -> None:
        self._since = time.monotonic()
        await self._send({"type": "websocket.send", "text": text})
        self._since = None

    async def reason_to_leave(self, taken_away: asyncio.Event) -> int:
        """Wait until the right to watch was taken away or the socket does not read for a minute; the code to close with."""
        while self._since is None or time.monotonic() - self._since < settings.SOCKET_SEND_SECONDS:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(settings.SOCKET_SEND_SECONDS / 4):
                    await taken_away.wait()
                    return 4403
        return 1013
