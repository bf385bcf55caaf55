"""A page that somebody left open: it watches its run to the end, and comes back whenever its socket breaks."""

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from tests.histories import History
from tests.people import Person, Seen, chat, start, tell, watch_until_end

BROKEN = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError)


class Tab:
    """One run of one person, watched in a thread of its own; everything it is told goes into the history."""

    def __init__(
        self, person: Person, history: History, *, run: str = "", name: str = "", seconds: float = 240, **call: Any
    ) -> None:
        self.person, self.history, self.name = person, history, name or f"tab {uuid.uuid4().hex[:6]}"
        self.starts = not run
        self.seen = Seen(run or str(uuid.uuid4()))
        self.call = chat(user=self.seen.run, **call)
        self.returns = 0
        self.pauses: list[bool] = []  # what it was told of saving: paused, going on, …
        self.complaints: list[str] = []
        self._limit = time.monotonic() + seconds
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def run(self) -> str:
        return self.seen.run

    def text(self) -> str:
        return self.seen.text()

    def wait(self, characters: int = 1, seconds: float = 60) -> "Tab":
        """Wait until that much text was shown."""
        limit = time.monotonic() + seconds
        while len(self.text()) < characters and not self.seen.state:
            assert time.monotonic() < limit, f"{self.name} shows {len(self.text())} characters; {self.complaints}"
            time.sleep(0.02)
        return self

    def wait_for_pause(self, seconds: float = 60) -> None:
        """Wait until it is told that saving is paused."""
        limit = time.monotonic() + seconds
        while self.pauses[-1:] != [True]:
            assert time.monotonic() < limit, f"{self.name} heard {self.pauses} of saving; {self.complaints}"
            time.sleep(0.02)

    def give_up(self) -> None:
        """Close the tab: nobody wants to know any more."""
        self._limit = 0.0

    def join(self) -> Seen:
        """Wait for the end of the run."""
        self._thread.join(max(1.0, self._limit - time.monotonic() + 5))
        assert self.seen.state, f"{self.name} never saw the end of {self.run}; {self.complaints}"
        return self.seen

    def _watch(self) -> None:
        while not self.seen.state and time.monotonic() < self._limit:
            try:
                self._visit()
            except BROKEN as error:
                self.complaints.append(type(error).__name__)
                time.sleep(0.2)
            self.returns += 1

    def _visit(self) -> None:
        """One socket: start or go on where the last one ended."""
        with self.person.socket(open_timeout=5) as line:
            if self.seen.frames or not self.starts:
                tell(line, type="watch", run=self.run, after=self.seen.last)
            else:
                start(line, "chat-stream", self.call, run=self.run)
            while True:
                message = json.loads(line.recv(timeout=max(0.1, self._limit - time.monotonic())))
                if message["type"] == "error":
                    self._refused(message["code"])
                    return
                if self._took(message):
                    return

    def _refused(self, code: str) -> None:
        """Come again in a moment; from the beginning if what was shown last died with its server before it was stored."""
        self.complaints.append(code)
        if code == "bad_position":
            self.seen.frames = []
            self.history.saw(self.name, Seen(self.run), restarted=True)
        time.sleep(0.2)

    def _took(self, message: dict[str, Any]) -> bool:
        if message["type"] == "frames":
            self.history.saw(self.name, Seen(self.run, frames=message["frames"]))
            self.seen.frames += message["frames"]
        if message["type"] == "saving":
            self.pauses.append(message["paused"])
        if message["type"] == "end":
            self.seen.metrics = message["metrics"]
            self.history.saw(self.name, Seen(self.run, state=message["state"]))
            self.seen.state = message["state"]
            return True
        return False


@contextmanager
def stalled(person: Person, run: str) -> Iterator[None]:
    """A socket that asks for all of a run, its raw events too, and reads next to nothing."""
    host, port = person.url.removeprefix("http://").split(":")
    with socket.socket() as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plug.connect((host, int(port)))
        with person.socket(sock=plug, max_queue=1, ping_interval=None, close_timeout=0.1) as line:
            tell(line, type="watch", run=run, after=0, raw=True)
            yield


def stored(person: Person, run: str, history: History, seconds: float = 30) -> Seen:
    """The run as the site tells it to somebody who comes when all is over, and comes again while the database is away."""
    limit = time.monotonic() + seconds
    while (seen := _looked_up(person, run, limit)).error.get("code") == "busy" and time.monotonic() < limit:
        time.sleep(0.2)
    history.stored(seen)
    return seen


def _looked_up(person: Person, run: str, limit: float) -> Seen:
    try:
        with person.socket() as line:
            tell(line, type="watch", run=run, after=0)
            return watch_until_end(line, run, max(0.1, limit - time.monotonic()))
    except InvalidStatus as refused:
        assert refused.response.status_code == 503
        return Seen(run, "refused", error={"code": "busy"})
