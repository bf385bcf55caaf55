"""The numbered frames of a run as one process holds them: memory that reaches back a little, the database behind it.

The owner of a run appends to its `Log`; a `Mirror` in another process is filled from the database. A watcher is only a
position: what follows it comes from memory if memory reaches back that far, else from the database.
"""

import asyncio
import json
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import orjson

from playground.frames import Frame

FAR_BEHIND = 8 * 2**20  # bytes of one run that wait for the database: then its gateway waits, too
REMEMBERED = 48  # saved frames that stay in memory, so that watchers close behind need no query
MESSAGE_BYTES = 128 * 2**10  # of frames in one message to a page, about
DICTIONARY_BYTES = 2000  # of a run's first raw reads, by which its later ones are compressed
FOLDED = ("text", "reasoning", "refusal")
LONGEST_FOLDED = 32 * 2**10  # characters; a frame is never cut, and a reader that stalls holds whole messages


def encoded(frame: Frame) -> bytes:
    """One frame as a line of JSON; lone surrogates, which strict writers refuse, become escapes."""
    try:
        # What orjson gives holds on to the 4 KiB it was written in; lines are kept, so each becomes a copy of its own size.
        return bytes(memoryview(orjson.dumps(frame)))
    except (TypeError, ValueError):
        return json.dumps(frame, separators=(",", ":"), default=str).encode()


class Watcher(Protocol):
    """Somebody who is told when there is more to read, or the end."""

    def news(self) -> None:
        """Called on the event loop, often; must neither wait nor raise."""

    def wake(self) -> None:
        """Called when something else than frames is to be told."""


class Lines:
    """Encoded frames first … last, one a line, and those who wait for more."""

    def __init__(self, run_id: int, uuid: str, last: int = 0) -> None:
        self.run_id, self.uuid = run_id, uuid
        self.first = last + 1
        self.last = last
        self.lines: list[bytes] = []
        self.end: dict[str, Any] | None = None
        self.is_taken_away = False
        self.is_saving_paused = False
        self._waiting: set[Watcher] = set()
        self._message: tuple[int, int, str] = (-1, -1, "")

    def after(self, position: int) -> list[bytes] | None:
        """The lines that follow `position`; None when memory does not reach back that far."""
        if position + 1 < self.first:
            return None
        return self.lines[position + 1 - self.first :]

    def message_after(self, position: int) -> tuple[int, str] | None:
        """The next `frames` message and the position it leads to, written once for all who stand at `position`."""
        if self._message[0] == position and self._message[1] == self.last:
            return self._message[1], self._message[2]
        lines = self.after(position)
        if lines is None:
            return None
        upto, text = frames_message(self.uuid, position, lines)
        self._message = (position, upto, text)
        return upto, text

    def wait(self, watcher: "Watcher") -> None:
        self._waiting.add(watcher)

    def leave(self, watcher: "Watcher") -> None:
        self._waiting.discard(watcher)

    @property
    def is_watched(self) -> bool:
        return bool(self._waiting)

    def wake(self) -> None:
        for watcher in self._waiting:
            watcher.news()

    def finish(self, state: str, last: int, metrics: dict[str, Any]) -> None:
        """The run has ended and its end is stored; watchers who have read up to `last` are told."""
        self.end = {"type": "end", "run": self.uuid, "state": state, "seq": last, "metrics": metrics}
        self.wake()

    def pause_saving(self, is_paused: bool) -> None:
        """Frames wait for the database, or no longer do; watchers are told."""
        self.is_saving_paused = is_paused
        for watcher in self._waiting:
            watcher.wake()

    def take_away(self) -> None:
        """Another process has ended this run: what was shown here may not be what is stored."""
        self.is_taken_away = True
        self.wake()

    def _forget(self, saved: int) -> None:
        surplus = saved - self.first + 1 - REMEMBERED
        if surplus > REMEMBERED:
            del self.lines[:surplus]
            self.first += surplus


class Mirror(Lines):
    """A run that another process owns, or that has ended, as the database tells it."""

    def append(self, first: int, lines: list[bytes]) -> None:
        new = lines[self.last + 1 - first :] if first <= self.last else lines
        if first > self.last + 1 or not new:
            return
        self.lines += new
        self.last += len(new)
        self._forget(self.last)
        self.wake()


