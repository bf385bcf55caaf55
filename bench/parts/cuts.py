"""200 runs, each cut five times: socket closed and opened again, page reloaded, a second watcher. Nothing may be lost."""

import asyncio
import random
from typing import Any

from bench.site import Site
from bench.sockets import RunsSocket
from bench.trial import END_SECONDS, Story, started, watched, whole

RUNS, CUTS, AT_ONCE = 200, 5, 40
CHUNKS, RATE = 120, 40
MODEL = f"bench-{RATE}-{CHUNKS}"


async def cuts(site: Site) -> dict[str, Any]:
    """How many runs were whole for everybody, and the first complaints."""
    room = asyncio.Semaphore(AT_ONCE)
    complaints = await asyncio.gather(*(_cut_one(site, room, random.Random(seed)) for seed in range(RUNS)))  # noqa: S311
    wrong = [text for texts in complaints for text in texts]
    return {"runs": RUNS, "cuts": RUNS * CUTS, "whole": complaints.count([]), "wrong": len(wrong), "first": wrong[:3]}


async def _cut_one(site: Site, room: asyncio.Semaphore, chance: random.Random) -> list[str]:
    async with room:
        page = Page(site, *await started(site, MODEL))
        for _ in range(CUTS):
            await asyncio.sleep(chance.random() * CHUNKS / RATE / CUTS)
            await chance.choice((page.lose_connection, page.reload, page.open_second))()
        await page.see_end()
        return page.complaints(await whole(site, page.run))


class Page:
    """Somebody who follows one run, whatever happens to their connection."""

    def __init__(self, site: Site, socket: RunsSocket, story: Story) -> None:
        self.site, self.run = site, story.run
        self.socket, self.story = socket, story
        self.parts: list[Story] = [story]
        self.others: list[list[Story]] = []
        self.sockets = [socket]

    async def lose_connection(self) -> None:
        """The socket closes; a new one goes on after the last frame that was seen."""
        await self._watch(after=self.story.seq)
        self.parts.append(self.story)

    async def reload(self) -> None:
        """Everything is forgotten and read again from the beginning."""
        self.others.append(self.parts)
        await self._watch(after=0)
        self.parts = [self.story]

    async def open_second(self) -> None:
        """Somebody else looks from the beginning, and goes on looking."""
        socket, story = await watched(self.site, self.run)
        self.sockets.append(socket)
        self.others.append([story])

    async def see_end(self) -> None:
        await asyncio.wait_for(self.story.ended.wait(), END_SECONDS)
        await asyncio.sleep(0.2)
        for socket in self.sockets:
            socket.close()

    def complaints(self, late: Story) -> list[str]:
        """What was not as it is kept; `late` is the run as somebody sees it who comes after its end."""
        told = [story for parts in (self.parts, *self.others) for story in parts]
        wrong = [text for story in (*told, late) for text in story.wrong]
        if late.state != "succeeded" or len(late.stamps()) != CHUNKS or late.stamps() != sorted(late.stamps()):
            wrong.append(f"{self.run}: kept are {len(late.text)} characters, {late.state}")
        if "".join(story.text for story in self.parts) != late.text:
            wrong.append(f"{self.run}: the page has not seen what is kept")
        if not all(late.text.startswith("".join(story.text for story in parts)) for parts in self.others):
            wrong.append(f"{self.run}: somebody has seen something else")
        return wrong

    async def _watch(self, after: int) -> None:
        self.socket.close()
        self.socket, self.story = await watched(self.site, self.run, after)
        self.sockets.append(self.socket)
