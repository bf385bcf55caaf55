"""Films as tasks: POST /v1/videos, its state, its content; and new-api's older route /v1/video/generations."""

import asyncio
from dataclasses import dataclass
from typing import Any

from . import answers, model_name, strict_media, tickets
from .answers import Answer
from .files import film_address, ranged
from .film import film, sheet, still
from .quotas import units_per_call
from .refusals import Refused
from .request import Request
from .routes import route
from .seed import Seed
from .tickets import Ticket

_PREFIX = "video_"
_USUAL_MODEL = "sora-2"
_USUAL_SIZE = (720, 1280)
_SIDES = (16, 1920)
_LONGEST = 20
_KEPT_SECONDS = 3600
_LONG_AGO = 1_764_000_000


@dataclass(frozen=True, slots=True)
class Video:
    """A film that is being made, read from its id."""

    ticket: Ticket
    id: str
    model: str
    width: int
    height: int
    seconds: int
    fails: bool
    remixed_from: str = ""

    @property
    def times(self) -> tickets.Times:
        """How long it takes."""
        return tickets.times(model_name.read(self.model).pace)

    @property
    def progress(self) -> int:
        """Percent."""
        return max(0, int(self.ticket.done(self.times) * 100))

    @property
    def status(self) -> str:
        """One of queued, in_progress, completed, failed."""
        done = self.ticket.done(self.times)
        if done >= 1:
            return "failed" if self.fails else "completed"
        return "queued" if done < 0 else "in_progress"


@route("POST", "/v1/videos")
async def create(request: Request) -> Answer:
    """Begin a film."""
    given = request.given
    if request.strict:
        strict_media.video(given)
    video = _begun(request, _size(given.text("size")), given.whole("seconds", 1, _LONGEST, 4))
    return answers.json(_told(video, given.text("prompt")), units=_cost(video))


@route("POST", "/v1/videos/{id}/remix")
async def remix(request: Request) -> Answer:
    """Begin a film from another."""
    source = _found(request)
    video = _begun(request, (source.width, source.height), source.seconds, source.id[:200], source.model)
    return answers.json(_told(video, request.given.text("prompt")), units=_cost(video))


@route("GET", "/v1/videos")
async def listing(request: Request) -> Answer:
    """Films made before: none, as nothing is kept here."""
    return answers.json({"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False})


@route("GET", "/v1/videos/{id}")
async def status(request: Request) -> Answer:
    """How far a film is."""
    return answers.json(_told(_found(request)))


@route("DELETE", "/v1/videos/{id}")
async def delete(request: Request) -> Answer:
    """Forget a film."""
    return answers.json({"id": _found(request).id, "object": "video.deleted", "deleted": True})


@route("GET", "/v1/videos/{id}/content")
async def content(request: Request) -> Answer:
    """The film itself, a still of it, or stills side by side."""
    video = _found(request)
    if video.status != "completed":
        raise Refused(400, f"Task is not completed yet, current status: {video.status}", kind="invalid_request_error")
    size, number = (video.width, video.height), video.ticket.number
    match request.query.get("variant", "video"):
        case "thumbnail":
            return ranged(request, await asyncio.to_thread(still, number, *size, "webp"), "image/webp")
        case "spritesheet":
            return ranged(request, await asyncio.to_thread(sheet, number, *size, "jpeg"), "image/jpeg")
        case _:
            return ranged(request, await asyncio.to_thread(film, number, *size, video.seconds), "video/mp4")


@route("POST", "/v1/video/generations")
async def create_older(request: Request) -> Answer:
    """Begin a film by the older route."""
    given = request.given
    size = (given.whole("width", *_SIDES, _USUAL_SIZE[0]), given.whole("height", *_SIDES, _USUAL_SIZE[1]))
    video = _begun(request, size, given.whole("duration", 1, _LONGEST, 4))
    return answers.json({"task_id": video.id, "status": video.status}, units=_cost(video))


@route("GET", "/v1/video/generations/{id}")
async def status_older(request: Request) -> Answer:
    """How far a film is, by the older route."""
    video = _found(request)
    told: dict[str, Any] = {"task_id": video.id, "status": video.status}
    if video.status == "completed":
        told |= {"url": _address(request, video), "format": "mp4"}
        told["metadata"] = {"duration": video.seconds, "width": video.width, "height": video.height, "fps": 4}
    return answers.json({**told, **_error(video)})


def _begun(request: Request, size: tuple[int, int], seconds: int, remixed_from: str = "", model: str = "") -> Video:
    model = request.model.sent or model or _USUAL_MODEL
    shape = f"{size[0]}x{size[1]}x{seconds}"
    fails = "-fails" in request.model.base or "--fail" in request.given.text("prompt")
    number = request.seed.hex("film", 16)
    return _read(tickets.issued(number, model, shape, "fails" if fails else "", remixed_from))


def _read(ticket: Ticket) -> Video:
    width, height, seconds = (int(part) for part in ticket.word(1).split("x"))
    fails, source = bool(ticket.word(2)), ticket.word(3)
    return Video(ticket, _PREFIX + ticket.id, ticket.word(0), width, height, seconds, fails, source)


def _found(request: Request) -> Video:
    """The film of an id. Any id that was not given out here is that of a film finished long ago."""
    base = request.values["id"].partition(":")[0]
    ticket = tickets.read(base.removeprefix(_PREFIX))
    if ticket is not None:
        return _read(ticket)
    number = Seed(base).hex("film", 16)
    old = Ticket(_LONG_AGO * 1000, number, (_USUAL_MODEL, "{}x{}x4".format(*_USUAL_SIZE)))
    return Video(old, base, _USUAL_MODEL, *_USUAL_SIZE, seconds=4, fails=False)


def _size(asked: str) -> tuple[int, int]:
    width, _, height = asked.lower().replace("*", "x").partition("x")
    if not (width.isdigit() and height.isdigit()):
        return _USUAL_SIZE
    low, high = _SIDES
    return min(max(int(width[:5]), low), high), min(max(int(height[:5]), low), high)


def _told(video: Video, prompt: str = "") -> dict[str, Any]:
    began, status = video.ticket.began // 1000, video.status
    ended = began + round(video.times.waits + video.times.takes) if status in ("completed", "failed") else None
    return {
        "id": video.id,
        "object": "video",
        "model": video.model,
        "status": status,
        "progress": video.progress,
        "created_at": began,
        "completed_at": ended,
        "expires_at": began + _KEPT_SECONDS if status == "completed" else None,
        "seconds": str(video.seconds),
        "size": f"{video.width}x{video.height}",
        "remixed_from_video_id": video.remixed_from or None,
        **({"prompt": prompt} if prompt else {}),
        "error": None,
        **_error(video),
    }


def _error(video: Video) -> dict[str, Any]:
    if video.status != "failed":
        return {}
    return {"error": {"code": "moderation_blocked", "message": "The film was asked to fail, so it failed."}}


def _address(request: Request, video: Video) -> str:
    return film_address(request, video.ticket.number, video.width, video.height, video.seconds)


def _cost(video: Video) -> int:
    return units_per_call(model_name.read(video.model).base, video.seconds)
