"""One run followed by somebody whose connection does not last: what was told, number by number."""

import asyncio
from typing import Any

from bench.site import Site
from bench.sockets import RunsSocket
from bench.upstream import STAMP_LENGTH, stamps_in

END_SECONDS = 60


class Story:
    """What one watcher has heard of a run: its frames in order, and every number that was wrong."""

    def __init__(self, run: str = "", after: int = 0) -> None:
        self.run, self.seq = run, after
        self.texts: list[tuple[int, int, str]] = []  # number, arrival, text
        self.wrong: list[str] = []
        self.state = ""
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    def hear(self, message: dict[str, Any], at: int, size: int) -> None:
        """Take one message of the socket."""
        if message.get("run") not in (None, self.run):
            return
        match message["type"]:
            case "run":
                self.begun.set()
            case "frames":
                for frame in message["frames"]:
                    self._take(frame, at)
            case "end":
                self.state = message["state"]
                self.ended.set()
            case "error":
                self.wrong.append(f"{message['code']}: {message['message']}")
                self.ended.set()

    @property
    def text(self) -> str:
        return "".join(text for _, _, text in self.texts)

    def text_before(self, moment: int) -> str:
        """What had been told before a moment (ns)."""
        return "".join(text for _, at, text in self.texts if at < moment)

    def stamps(self) -> list[int]:
        """The upstream's stamps in all that was told; what is no stamp is a complaint."""
        if len(self.text) % STAMP_LENGTH:
            self.wrong.append("half a chunk")
            return []
        return stamps_in(self.text)

    def _take(self, frame: dict[str, Any], at: int) -> None:
        if frame["seq"] != self.seq + 1:
            self.wrong.append(f"frame {frame['seq']} came where {self.seq + 1} was due")
        self.seq = frame["seq"]
        if frame["kind"] == "text":
            self.texts.append((frame["seq"], at, frame["text"]))


async def started(site: Site, model: str) -> tuple[RunsSocket, Story]:
    """A run that has begun, and the socket of the page that began it."""
    story = Story()
    socket = await site.visitor().socket(story.hear)
    story.run = socket.start(model)
    await asyncio.wait_for(story.begun.wait(), END_SECONDS)
    return socket, story


async def watched(site: Site, run: str, after: int = 0) -> tuple[RunsSocket, Story]:
    """A new socket that watches `run` after a frame."""
    story = Story(run, after)
    socket = await site.visitor().socket(story.hear)
    socket.say(type="watch", run=run, after=after)
    return socket, story


async def whole(site: Site, run: str, seconds: float = END_SECONDS) -> Story:
    """The run from its beginning to its end, as somebody sees it who comes late."""
    socket, story = await watched(site, run)
    try:
        await asyncio.wait_for(story.ended.wait(), seconds)
    finally:
        socket.close()
    return story
