"""Telling a watcher what a run says: frames from a number on, then live, then the end; raw events when asked for."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any

import psycopg

from playground.dialects import Event, EventReader, open_events
from playground.models import State
from playground.runs.keeper import Keeper
from playground.runs.log import MESSAGE_BYTES, Lines, frames_message
from playground.runs.store import Standing, Store, Unpacking

Send = Callable[[str], Awaitable[None]]
Write = Callable[[str], bool]

CATCH_UP_SECONDS = 2.0  # another process's frames may be a moment behind what a watcher has seen of them
AGAIN_SECONDS = 0.2
EVENTS_SECONDS = 0.25


class BadPosition(Exception):
    """`after` lies beyond the last frame, or among frames that were shown and never stored: begin again from 0."""


def never(text: str) -> bool:
    """A way out where nothing can be written at once."""
    return False


async def watch(
    keeper: Keeper, standing: Standing, after: int, send: Send, after_event: int | None = None, write: Write = never
) -> None:
    """Send what follows frame `after`, whole and in order, then the end. With `after_event`, raw events too.

    `write` sends without waiting where it can, and tells whether it did. Raises BadPosition when the run has no frame of
    that number.
    """
    lines = keeper.source(standing)
    tail = Tail(lines, after, write)
    lines.wait(tail)
    try:
        await _check_position(lines, after, standing)
        events = (
            asyncio.create_task(_tell_events(EventFeed(keeper.store, standing), lines, after_event, send))
            if after_event is not None
            else None
        )
        try:
            await _tell_frames(keeper.store, tail, send)
            if events:
                await events
        finally:
            if events:
                events.cancel()
        await send(json.dumps(lines.end))
    finally:
        lines.leave(tail)


class Tail:
    """One watcher's position in a run.

    Most news finds it at the end of the run with a socket that takes more: then the next message is written right where the
    news is told. To wake a task for it costs as much again as all else that is done for a chunk on its way out.
    """

    def __init__(self, lines: Lines, position: int, write: Write) -> None:
        self.lines, self.position = lines, position
        self._write = write
        self._news = asyncio.Event()
        self._is_idle = False
        self._has_heard_of_pause = False

    def news(self) -> None:
        """There is more to read, or the end."""
        if not (self._is_idle and self._is_told()):
            self._news.set()

    def wake(self) -> None:
        """There is something to tell beside frames."""
        self._news.set()

    def saving_message(self) -> str | None:
        """What there is to say of saving since the last time: that it is paused, that it goes on, or nothing."""
        if self.lines.is_saving_paused == self._has_heard_of_pause:
            return None
        self._has_heard_of_pause = self.lines.is_saving_paused
        return json.dumps({"type": "saving", "run": self.lines.uuid, "paused": self._has_heard_of_pause})

    async def more(self) -> None:
        """Wait for news that only a task can tell."""
        self._is_idle = True
        try:
            await self._news.wait()
        finally:
            self._is_idle = False
            self._news.clear()

    def _is_told(self) -> bool:
        lines = self.lines
        if lines.end or lines.is_taken_away or self.position >= lines.last:
            return False
        message = lines.message_after(self.position)
        # What is more than one message is long: that is no moment to skip the line.
        if message is None or message[0] != lines.last or not self._write(message[1]):
            return False
        self.position = lines.last
        return True


async def _check_position(lines: Lines, after: int, standing: Standing) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while after > lines.last and not lines.end:
                await asyncio.sleep(0.05)
    if after > lines.last or (after == lines.last and _is_doubtful(standing)):
        raise BadPosition


def _is_doubtful(standing: Standing) -> bool:
    """Whether the last frame may have been shown as another one: its number was given anew when the run's process had died."""
    return standing.state == State.INTERRUPTED and standing.owner_id is None and standing.last_seq > 0


async def _tell_frames(store: Store, tail: Tail, send: Send) -> None:
    lines = tail.lines
    while True:
        if lines.is_taken_away:
            raise BadPosition
        if message := tail.saving_message():
            await send(message)
        elif tail.position < lines.last:
            upto, text = lines.message_after(tail.position) or await _stored_message(store, lines, tail.position)
            if upto == tail.position:  # not visible in the database yet
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            tail.position = upto
            await send(text)
        elif lines.end:
            return
        else:
            await tail.more()


async def _stored_message(store: Store, lines: Lines, position: int) -> tuple[int, str]:
    """The next message from the database, for a watcher that is behind what memory holds."""
    while True:
        try:
            _, stored = await store.lines_after(lines.run_id, position)
            return frames_message(lines.uuid, position, stored)
        except (psycopg.Error, TimeoutError, OSError):
            await asyncio.sleep(AGAIN_SECONDS)


async def _tell_events(feed: "EventFeed", lines: Lines, after_event: int, send: Send) -> None:
    """Raw events as they get stored, numbered from 1. They come from the database alone, a moment after the frames."""
    while True:
        ended = lines.end is not None
        with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
            async with contextlib.aclosing(feed.read(ended)) as pieces:
                async for piece in pieces:
                    if events := [event for event in piece if event["n"] > after_event]:
                        await send(json.dumps({"type": "events", "run": lines.uuid, "events": events}))
            if ended:
                return
        await asyncio.sleep(EVENTS_SECONDS)


class EventFeed:
    """The raw events of one run, read from its stored bytes. Never much more of them is held than one message has."""

    def __init__(self, store: Store, standing: Standing) -> None:
        self._store, self._run_id, self._dialect = store, standing.id, standing.dialect
        self._row = self._number = self._at = 0
        self._unpacking = Unpacking()
        self._reader: EventReader | None = None

    async def read(self, ended: bool) -> AsyncGenerator[list[dict[str, Any]]]:
        """The events stored since the last time, some at once; with `ended`, what stood unfinished at the end too."""
        reader = self._reader = self._reader or await self._open()
        if reader is None:
            return
        while rows := await self._store.event_rows(self._run_id, self._row):
            self._row = rows[-1].last
            for piece in self._pieces(reader, rows):
                yield piece
        if ended:
            yield [*map(self._event, reader.flush())]

    def _pieces(self, reader: EventReader, rows: list[Any]) -> Iterator[list[dict[str, Any]]]:
        events: list[dict[str, Any]] = []
        size = 0
        for row in rows:
            for at, data in self._unpacking.parts(row.events):
                self._at = at
                events += map(self._event, reader.decode(data))
                size += len(data)
                if size > MESSAGE_BYTES:
                    yield events
                    events, size = [], 0
        yield events

    def _event(self, event: Event) -> dict[str, Any]:
        self._number += 1
        return {"n": self._number, "at": self._at, "event": event.event, "data": event.data}

    async def _open(self) -> EventReader | None:
        """A reader for what the run's first frame tells of status and headers; None before there is one."""
        _, lines = await self._store.lines_after(self._run_id, 0)
        first = json.loads(lines[0]) if lines else {}
        if first.get("kind") != "status":
            return None
        return open_events(self._dialect, first["status"], first["headers"].get("content-type", ""))
