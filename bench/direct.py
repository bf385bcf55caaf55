"""The direct client: the scripted upstream read without the site between, by httptools. What the site adds is against this."""

import asyncio
import time

import httptools
import orjson

from bench.arrivals import Arrivals
from bench.upstream import stamps_in


class DirectStream(asyncio.Protocol):
    """One stream read straight from the upstream; its chunks go to `arrivals`."""

    def __init__(self, model: str, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        self._model = model
        self._parser = httptools.HttpResponseParser(self)
        self._text = b""
        self._now = 0
        self.first_text: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, port: int, model: str, arrivals: Arrivals) -> "DirectStream":
        """Connect and ask."""
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: cls(model, arrivals), "127.0.0.1", port)
        return stream

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        body = orjson.dumps(
            {"model": self._model, "stream": True, "messages": [{"role": "user", "content": "Tell me the time."}]}
        )
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: upstream\r\nContent-Length: {len(body)}\r\n\r\n"
        transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self._now = time.monotonic_ns()
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.first_text.cancel()
        self.ended.cancel()

    def on_body(self, body: bytes) -> None:
        self._text += body
        *events, self._text = self._text.split(b"\n\n")
        for event in events:
            self._read(event)

    def close(self) -> None:
        self.transport.close()

    def _read(self, event: bytes) -> None:
        if event == b"data: [DONE]":
            return self.ended.set_result(None)
        for moment in stamps_in(orjson.loads(event[6:])["choices"][0]["delta"].get("content", "")):
            self.arrivals.add(moment, self._now)
            if not self.first_text.done():
                self.first_text.set_result(self._now)
