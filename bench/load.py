"""Load: many runs watched over sockets of their own and, beside them at the same upstream, some read directly."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.arrivals import Arrivals
from bench.direct import DirectStream
from bench.figures import added_ms, quantile
from bench.measured import Measured
from bench.site import Site
from bench.sockets import RunsSocket
from bench.upstream import stamps_in

DIRECT_STREAMS = 16
START_SECONDS = 60


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
            self.arrivals.add(moment, at)
        if len(moments) == 1 == len(frames):
            self.deltas += 1
            self.delta_bytes += size
        self.shown.append((self.seq, at))
        if not self.first_text.done():
            self.first_text.set_result(at)


@dataclass
class Window:
    """The chunks sent in a stretch of time, through the site and directly."""

    measured: Measured
    site: list[int]
    direct: list[int]

    @property
    def chunks_per_s(self) -> float:
        return len(self.site) / self.measured.seconds

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
                self.direct_streams.append(await DirectStream.open(self.site.upstream.port, self.model, self.direct))
            await asyncio.sleep(pause)
        async with asyncio.timeout(START_SECONDS):
            await asyncio.gather(*(watched.first_text for watched in self.watched))

    async def measure(self, seconds: float, settle: float = 0) -> Window:
        """Look for a while, after some seconds of settling. Raises when a run went wrong."""
        await asyncio.sleep(settle)
        measured = await Measured.during(self.site, seconds)
        self.check()
        begin, end = measured.begin, measured.end
        return Window(measured, self.arrivals.between(begin, end), self.direct.between(begin, end))

    def check(self) -> None:
        """Raise when a run went wrong: figures of broken runs are worth nothing."""
        for watched, socket in zip(self.watched, self.sockets, strict=True):
            if watched.complaint or socket.closed:
                raise RuntimeError(watched.complaint or f"a socket was {socket.closed}")

    async def stop(self) -> None:
        """Stop all runs and wait until each has told its end."""
        for watched, socket in zip(self.watched, self.sockets, strict=True):
            socket.say(type="stop", run=watched.run)
        async with asyncio.timeout(START_SECONDS):
            await asyncio.gather(*(watched.end for watched in self.watched))

    def close(self) -> None:
        """Leave, whatever happened."""
        for socket in self.sockets:
            socket.close()
        for stream in self.direct_streams:
            stream.close()


@contextmanager
def quietly() -> Iterator[None]:
    """No garbage is collected in this process meanwhile: it would be measured as the site's delay."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


@asynccontextmanager
async def streaming(
    site: Site, count: int, rate: float = 30, ramp: float | None = None, settle: float = 2, direct: int = DIRECT_STREAMS
) -> AsyncIterator[Streams]:
    """`count` runs under way at `rate` chunks a second each, settled; stopped when the block ends."""
    streams = Streams(site, rate, chunks=1_000_000)
    with quietly():
        try:
            await streams.begin(count, ramp if ramp is not None else count * 0.02, direct)
            await asyncio.sleep(settle)
            yield streams
            await streams.stop()
        finally:
            streams.close()
