"""A task of Midjourney, read from its id, and how it is told."""

import re
from dataclasses import dataclass
from typing import Any

from .. import pace, tickets
from ..request import Request
from ..seed import Seed
from ..tickets import Ticket, Times
from .buttons import under

_SIDE = 512
_PACES = {
    "--turbo": pace.FAST,
    ":fast": pace.FAST,
    "--fast": pace.FAST,
    "--relax": pace.SLOW,
    ":slow": pace.SLOW,
    ":long": pace.LONG,
}
_RATIO = re.compile(r"--ar\s+(\d{1,3}):(\d{1,3})")
_PREFIX = "mj_"
_LONG_AGO = 1_764_000_000_000
_MODAL = "MODAL"


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `index` is the picture of a grid it is about, 0 for none."""

    ticket: Ticket
    id: str
    action: str
    index: int
    prompt: str
    state: str
    waits_for_window: bool

    @property
    def times(self) -> Times:
        """How long it takes."""
        return tickets.times(next((wished for mark, wished in _PACES.items() if mark in self.prompt), None))

    @property
    def done(self) -> float:
        """How much is done, from 0 to 1; below 0 while it waits."""
        return self.ticket.done(self.times)

    @property
    def status(self) -> str:
        """Its state in Midjourney's words."""
        if self.waits_for_window:
            return _MODAL
        if self.done >= 1:
            return "FAILURE" if "--fail" in self.prompt else "SUCCESS"
        return "SUBMITTED" if self.done < 0 else "IN_PROGRESS"

    @property
    def is_grid(self) -> bool:
        """Whether four pictures in one come of it."""
        return self.action not in ("UPSCALE", "DESCRIBE", "SHORTEN")

    @property
    def size(self) -> tuple[int, int]:
        """Pixels, by the shape the prompt asks for."""
        found = _RATIO.search(self.prompt)
        across, down = (int(found[1]) or 1, int(found[2]) or 1) if found else (1, 1)
        longest = max(across, down)
        return max(64, _SIDE * 2 * across // longest) // 2 * 2, max(64, _SIDE * 2 * down // longest) // 2 * 2


def begun(
    number: str, action: str, prompt: str, *, index: int = 0, state: str = "", waits_for_window: bool = False
) -> Task:
    """A task that begins now."""
    marks = f"{action},{index},{'window' if waits_for_window else ''}"
    return _read(tickets.issued(number, marks, prompt[:120], state[:60]))


def found(id: str) -> Task:
    """The task of an id. Any id that was not given out here is that of a picture finished long ago."""
    base = id.partition(":")[0]
    ticket = tickets.read(base.removeprefix(_PREFIX)) if base.startswith(_PREFIX) else None
    if ticket is not None and ticket.word(0).count(",") == 2:
        return _read(ticket)
    old = Ticket(_LONG_AGO, Seed(base).hex("task", 16), ("IMAGINE,0,", "a cat in a spacesuit --ar 16:9"))
    return Task(old, base, "IMAGINE", 0, old.word(1), "", waits_for_window=False)


def told(task: Task, request: Request) -> dict[str, Any]:
    """A task as fetching tells it."""
    status, began = task.status, task.ticket.began
    waits, takes = int(task.times.waits * 1000), int(task.times.takes * 1000)
    over = status in ("SUCCESS", "FAILURE")
    picture = status == "SUCCESS" and task.action not in ("DESCRIBE", "SHORTEN")
    return {
        "id": task.id,
        "action": task.action,
        "status": status,
        "progress": _progress(task),
        "prompt": task.prompt,
        "promptEn": task.prompt,
        "description": _DESCRIPTIONS[status],
        "state": task.state,
        "submitTime": began,
        "startTime": began + waits if task.done >= 0 else 0,
        "finishTime": began + waits + takes if over else 0,
        "imageUrl": f"{request.origin}/mj/image/{task.id}" if picture else "",
        "failReason": "The picture was asked to fail, so it failed." if status == "FAILURE" else "",
        "buttons": under(task.action, task.ticket.number) if status == "SUCCESS" else [],
        "properties": _properties(task) if status in ("SUCCESS", _MODAL) else {},
        "botType": "MID_JOURNEY",
        "customId": "",
        "maskBase64": "",
        "videoUrl": "",
        "videoUrls": [],
    }


_DESCRIPTIONS = {
    "SUBMITTED": "Submitted successfully",
    "IN_PROGRESS": "In progress",
    "SUCCESS": "Completed",
    "FAILURE": "Failed",
    _MODAL: "Waiting for window confirm",
}


def _read(ticket: Ticket) -> Task:
    action, index, window = ticket.word(0).split(",")
    return Task(ticket, _PREFIX + ticket.id, action, int(index or 0), ticket.word(1), ticket.word(2), bool(window))


def _progress(task: Task) -> str:
    if task.waits_for_window:
        return "0%"
    return f"{max(0, int(task.done * 20) * 5)}%"


def _properties(task: Task) -> dict[str, Any]:
    if task.action == "DESCRIBE":
        return {"finalPrompt": described(task.prompt), "finalZhPrompt": ""}
    return {"finalPrompt": task.prompt, "finalZhPrompt": ""}


def described(seen: str) -> str:
    """Four prompts for a picture that was described."""
    styles = ("flat illustration", "watercolour", "studio photograph", "pixel art")
    marks = ("1️⃣", "2️⃣", "3️⃣", "4️⃣")
    return "\n\n".join(f"{mark} {seen}, {style} --ar 1:1" for mark, style in zip(marks, styles, strict=True))
