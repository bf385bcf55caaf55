"""Videos and Midjourney: what is begun now and done later."""

import base64

from playground import frames

from .. import Recording, text
from .pieces import told, whole

VIDEO = {"id": "video_1", "object": "video", "model": "sora-2", "status": "in_progress", "progress": 45}
BUTTONS = [{"customId": "MJ::JOB::upsample::1", "emoji": "", "label": "U1", "style": 2, "type": 2}]
TASK = {
    "id": "17",
    "action": "IMAGINE",
    "status": "IN_PROGRESS",
    "progress": "45%",
    "imageUrl": "",
    "failReason": "",
    "buttons": BUTTONS,
}
DRAWN = {**TASK, "status": "SUCCESS", "progress": "100%", "imageUrl": "https://example.com/17.png"}
RECORDINGS = (
    told("a video begun", "sora-video", VIDEO, frames.task("video_1", "running", 45, raw_state="in_progress")),
    told(
        "a video done",
        "sora-video",
        {"task_id": "t", "status": "succeeded", "metadata": {"url": "https://example.com/v.mp4"}},
        frames.task("t", "succeeded", raw_state="succeeded"),
        frames.media("video/mp4", url="https://example.com/v.mp4"),
    ),
    told(
        "a video that failed",
        "sora-video",
        {**VIDEO, "status": "failed", "error": {"code": "x", "message": "No faces."}},
        frames.task("video_1", "failed", 45, raw_state="failed", error="No faces."),
    ),
    told(
        "videos",
        "sora-video",
        {"object": "list", "data": [VIDEO]},
        frames.task("video_1", "running", 45, raw_state="in_progress"),
    ),
    told(
        "the older task shape",
        "sora-video",
        {"code": "success", "data": {"task_id": "t", "status": "SUCCESS", "progress": "100%"}},
        frames.task("t", "succeeded", "100%", raw_state="SUCCESS"),
    ),
    told("a video deleted", "sora-video", {"id": "video_1", "object": "video.deleted", "deleted": True}),
    whole(
        "a video refused under 200",
        "sora-video",
        {"error": {"message": "quota is not enough", "type": "new_api_error"}},
        [],
        outcome="failed",
        problem="insufficient_quota",
    ),
    Recording(
        "sora-video: the film itself",
        "sora-video",
        b"\x00\x00\x00\x18ftypmp42",
        [frames.media("video/mp4", data=base64.b64encode(b"\x00\x00\x00\x18ftypmp42").decode())],
        content_type="video/mp4",
    ),
    told(
        "submitted",
        "midjourney",
        {"code": 1, "description": "ok", "result": "17"},
        frames.task("17", "queued", raw_state="SUBMITTED"),
    ),
    told(
        "in the queue",
        "midjourney",
        {"code": 22, "description": "queued", "result": "17", "properties": {"numberOfQueues": 2}},
        frames.task("17", "queued", raw_state="SUBMITTED"),
    ),
    told(
        "a window waits",
        "midjourney",
        {"code": 21, "description": "ok", "result": 17},
        frames.task("17", "running", raw_state="MODAL"),
    ),
    told(
        "a task with buttons", "midjourney", TASK, frames.task("17", "running", "45%", BUTTONS, raw_state="IN_PROGRESS")
    ),
    told(
        "a task done",
        "midjourney",
        DRAWN,
        frames.task("17", "succeeded", "100%", BUTTONS, raw_state="SUCCESS"),
        frames.media("image/png", url="https://example.com/17.png"),
    ),
    told(
        "a task that failed",
        "midjourney",
        {**TASK, "status": "FAILURE", "failReason": "banned"},
        frames.task("17", "failed", "45%", BUTTONS, raw_state="FAILURE", error="banned"),
    ),
    told(
        "described",
        "midjourney",
        {**TASK, "action": "DESCRIBE", "status": "SUCCESS", "properties": {"finalPrompt": "1. a cat"}},
        frames.task("17", "succeeded", "45%", BUTTONS, raw_state="SUCCESS"),
        text("1. a cat"),
    ),
    told(
        "tasks",
        "midjourney",
        [TASK, DRAWN],
        frames.task("17", "running", "45%", BUTTONS, raw_state="IN_PROGRESS"),
        frames.task("17", "succeeded", "100%", BUTTONS, raw_state="SUCCESS"),
        frames.media("image/png", url="https://example.com/17.png"),
    ),
    told("no such task", "midjourney", None),
    told("a seed", "midjourney", {"code": 1, "description": "ok", "result": "3267"}, path="/mj/task/17/image-seed"),
    whole(
        "a full queue under 200",
        "midjourney",
        {"code": 23, "description": "queue full"},
        [],
        outcome="failed",
        problem="overloaded",
    ),
    whole(
        "a banned word under 200",
        "midjourney",
        {"code": 24, "description": "banned word"},
        [],
        outcome="failed",
        problem="content_filter",
    ),
    Recording("no content", "sora-video", b"", [], content_type="", status=204),
)
