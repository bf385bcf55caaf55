"""The scripted upstream: a gateway that streams chunks at a chosen pace, each stamped with the moment it was sent.

`POST /v1/chat/completions` with the model `bench-<chunks a second>-<count>[-<name>]` answers as an OpenAI stream whose
every delta is the 24 characters of a stamp: CLOCK_MONOTONIC, which all processes of a machine share.
`GET /closings` tells when which named stream was closed by its reader; `POST /pace/<factor>` makes all streams faster or slower.

`python -m bench.upstream` prints its port. Plain asyncio and no web framework: it has to be much cheaper than what it measures.
"""

import asyncio
import gc
import json
import sys
import time

STAMP_LENGTH = 24

_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\nX-Request-Id: 0b1e6ef2-3c55-4f0e-9d5a-5f6e4b3c2a11\r\n\r\n"
)
_CHUNK = (
    '{"id":"chatcmpl-BenchBenchBenchBenchBench","object":"chat.completion.chunk","created":1763805600,"model":"%s",'
    '"service_tier":"default","system_fingerprint":"fp_560af6e559","choices":[{"index":0,"delta":%s,'
    '"logprobs":null,"finish_reason":%s}],"obfuscation":"5Tz2kQ9wE7cX"}'
)


def stamp(now: int) -> str:
    """The moment `now` as exactly 24 characters of text."""
    return f"{now:023d} "


def stamps_in(text: str) -> list[int]:
    """The moments in a text made of stamps."""
    return [int(text[at : at + STAMP_LENGTH]) for at in range(0, len(text), STAMP_LENGTH)]


class Pace:
    """What all streams share: how fast time goes, and who closed when."""

    factor = 1.0
    closings: dict[str, int] = {}
    cut = 0


class Connection(asyncio.Protocol):
    """One connection; its requests come one after another."""

    def __init__(self) -> None:
        self.received = b""
        self.stream: Stream | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, rest = self.received.partition(b"\r\n\r\n")
        length = _content_length(head)
        if not blank or len(rest) < length:
            return
        self.received = rest[length:]
        self._answer(head.split(b" ", 2), rest[:length])

    def connection_lost(self, error: Exception | None) -> None:
        if self.stream and not self.stream.ended:
            self.stream.cut_off()

    def _answer(self, request: list[bytes], body: bytes) -> None:
        match request[:2]:
            case [b"POST", b"/v1/chat/completions"]:
                self.stream = Stream(self.transport, json.loads(body)["model"])
                self.stream.begin()
            case [b"GET", b"/closings"]:
                self._tell(json.dumps(Pace.closings))
            case [b"POST", path] if path.startswith(b"/pace/"):
                Pace.factor = float(path[6:])
                self._tell("{}")
            case _:
                self._tell("{}")

    def _tell(self, text: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        self.transport.write((head + text).encode())


class Stream:
    """One answer: chunks in an even beat, the first at once."""

    def __init__(self, transport: asyncio.Transport, model: str) -> None:
        _bench, rate, count, *name = model.split("-", 3)
        self.transport, self.name = transport, name[0] if name else ""
        self.interval, self.left = 1 / float(rate), int(count)
        self.ended = False
        before, after = (_CHUNK % (model, '{"content":"%"}', "null")).split("%")
        self.before, self.after = _sse_head(before, after), f"{after}\n\n\r\n".encode()
        self.model = model
        self.loop = asyncio.get_running_loop()

    def begin(self) -> None:
        first = _CHUNK % (self.model, '{"role":"assistant","content":""}', "null")
        self.transport.write(_HEAD + _http_chunk(f"data: {first}\n\n"))
        self.due = self.loop.time()
        self._send()

    def cut_off(self) -> None:
        """The reader closed the connection before the end."""
        self.timer.cancel()
        self.ended = True
        if self.name:
            Pace.closings[self.name] = time.monotonic_ns()

    def _send(self) -> None:
        if self.left <= 0:
            return self._end()
        self.left -= 1
        self.due += self.interval / Pace.factor
        self.timer = self.loop.call_at(self.due, self._send)
        self.transport.write(self.before + stamp(time.monotonic_ns()).encode() + self.after)

    def _end(self) -> None:
        self.ended = True
        last = _CHUNK % (self.model, "{}", '"stop"')
        self.transport.write(_http_chunk(f"data: {last}\n\n") + _http_chunk("data: [DONE]\n\n") + b"0\r\n\r\n")


def _sse_head(before: str, after: str) -> bytes:
    size = len(f"data: {before}") + STAMP_LENGTH + len(f"{after}\n\n")
    return f"{size:x}\r\ndata: {before}".encode()


def _http_chunk(text: str) -> bytes:
    return f"{len(text):x}\r\n{text}\r\n".encode()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    # A collection in the middle of a burst would be measured as the site's delay.
    gc.disable()
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_serve())
    except KeyboardInterrupt:
        sys.exit(0)
