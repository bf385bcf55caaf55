"""Work that goes on after the answer: video objects and Midjourney's submits and tasks, as task frames."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from . import media
from .complaints import Complaint
from .reader import Reader
from .values import Json, fields, objects, words

QUEUED, RUNNING, SUCCEEDED, FAILED = "queued", "running", "succeeded", "failed"

# Programs and documents of the gateways disagree on the words; what is not listed is running.
STATES = {
    "queued": QUEUED,
    "not_start": QUEUED,
    "submitted": QUEUED,
    "pending": QUEUED,
    "completed": SUCCEEDED,
    "succeeded": SUCCEEDED,
    "success": SUCCEEDED,
    "failed": FAILED,
    "failure": FAILED,
    "error": FAILED,
    "cancel": FAILED,
    "cancelled": FAILED,
    "canceled": FAILED,
    "expired": FAILED,
}

SUBMITTED = frozenset((1, 21, 22))  # submitted, exists already (or a window waits), queued

MIDJOURNEY_CODES = {
    "3": "no_channel",
    "4": "bad_request",
    "5": "server_error",
    "23": "overloaded",
    "24": "content_filter",
    "30": "rate_limited",
}


def state_of(raw: str) -> str:
    """One of queued, running, succeeded, failed for any spelling of a task's state."""
    return STATES.get(raw.strip().lower(), RUNNING)


class VideoReader(Reader):
    """Reads video objects, new-api's older task shape, and lists of them."""

    takes_any_json = True

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Videos are not streamed; an event is read as an answer."""
        self.whole(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read one answer."""
        for video in _videos_in(value):
            self._video(video, frames)
        self._is_done = True
        if not frames and self.fail_by(value, frames):
            return True
        frames.append(pieces.json(value))
        return True

    def _video(self, video: Json, frames: list[Frame]) -> None:
        raw = words(video.get("status"))
        error = fields(video.get("error"))
        frames.append(
            pieces.task(
                _id_of(video),
                state_of(raw),
                _progress(video.get("progress")),
                raw_state=raw,
                error=words(error.get("message")) or words(video.get("fail_reason")) or None,
            )
        )
        for url in _addresses(video.get("url"), video.get("video_url"), fields(video.get("metadata")).get("url")):
            frames.append(media.linked(url, "video/mp4"))


class MidjourneyReader(Reader):
    """Reads answers to a submit, tasks, and lists of tasks."""

    takes_any_json = True

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Tasks are not streamed; an event is read as an answer."""
        self.whole(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read one answer."""
        self._is_done = True
        if isinstance(value, dict) and "status" not in value and "code" in value:
            self._submitted(value, frames)
        elif isinstance(value, dict) and "status" not in value and self.fail_by(value, frames):
            return True
        for task in [value] if isinstance(value, dict) else objects(value):
            if "status" in task and "id" in task:
                self._task(task, frames)
        if not self.failed:
            frames.append(pieces.json(value))
        return True

    def _submitted(self, value: Json, frames: list[Frame]) -> None:
        code = value["code"]
        if code is True or code not in SUBMITTED:
            kind = MIDJOURNEY_CODES.get(str(code), "server_error")
            self.fail_as(kind, words(value.get("description")), frames, upstream_code=str(code))
        elif not self.envelope.path.rstrip("/").endswith("/image-seed"):
            properties = fields(value.get("properties"))
            raw = words(properties.get("status")) or ("MODAL" if code == 21 else "SUBMITTED")
            frames.append(pieces.task(str(value.get("result") or ""), state_of(raw), raw_state=raw))

    def _task(self, task: Json, frames: list[Frame]) -> None:
        raw = words(task.get("status"))
        frames.append(
            pieces.task(
                _id_of(task),
                state_of(raw),
                _progress(task.get("progress")),
                objects(task.get("buttons")),
                raw_state=raw,
                error=words(task.get("failReason")) or None,
            )
        )
        described = words(fields(task.get("properties")).get("finalPrompt"))
        if described and task.get("action") == "DESCRIBE":
            frames.append(pieces.text(described))
        for url in _addresses(task.get("imageUrl")):
            frames.append(media.linked(url, "image/png"))
        for url in _addresses(task.get("videoUrl"), *_listed(task.get("videoUrls"))):
            frames.append(media.linked(url, "video/mp4"))


def midjourney_complaint(value: Any) -> tuple[str, Complaint] | None:
    """The code of ours and the complaint of a Midjourney error body; its codes say more than the status."""
    if not isinstance(value, dict) or "description" not in value or str(value.get("code")) not in MIDJOURNEY_CODES:
        return None
    code = str(value["code"])
    return MIDJOURNEY_CODES[code], Complaint(message=words(value["description"]), code=code)


def _videos_in(value: Any) -> list[Json]:
    """The answer itself, the one it wraps, or the ones it lists."""
    if _is_video(value):
        return [value]
    inner = fields(value).get("data")
    return [each for each in ([inner] if isinstance(inner, dict) else objects(inner)) if _is_video(each)]


def _is_video(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("status"), str) and bool(_id_of(value))


def _id_of(value: Json) -> str:
    id = value.get("id") or value.get("task_id") or ""
    return id if isinstance(id, str) else str(id)


def _progress(value: Any) -> str | int | None:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _addresses(*values: Any) -> list[str]:
    """Addresses among these, each once."""
    found = (each if isinstance(each, str) else words(fields(each).get("url")) for each in values)
    return [url for url in dict.fromkeys(found) if url]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
