"""Vectors, rankings, pictures, transcripts, speech, videos, Midjourney, lists and balances."""

import base64

from playground import frames

from . import JSON, Recording, body, events, text, tokens
from .chat.pieces import PIXEL


def whole(name: str, dialect: str, value, expected: list, **more) -> Recording:
    return Recording(f"{dialect}: {name}", dialect, body(value), expected, content_type=JSON, **more)


def told(name: str, dialect: str, value, *before: dict, **more) -> Recording:
    """An answer whose whole value is told as JSON after its frames."""
    return whole(name, dialect, value, [*before, frames.json(value)], **more)


def stream(name: str, dialect: str, *values, **more) -> Recording:
    expected = more.pop("frames")
    return Recording(f"{dialect}: {name}", dialect, events(*values, named=True), expected, **more)


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
MP3 = b"ID3\x04" + bytes(range(256))
SRT = "1\n00:00:00,000 --> 00:00:01,200\n你好\n"
TRANSCRIPT = {
    "task": "transcribe",
    "language": "zh",
    "duration": 1.2,
    "text": "你好",
    "segments": [{"id": 0, "text": "你好"}],
}

RECORDINGS = (
    whole(
        "vectors",
        "openai-embeddings",
        {
            "object": "list",
            "data": [
                {"object": "embedding", "index": 0, "embedding": [0.5, -1]},
                {"object": "embedding", "index": 1, "embedding": "AAAAPw=="},
            ],
            "model": "m",
            "usage": {"prompt_tokens": 4, "total_tokens": 4},
        },
        [
            frames.vector(0, [0.5, -1]),
            frames.vector(1, "AAAAPw=="),
            frames.json(
                {
                    "object": "list",
                    "data": [{"object": "embedding", "index": 0}, {"object": "embedding", "index": 1}],
                    "model": "m",
                    "usage": {"prompt_tokens": 4, "total_tokens": 4},
                }
            ),
            tokens(4, None),
        ],
    ),
    whole(
        "one vector",
        "gemini-embeddings",
        {"embedding": {"values": [0.5, 1]}},
        [frames.vector(0, [0.5, 1]), frames.json({})],
    ),
    whole(
        "several vectors",
        "gemini-embeddings",
        {"embeddings": [{"values": [0.5]}, {"values": [1]}]},
        [frames.vector(0, [0.5]), frames.vector(1, [1]), frames.json({})],
    ),
    told(
        "documents in order",
        "rerank",
        {
            "id": "r",
            "results": [
                {"index": 1, "relevance_score": 0.9, "document": {"text": "b"}},
                {"index": 0, "relevance_score": 0.1},
            ],
        },
        frames.ranking([{"index": 1, "score": 0.9, "document": "b"}, {"index": 0, "score": 0.1}]),
    ),
    told(
        "a verdict",
        "openai-moderations",
        {
            "id": "m",
            "model": "m",
            "results": [{"flagged": True, "categories": {"hate": True}, "category_scores": {"hate": 0.9}}],
        },
    ),
    told(
        "models",
        "models",
        {
            "success": True,
            "object": "list",
            "data": [{"id": "m", "object": "model", "created": 1626777600, "owned_by": "x"}],
        },
    ),
    told("models as Gemini lists them", "models", {"models": [{"name": "m", "displayName": "m"}]}),
    whole(
        "models refused under 200",
        "models",
        {"success": False, "message": "no access"},
        [],
        outcome="failed",
        problem="error_event",
    ),
    whole(
        "an unknown model under 200",
        "models",
        {
            "error": {
                "message": "The model 'x' does not exist",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_found",
            }
        },
        [],
        outcome="failed",
        problem="model_not_found",
    ),
    told(
        "a balance",
        "billing",
        {"code": True, "message": "ok", "data": {"object": "token_usage", "total_granted": 1000000}},
    ),
    whole(
        "a balance refused under 200",
        "billing",
        {"error": {"message": "gone", "type": "upstream_error"}},
        [],
        outcome="failed",
        problem="server_error",
    ),
    whole(
        "pictures",
        "openai-images",
        {
            "created": 1,
            "data": [
                {"b64_json": PIXEL, "url": "", "revised_prompt": "a cat"},
                {"b64_json": "", "url": "https://example.com/x.jpg"},
            ],
            "usage": {"input_tokens": 5, "output_tokens": 6},
        },
        [
            frames.media("image/png", data=PIXEL),
            frames.media("image/jpeg", url="https://example.com/x.jpg"),
            frames.json(
                {
                    "created": 1,
                    "data": [{"url": "", "revised_prompt": "a cat"}, {"url": "https://example.com/x.jpg"}],
                    "usage": {"input_tokens": 5, "output_tokens": 6},
                }
            ),
            tokens(5, 6),
        ],
    ),
    stream(
        "a picture that grows",
        "openai-images",
        {
            "type": "image_generation.partial_image",
            "b64_json": PIXEL,
            "output_format": "webp",
            "partial_image_index": 0,
        },
        {
            "type": "image_generation.completed",
            "b64_json": PIXEL,
            "output_format": "png",
            "usage": {"input_tokens": 50, "output_tokens": 1056},
        },
        frames=[
            frames.media("image/webp", data=PIXEL, partial=0),
            frames.media("image/png", data=PIXEL),
            tokens(50, 1056),
        ],
    ),
    stream(
        "an edit, with DONE",
        "openai-images",
        {"type": "image_edit.partial_image", "b64_json": PIXEL, "partial_image_index": 1},
        {"type": "image_edit.completed", "b64_json": PIXEL},
        "[DONE]",
        frames=[frames.media("image/png", data=PIXEL, partial=1), frames.media("image/png", data=PIXEL)],
    ),
    stream(
        "a picture that never ended",
        "openai-images",
        {"type": "image_generation.partial_image", "b64_json": PIXEL, "partial_image_index": 0},
        frames=[frames.media("image/png", data=PIXEL, partial=0)],
        outcome="cut_short",
        problem="cut_short",
    ),
    stream(
        "an error while drawing",
        "openai-images",
        {"error": {"message": "no", "code": "moderation_blocked"}},
        frames=[],
        outcome="failed",
        problem="content_filter",
    ),
    told("a transcript", "openai-audio", TRANSCRIPT, text("你好")),
    Recording(
        "openai-audio: subtitles",
        "openai-audio",
        SRT.encode(),
        [text(SRT.strip())],
        content_type="text/plain; charset=utf-8",
    ),
    Recording(
        "openai-audio: a text that begins like an event",
        "openai-audio",
        b"data: he said, is oil.",
        [text("data: he said, is oil.")],
        content_type="text/plain",
    ),
    stream(
        "a transcript that grows",
        "openai-audio",
        {"type": "transcript.text.delta", "delta": "你"},
        {"type": "transcript.text.delta", "delta": "好"},
        {
            "type": "transcript.text.done",
            "text": "你好",
            "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 4},
        },
        frames=[text("你好"), tokens(14, 4)],
    ),
    stream(
        "a transcript only at the end",
        "openai-audio",
        {"type": "transcript.text.segment", "text": "你好"},
        {"type": "transcript.text.done", "text": "你好"},
        frames=[text("你好")],
    ),
    stream(
        "speech as events",
        "openai-audio",
        {"type": "speech.audio.delta", "audio": base64.b64encode(MP3[:130]).decode()},
        {"type": "speech.audio.delta", "audio": base64.b64encode(MP3[130:]).decode()},
        {"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": 101}},
        frames=[frames.media("audio/mpeg", data=base64.b64encode(MP3).decode()), tokens(14, 101)],
    ),
    Recording(
        "openai-audio: speech as bytes",
        "openai-audio",
        MP3,
        [frames.media("audio/mpeg", data=base64.b64encode(MP3).decode())],
        content_type="audio/mpeg",
    ),
    Recording(
        "openai-audio: speech under a vague type",
        "openai-audio",
        MP3,
        [frames.media("audio/mpeg", data=base64.b64encode(MP3).decode())],
        content_type="application/octet-stream",
    ),
    Recording(
        "openai-audio: speech of no bytes",
        "openai-audio",
        b"",
        [],
        content_type="audio/mpeg",
        outcome="failed",
        problem="empty_answer",
    ),
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
    Recording(
        "a page that is none",
        "models",
        b"OK",
        [],
        content_type="text/plain",
        outcome="failed",
        problem="unreadable",
        unreadable=1,
    ),
    Recording("no content", "sora-video", b"", [], content_type="", status=204),
)
