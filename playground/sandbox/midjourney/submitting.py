"""POST /mj/submit/…: a task is begun, or a code says why not. `/mj-fast/mj/…` and the like are the same by another speed."""

import re
from collections.abc import Callable
from typing import Any

from .. import answers, attachments
from ..answers import Answer
from ..quotas import units_per_call
from ..reading import string, strings, whole
from ..refusals import Refused
from ..request import Request
from ..routes import Handler, route
from .buttons import Pressed, pressed
from .task import Task, begun, found

_BANNED = ("nude", "gore", "blood", "裸")
_SHAPES = {"PORTRAIT": "--ar 2:3", "SQUARE": "--ar 1:1", "LANDSCAPE": "--ar 3:2"}
_CHANGES = {
    "UPSCALE": "UPSCALE",
    "VARIATION": "VARIATION",
    "REROLL": "REROLL",
    "U": "UPSCALE",
    "V": "VARIATION",
    "R": "REROLL",
}
_SIMPLE = re.compile(r"(\S+)\s+([UVR])([1-4])?")


def submit(path: str) -> Callable[[Handler], Handler]:
    """Answer a submit at its path, with and without a mode before it."""

    def put(handler: Handler) -> Handler:
        route("POST", f"/mj/{path}", shape="midjourney")(handler)
        return route("POST", f"/{{mode}}/mj/{path}", shape="midjourney")(handler)

    return put


@submit("submit/imagine")
async def imagine(request: Request) -> Answer:
    """Pictures from a prompt."""
    prompt = string(request.json.get("prompt")).strip()
    if not prompt:
        return _said(4, "prompt cannot be empty")
    if banned := next((word for word in _BANNED if word in prompt.lower()), None):
        return _said(24, "May contain sensitive words", {"promptEn": prompt, "bannedWord": banned})
    return _submitted(request, begun(_number(request), "IMAGINE", prompt, state=_state(request)))


@submit("submit/action")
async def action(request: Request) -> Answer:
    """A button pressed. Some open a window that `modal` answers."""
    meant = pressed(string(request.json.get("customId")))
    if meant is None:
        return _said(4, "customId is invalid")
    return _continued(request, string(request.json.get("taskId")), meant)


@submit("submit/change")
async def change(request: Request) -> Answer:
    """One of a grid's pictures made larger or varied, or all of them made anew."""
    kind = _CHANGES.get(string(request.json.get("action")))
    if kind is None:
        return _said(4, "action is invalid")
    return _continued(request, string(request.json.get("taskId")), Pressed(kind, whole(request.json.get("index")) or 0))


@submit("submit/simple-change")
async def simple_change(request: Request) -> Answer:
    """The same in one word: `1320098173412546 U2`."""
    asked = _SIMPLE.fullmatch(string(request.json.get("content")).strip())
    if not asked:
        return _said(4, "content is invalid")
    return _continued(request, asked[1], Pressed(_CHANGES[asked[2]], int(asked[3] or 0)))


@submit("submit/modal")
async def modal(request: Request) -> Answer:
    """The window of a task answered: what follows is a task of its own, as the id of the first cannot change."""
    source = found(string(request.json.get("taskId")))
    prompt = string(request.json.get("prompt")) or source.prompt
    kind = source.action if source.waits_for_window else "INPAINT"
    return _submitted(request, begun(_number(request), kind, prompt, state=_state(request)))


@submit("submit/describe")
async def describe(request: Request) -> Answer:
    """Prompts for a picture."""
    picture = string(request.json.get("base64"))
    if not picture:
        return _said(4, "base64 cannot be empty")
    seen = attachments.from_address("image", picture).described(chinese=False)
    return _submitted(request, begun(_number(request), "DESCRIBE", seen, state=_state(request)))


@submit("submit/blend")
async def blend(request: Request) -> Answer:
    """One picture of several."""
    pictures = strings(request.json.get("base64Array"))
    if not 2 <= len(pictures) <= 5:
        return _said(4, "base64Array must hold 2 to 5 pictures")
    shape = _SHAPES.get(string(request.json.get("dimensions")), _SHAPES["SQUARE"])
    return _submitted(
        request, begun(_number(request), "BLEND", f"{len(pictures)} pictures {shape}", state=_state(request))
    )


@submit("submit/shorten")
async def shorten(request: Request) -> Answer:
    """Shorter prompts for a prompt."""
    prompt = string(request.json.get("prompt"))
    return _submitted(request, begun(_number(request), "SHORTEN", prompt, state=_state(request)))


@submit("insight-face/swap")
async def swap(request: Request) -> Answer:
    """A face put on another."""
    if not (string(request.json.get("sourceBase64")) and string(request.json.get("targetBase64"))):
        return _said(4, "sourceBase64 and targetBase64 are needed")
    return _submitted(request, begun(_number(request), "SWAP_FACE", "a face swapped"))


@submit("submit/upload-discord-images")
async def upload(request: Request) -> Answer:
    """Addresses of pictures sent along; nothing is kept, so each leads to a picture drawn for it."""
    pictures = strings(request.json.get("base64Array"))
    if not pictures:
        return _said(4, "base64Array cannot be empty")
    numbers = [request.seed.hex(f"upload {place}", 16) for place in range(min(len(pictures), 10))]
    told = [f"{request.origin}/files/{number}-512x512.png" for number in numbers]
    return answers.json({"code": 1, "description": "success", "result": told})


def _continued(request: Request, task_id: str, meant: Pressed) -> Answer:
    if not task_id:
        return _said(4, "taskId cannot be empty")
    source = found(task_id)
    if source.status != "SUCCESS":
        return _said(4, "Task status is incorrect: the related task is not finished")
    number = source.ticket.number if meant.action == "UPSCALE" else _number(request)
    task = begun(
        number,
        meant.action,
        source.prompt,
        index=meant.index or source.index,
        state=_state(request),
        waits_for_window=meant.opens_window,
    )
    if meant.opens_window:
        properties = {"finalPrompt": source.prompt, "remix": True, "status": "MODAL"}
        return _said(21, "Waiting for window confirm", properties, task.id, units_per_call("mj_modal"))
    return _submitted(request, task)


def _submitted(request: Request, task: Task) -> Answer:
    cost = units_per_call("mj_imagine")
    return _said(1, "Submit success", {"discordInstanceId": request.seed.hex("instance", 18)}, task.id, cost)


def _said(
    code: int, description: str, properties: dict[str, Any] | None = None, result: str = "", units: int = 0
) -> Answer:
    """An answer by code; requests that cannot be understood are refused by status too."""
    if code == 4:
        raise Refused(400, description, kind="upstream_error")
    told = {"code": code, "description": description, "result": result, "properties": properties or {}}
    return answers.json(told, units=units)


def _number(request: Request) -> str:
    return request.seed.hex("task", 16)


def _state(request: Request) -> str:
    return string(request.json.get("state"))
