"""A TCP proxy that does to a connection what networks do, for tests: slow it, cut it, take it away and give it back.

    with toxic(("127.0.0.1", 5432)) as way:
        way.latency = 0.2      # every byte from there comes 200 ms later
        way.reset()            # RST to all who are connected
        way.down(); way.up()   # nobody gets through; again they do

It leads to a TCP place or a unix socket. Everything may be changed while connections are open, from any thread.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, int] | Path
READ_BYTES = 64 * 2**10
LOOK_SECONDS = 0.02


@dataclass
class Toxics:
    """Where the proxy stands and what it does, to bytes that come back from there. A connection has its own count of them."""

    place: Place
    port: int = 0
    latency: float = 0.0
    bytes_per_second: float = 0.0
    slice_bytes: int = 0
    slice_pause: float = 0.0
    limit: int | None = None
    slow_close: float = 0.0
    is_silent: bool = False
    is_down: bool = False
    connected: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop, repr=False)
    _pairs: set["_Pair"] = field(default_factory=set, repr=False)

    @property
    def url(self) -> str:
        """The proxy as a place for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """How many connections go through at the moment."""
        return len(self._pairs)

    def lead_to(self, place: Place) -> None:
        """Lead those who come from now on to another place; who is connected stays where he is."""
        self.place = place

    def down(self) -> None:
        """Take the way away: who is connected is cut off, who comes is sent off."""
        self.is_down = True
        self.reset()

    def up(self) -> None:
        self.is_down = False

    def reset(self) -> None:
        """Drop all connections with RST, as a machine that lost its memory does."""
        self._do(_Pair.reset)

    def close(self) -> None:
        """End all connections with FIN, as an orderly restart does."""
        self._do(_Pair.close)

    def _do(self, deed: Callable[["_Pair"], None]) -> None:
        done = threading.Event()

        def do() -> None:
            for pair in set(self._pairs):
                deed(pair)
            done.set()

        self._loop.call_soon_threadsafe(do)
        assert done.wait(10), "the proxy does not answer"


@contextmanager
def toxic(place: Place) -> Iterator[Toxics]:
    """A proxy in front of `place`, on a port of its own."""
    door = socket.create_server(("127.0.0.1", 0), backlog=1024)
    way = Toxics(place, door.getsockname()[1])
    serving = way._loop.create_task(_serve(way, door))
    thread = threading.Thread(target=_run, args=(way._loop, serving), daemon=True)
    thread.start()
    try:
        yield way
    finally:
        way._loop.call_soon_threadsafe(serving.cancel)
        thread.join(10)


class _Pair:
    """One connection: the one who came and the one that was opened for him."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near, self.far = near, far

    def reset(self) -> None:
        for side in (self.near, self.far):
            plug = side.get_extra_info("socket")
            if plug and plug.family != socket.AF_UNIX:
                with suppress(OSError):
                    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            side.transport.abort()

    def close(self) -> None:
        for side in (self.near, self.far):
            side.close()


async def _serve(way: Toxics, door: socket.socket) -> None:
    async def come(reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await _carry(way, reader, near)
        near.close()

    server = await asyncio.start_server(come, sock=door)
    try:
        await server.serve_forever()
    finally:
        for pair in set(way._pairs):
            pair.reset()
        server.close()


async def _carry(way: Toxics, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
    if way.is_down:
        near.transport.abort()
        return
    if isinstance(way.place, Path):
        there, far = await asyncio.open_unix_connection(str(way.place))
    else:
        there, far = await asyncio.open_connection(*way.place)
    pair = _Pair(near, far)
    way._pairs.add(pair)
    way.connected += 1
    forth = asyncio.ensure_future(_forth(reader, far))
    back = asyncio.ensure_future(_back(way, there, near))
    try:
        await asyncio.wait({forth, back}, return_when=asyncio.FIRST_COMPLETED)
        # Who has said all may still be answered; whose answer has ended is done.
        if not back.done():
            await back
    finally:
        forth.cancel()
        back.cancel()
        way._pairs.discard(pair)
        far.close()


async def _forth(reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(READ_BYTES):
            far.write(data)
            await far.drain()
        if far.can_write_eof():
            far.write_eof()
    except OSError:
        far.transport.abort()


async def _back(way: Toxics, there: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
    """What comes back, late by `latency` without becoming slower by it: reading and writing are two tasks."""
    late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1000)
    reading = asyncio.ensure_future(_read(way, there, late))
    now, carried = asyncio.get_running_loop().time, 0
    try:
        while True:
            due, data = await late.get()
            await asyncio.sleep(max(0.0, due - now()))
            if not data:
                await asyncio.sleep(way.slow_close)
                return
            for piece in _pieces(data, way.slice_bytes):
                while way.is_silent:
                    await asyncio.sleep(LOOK_SECONDS)
                if way.limit is not None and carried + len(piece) > way.limit:
                    near.write(piece[: way.limit - carried])
                    return
                carried += len(piece)
                near.write(piece)
                await near.drain()
                await asyncio.sleep(_pause(way, len(piece)))
    finally:
        reading.cancel()


async def _read(way: Toxics, there: asyncio.StreamReader, late: "asyncio.Queue[tuple[float, bytes]]") -> None:
    now = asyncio.get_running_loop().time
    data = b"first"
    while data:
        try:
            data = await there.read(READ_BYTES)
        except OSError:
            data = b""
        await late.put((now() + way.latency, data))


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    size = size or len(data)
    return (data[at : at + size] for at in range(0, len(data), size))


def _pause(way: Toxics, sent: int) -> float:
    by_rate = sent / way.bytes_per_second if way.bytes_per_second else 0.0
    return by_rate + (way.slice_pause if way.slice_bytes else 0.0)


def _run(loop: asyncio.AbstractEventLoop, serving: "asyncio.Task[None]") -> None:
    asyncio.set_event_loop(loop)
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(serving)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
