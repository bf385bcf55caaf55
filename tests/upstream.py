"""A scripted gateway for tests: a raw HTTP server in a thread, which does byte for byte what its script says."""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SSE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@dataclass
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Upstream:
    """Where it listens, what was asked, on how many connections, and whether the other side closed one of them."""

    url: str
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def upstream(script: Script) -> Iterator[Upstream]:
    """Serve `script` on a free port of this machine."""
    loop = asyncio.new_event_loop()
    door = socket.create_server(("127.0.0.1", 0))
    told = Upstream(f"http://127.0.0.1:{door.getsockname()[1]}")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.connections += 1
        try:
            request = await _read(reader)
            told.requests.append(request)
            script_task = asyncio.ensure_future(script(request, writer))
            gone = asyncio.ensure_future(reader.read(1))
            # Nobody asks for it when the script was first.
            gone.add_done_callback(lambda read: read.cancelled() or read.exception())
            await asyncio.wait({script_task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not script_task.done():
                told.left.set()
                script_task.cancel()
            else:
                script_task.result()
        except (ConnectionError, asyncio.IncompleteReadError):
            told.left.set()
        finally:
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, sock=door)
        try:
            await server.serve_forever()
        finally:
            server.close()

    work = loop.create_task(serve())
    thread = threading.Thread(target=lambda: _run(loop, work), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        loop.call_soon_threadsafe(work.cancel)
        thread.join(5)


def chat_event(text: str | None = None, **more: Any) -> bytes:
    """One chunk of a chat stream."""
    delta = {} if text is None else {"content": text}
    return (
        b"data: "
        + json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": None, **more}]}).encode()
        + b"\n\n"
    )


CHAT_END = chat_event(finish_reason="stop") + b"data: [DONE]\n\n"


def chat(*texts: str, pause: float = 0.0, end: bytes = CHAT_END) -> Script:
    """A script that streams these texts as a chat answer."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(SSE_HEAD)
        for text in texts:
            writer.write(chat_event(text))
            await writer.drain()
            await asyncio.sleep(pause)
        writer.write(end)
        await writer.drain()

    return script


def says(raw: bytes) -> Script:
    """A script that answers these very bytes and closes."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return script


def reset(writer: asyncio.StreamWriter) -> None:
    """Drop the connection with RST, as a crashed machine does."""
    plug = writer.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


def _run(loop: asyncio.AbstractEventLoop, work: "asyncio.Task[None]") -> None:
    asyncio.set_event_loop(loop)
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(work)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
