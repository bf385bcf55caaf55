"""Watching a run on to the end of its task."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.client import ClientConnection

from tests.people import Person, start, tell

VIDEO = {"body": {"model": "sora-2:fast", "prompt": "a hat", "seconds": "4", "size": "64x64"}}
IMAGINE = {"body": {"prompt": "a cat --turbo --ar 1:1"}}


@dataclass
class Followed:
    """What a watcher heard of a run and its task."""

    run: str
    state: str = ""
    tasks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def task(self) -> dict[str, Any]:
        return self.tasks[-1] if self.tasks else {}


def follow(
    socket: ClientConnection,
    run: str,
    until: Callable[[Followed], bool] = lambda told: told.task.get("over", False),
    seconds: float = 30,
) -> Followed:
    """What the socket tells until the task is over, or what `until` waits for."""
    told, limit = Followed(run), time.monotonic() + seconds
    while not until(told):
        message = json.loads(socket.recv(timeout=max(0.01, limit - time.monotonic())))
        assert message["type"] != "error", message
        if message["type"] == "end":
            told.state = message["state"]
        if message["type"] == "task":
            told.tasks.append(message["task"])
    return told


def submitted(person: Person, operation: str, call: dict[str, Any], **more: Any) -> Followed:
    """Submit and watch to the end of the task."""
    with person.socket() as socket:
        return follow(socket, start(socket, operation, call), **more)


def watched(person: Person, run: str, **more: Any) -> Followed:
    """Watch a run that was started elsewhere."""
    with person.socket() as socket:
        tell(socket, type="watch", run=run, after=0)
        return follow(socket, run, **more)
