"""Load: many runs watched over sockets of their own and, beside them at the same upstream, some read directly."""

import asyncio
import gc
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.direct import DirectStream
from bench.figures import added_ms, quantile
from bench.machine import busy_seconds
from bench.site import Site, Use
from bench.sockets import RunsSocket
from bench.upstream import stamps_in

DIRECT_STREAMS = 16
START_SECONDS = 60


def stamps() -> array:
    """A place for moments and delays in nanoseconds."""
    return array("q")


@dataclass
class Arrivals:
    """Chunks as they arrived: when each was sent, and how long it took."""

    sent: array = field(default_factory=stamps)
    delays: array = field(default_factory=stamps)

    def between(self, begin: int, end: int) -> list[int]:
        """The delays of chunks sent in this time."""
        return [delay for sent, delay in zip(self.sent, self.delays, strict=True) if begin <= sent < end]


class Watched:
    """One run seen from its page: its chunks go to `arrivals`, its numbers are checked on the way."""

    def __init__(self, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        self.seq = self.deltas = self.delta_bytes = 0
        self.shown: list[tuple[int, int]] = []
        self.run = ""
        self.complaint = ""
        loop = asyncio.get_running_loop()
        self.first_text: asyncio.Future[int] = loop.create_future()
        self.end: asyncio.Future[dict[str, Any]] = loop.create_future()

    def hear(self, message: dict[str, Any], at: int, size: int) -> None:
        """Take one message of the socket."""
        match message["type"]:
            case "frames":
                self._take(message["frames"], at, size)
            case "end":
                self.end.set_result(message)
            case "error":
                self.complain(f"{message['code']}: {message['message']}")

    def complain(self, text: str) -> None:
        """Something is wrong with this run; those who wait for it hear so."""
        self.complaint = self.complaint or text
        for waited in (self.first_text, self.end):
            if not waited.done():
                waited.set_exception(RuntimeError(text))
                waited.exception()  # somebody may have stopped waiting

    def _take(self, frames: list[dict[str, Any]], at: int, size: int) -> None:
        moments: list[int] = []
        for frame in frames:
            self.seq += 1
            if frame["seq"] != self.seq:
                return self.complain(f"frame {frame['seq']} came where {self.seq} was due")
            if frame["kind"] == "text":
                moments += stamps_in(frame["text"])
            elif frame["kind"] == "problem":
                self.complain(f"{frame['code']}: {frame['message']}")
        if not moments:
            return
        for moment in moments:
            self.arrivals.sent.append(moment)
            self.arrivals.delays.append(at - moment)
        if len(moments) == 1 == len(frames):
            self.deltas += 1
            self.delta_bytes += size
        self.shown.append((self.seq, at))
        if not self.first_text.done():
            self.first_text.set_result(at)


@dataclass
class Window:
    """What was measured between two moments."""

    begin: int
    end: int
    used: Use
    others_busy: float
    site: list[int]
    direct: list[int]

    @property
    def seconds(self) -> float:
        return (self.end - self.begin) / 1e9

    @property
    def chunks_per_s(self) -> float:
        return len(self.site) / self.seconds

    def latency(self) -> dict[str, float]:
        """What the site adds to a chunk, in milliseconds."""
        return {
            "added_p50_ms": added_ms(self.site, self.direct, 0.5),
            "added_p99_ms": added_ms(self.site, self.direct, 0.99),
        }

    def site_ms(self, share: float) -> float:
        """A quantile of the delays through the site."""
        return quantile(self.site, share) / 1e6

    def direct_ms(self, share: float) -> float:
        """A quantile of the delays of the direct client."""
        return quantile(self.direct, share) / 1e6


class Streams:
    """Runs under way, each on a socket of its own, and the direct streams beside them."""

    def __init__(self, site: Site, rate: float, chunks: int) -> None:
        self.site, self.model = site, f"bench-{rate:g}-{chunks}"
        self.arrivals, self.direct = Arrivals(), Arrivals()
        self.watched: list[Watched] = []
        self.sockets: list[RunsSocket] = []
        self.direct_streams: list[DirectStream] = []

    async def begin(self, count: int, ramp: float, direct: int = DIRECT_STREAMS) -> None:
        """Start the runs one after another over `ramp` seconds, the direct streams among them."""
        visitor = self.site.visitor()
        pause = ramp / count
        every = max(1, count // direct) if direct else 0
        for number in range(count):
            watched = Watched(self.arrivals)
            socket = await visitor.socket(watched.hear)
            watched.run = socket.start(self.model)
            self.watched.append(watched)
            self.sockets.append(socket)
            if every and number % every == 0 and len(self.direct_streams) < direct:
                self.direct_streams.append(await self._open_direct())
            await asyncio.sleep(pause)
        async with asyncio.timeout(START_SECONDS):
            await asyncio.gather(*(watched.first_text for watched in self.watched))

    async def measure(self, seconds: float) -> Window:
        """Look for a while."""
        before, busy, begin = self.site.used(), busy_seconds(), time.monotonic_ns()
        await asyncio.sleep(seconds)
        end, used = time.monotonic_ns(), self.site.used() - before
        busy = busy_seconds() - busy
        # What was sent in this time may still be on its way.
        await asyncio.sleep(0.5)
        self.check()
        return Window(
            begin, end, used, busy - used.server, self.arrivals.between(begin, end), self.direct.between(begin, end)
        )

    def check(self) -> None:
        """Raise when a run went wrong: figures of broken runs are worth nothing."""
        for watched, socket in zip(self.watched, self.sockets, strict=True):
            if watched.complaint or socket.closed:
                raise RuntimeError(watched.complaint or f"a socket was {socket.closed}")

    async def stop(self) -> None:
        """Stop all runs and wait until each has told its end."""
        for watched, socket in zip(self.watched, self.sockets, strict=True):
            socket.say(type="stop", run=watched.run)
        for stream in self.direct_streams:
            stream.close()
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.gather(*(watched.end for watched in self.watched))
        finally:
            for socket in self.sockets:
                socket.close()

    async def _open_direct(self) -> DirectStream:
        return await DirectStream.open(self.site.upstream.port, self.model, self.direct.sent, self.direct.delays)


@asynccontextmanager
async def streaming(
    site: Site, count: int, rate: float = 30, ramp: float | None = None, settle: float = 2, direct: int = DIRECT_STREAMS
) -> AsyncIterator[Streams]:
    """`count` runs under way at `rate` chunks a second each, settled; stopped when the block ends."""
    streams = Streams(site, rate, chunks=1_000_000)
    gc.collect()
    # A collection in this process would be measured as the site's delay.
    gc.disable()
    try:
        await streams.begin(count, ramp if ramp is not None else count * 0.02, direct)
        await asyncio.sleep(settle)
        yield streams
        await streams.stop()
    finally:
        for socket in streams.sockets:
            socket.close()
        for stream in streams.direct_streams:
            stream.close()
        gc.enable()
        gc.collect()
