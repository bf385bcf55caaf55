"""Pictures, transcripts and speech."""

import base64

from playground import frames

from .. import Recording, text, tokens
from ..chat.pieces import PIXEL
from .pieces import stream, told, whole

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
)
