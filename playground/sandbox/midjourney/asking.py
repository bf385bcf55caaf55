"""GET /mj/task/{id}/fetch and its siblings: how tasks stand, their seeds, their pictures."""

import asyncio

from .. import answers
from ..answers import Answer
from ..files import ranged
from ..picture import picture
from ..pictures import grid, part_of
from ..reading import rows
from ..refusals import Refused
from ..request import Request
from ..routes import route
from ..seed import Seed
from .task import Task, found, told

_MOST = 200


@route("GET", "/mj/task/{id}/fetch", shape="midjourney")
@route("GET", "/{mode}/mj/task/{id}/fetch", shape="midjourney")
async def fetch(request: Request) -> Answer:
    """One task."""
    return answers.json(told(found(request.values["id"]), request))


@route("POST", "/mj/task/list-by-condition", shape="midjourney")
@route("POST", "/{mode}/mj/task/list-by-condition", shape="midjourney")
async def list_by_condition(request: Request) -> Answer:
    """Several tasks."""
    ids = [id for id in rows(request.json.get("ids")) if isinstance(id, str | int)]
    return answers.json([told(found(str(id)), request) for id in ids[:_MOST]])


@route("GET", "/mj/task/{id}/image-seed", shape="midjourney")
@route("GET", "/{mode}/mj/task/{id}/image-seed", shape="midjourney")
async def image_seed(request: Request) -> Answer:
    """The seed of a task's picture."""
    seed = str(Seed(found(request.values["id"]).ticket.number).number("seed"))
    return answers.json({"code": 1, "description": "success", "result": seed})


@route("GET", "/mj/image/{id}", shape="midjourney", open=True)
async def image(request: Request) -> Answer:
    """The picture itself; needs no key."""
    task = found(request.values["id"])
    if task.status != "SUCCESS":
        raise Refused(404, "The picture is not there yet.")
    return ranged(request, await asyncio.to_thread(_drawn, task), "image/png")


def _drawn(task: Task) -> bytes:
    number, (width, height) = task.ticket.number, task.size
    if task.is_grid:
        return grid(number, width, height)
    return picture(Seed(part_of(number, task.index or 1)), width, height)