class Log(Lines):
    """A run that this process owns: frames are folded, numbered, kept until the database has them."""

    FOLD = 0.016

    def __init__(self, run_id: int, uuid: str, on_news: Callable[["Log"], None] = lambda log: None) -> None:
        super().__init__(run_id, uuid)
        self.saved = 0
        self.unsaved_bytes = 0
        self.oldest_unsaved: float | None = None
        self._alone = 0  # rows of raw reads that no frame came after
        self._relief = asyncio.Event()
        self.events: list[tuple[int, bytes]] = []
        self.dictionary = b""
        self._on_news = on_news
        self._pending: list[Frame] = []
        self._given_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def read(self, at: int, data: bytes) -> None:
        """Keep raw bytes as they came, `at` milliseconds after the call was sent."""
        self.events.append((at, data))
        self.unsaved_bytes += len(data)

    def add(self, frames: list[Frame], at: int) -> None:
        """Take frames of the moment `at`. The first goes at once, then at most one batch every 16 ms.

        The status is no such first: the text that follows it must not wait.
        """
        for frame in frames:
            self._fold(frame, at)
        if not self._pending or self._timer:
            return
        wait = self._given_at + self.FOLD - time.monotonic()
        if wait <= 0:
            self.give()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait, self.give)

    def give(self) -> None:
        """Number what is pending and wake the watchers."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._pending:
            return
        moment = time.monotonic()
        if self._pending[-1]["kind"] != "status":
            self._given_at = moment
        for frame in self._pending:
            self.last += 1
            line = encoded({"seq": self.last, **frame})
            self.lines.append(line)
            self.unsaved_bytes += len(line)
        self._pending = []
        if self.oldest_unsaved is None:
            self.oldest_unsaved = moment
        self._on_news(self)
        self.wake()

    @property
    def is_far_behind(self) -> bool:
        """Whether more waits for the database than one run may hold in memory."""
        return self.unsaved_bytes > FAR_BEHIND and self.last > self.saved

    async def caught_up(self) -> None:
        """Wait until the database has most of it."""
        while self.is_far_behind:
            self._relief.clear()
            await self._relief.wait()

    def unsaved(self, limit: int, ended: bool = False) -> "Batch | None":
        """The next batch to store, at most about `limit` bytes of frames and twice that of raw reads; None when all is stored.

        Raw reads that made no frame wait for the next one, or for the end of the run.
        """
        lines = self.after(self.saved) or []
        count = within(limit, map(len, lines))
        reads = within(2 * limit, (len(data) for _, data in self.events))
        if not count and not (reads and ended):
            return None
        first = self.saved + 1 if count else self.saved + 1 + self._alone
        is_rest = count == len(lines) and reads == len(self.events)
        return Batch(self, first, lines[:count], reads, self._packed(self.events[:reads]), is_rest)

    def acknowledge(self, batch: "Batch") -> None:
        """The database has this batch: drop what no watcher is likely to ask for."""
        self.saved = batch.last if batch.lines else self.saved
        self._alone += not batch.lines
        self.unsaved_bytes -= batch.size + sum(len(data) for _, data in self.events[: batch.reads])
        del self.events[: batch.reads]
        if self.saved == self.last:
            self.oldest_unsaved = None
        elif batch.is_rest:
            self.oldest_unsaved = time.monotonic()
        self._forget(self.saved)
        self._relief.set()

    def _fold(self, frame: Frame, at: int) -> None:
        previous = self._pending[-1] if self._pending else None
        if previous is None or not _follows(previous, frame):
            self._pending.append({"at": at, **frame})
        elif frame["kind"] == "tool_call":
            previous["arguments"] += frame["arguments"]
        else:
            previous["text"] += frame["text"]

    def _packed(self, events: list[tuple[int, bytes]]) -> bytes | None:
        """Raw reads, each headed by its time and length. The first batch is the dictionary of the later ones."""
        if not events:
            return None
        plain = b"".join(b"%d %d\n%b" % (at, len(data), data) for at, data in events)
        packer = zlib.compressobj(1, zdict=self.dictionary) if self.dictionary else zlib.compressobj(1)
        if not self.dictionary:
            self.dictionary = plain[-DICTIONARY_BYTES:]
        return packer.compress(plain) + packer.flush()


class Batch:
    """Frames first … last of one run as one row. It stays as it is until the database has acknowledged it."""

    def __init__(
        self, log: Log, first: int, lines: list[bytes], reads: int, events: bytes | None, is_rest: bool
    ) -> None:
        self.log, self.first, self.lines, self.reads, self.events = log, first, lines, reads, events
        self.is_rest = is_rest  # nothing waited beside it
        # A row without frames takes the number after the last, so that its key is free.
        self.last = first + len(lines) - 1 if lines else first
        self.frames = b"\n".join(lines)
        self.size = sum(map(len, lines))


def frames_message(uuid: str, position: int, lines: list[bytes], limit: int = MESSAGE_BYTES) -> tuple[int, str]:
    """A `frames` message of at most about `limit` bytes, and the position it leads to."""
    size = count = 0
    for line in lines:
        size += len(line)
        if count and size > limit:
            break
        count += 1
    text = b'{"type":"frames","run":"%b","frames":[%b]}' % (uuid.encode(), b",".join(lines[:count]))
    return position + count, text.decode()


def within(limit: int, sizes: Iterable[int]) -> int:
    """How many come before the limit is passed; one at least."""
    total = count = 0
    for size in sizes:
        total += size
        if count and total > limit:
            break
        count += 1
    return count


def _follows(previous: Frame, frame: Frame) -> bool:
    kind = frame["kind"]
    if kind != previous["kind"] or frame.get("index") != previous.get("index"):
        return False
    if kind == "tool_call":
        return frame["id"] is None and frame["name"] is None and len(previous["arguments"]) < LONGEST_FOLDED
    return kind in FOLDED and len(previous["text"]) < LONGEST_FOLDED
