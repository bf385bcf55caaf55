"""POST /v1/audio/speech: a tune for every text, in every format, while it is made or as events."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator

from . import strict_media
from .answers import Answer, Event, Stream
from .quotas import units
from .request import Request
from .routes import route
from .seed import Seed
from .sound import encoded, spoken
from .words import tokens

_MIMES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
_PIECE = 4_096
_WORDS_A_PIECE = 4


@route("POST", "/v1/audio/speech")
async def speech(request: Request) -> Answer:
    """A text spoken."""
    given = request.given
    if request.strict:
        strict_media.speech(given)
    form = given.text("response_format")
    form = form if form in _MIMES else "mp3"
    voice = str(given.fields.get("voice"))
    # The tune depends on text and voice alone: another format plays the same.
    pcm = spoken(Seed(given.text("input"), voice), given.text("input"), speed=_speed(given.number("speed")))
    sound = await asyncio.to_thread(encoded, pcm, form)
    pieces = [sound[start : start + _PIECE] for start in range(0, len(sound), _PIECE)]
    read, said = tokens(given.text("input")) + tokens(given.text("instructions")), len(pcm) // 480
    cost = units(request.model.base, read, said)
    if given.text("stream_format") == "sse":
        return Stream(_events(pieces, read, said), units=cost)
    raw = [Event("", words=_WORDS_A_PIECE) for _ in pieces]
    return Stream(raw, frame=lambda event, number: pieces[number], content_type=_MIMES[form], units=cost)


def _speed(wished: float | None) -> float:
    return min(max(wished or 1.0, 0.25), 4.0)


def _events(pieces: list[bytes], read: int, said: int) -> Iterator[Event]:
    for piece in pieces:
        yield Event({"type": "speech.audio.delta", "audio": b64encode(piece).decode()}, words=_WORDS_A_PIECE)
    usage = {"input_tokens": read, "output_tokens": said, "total_tokens": read + said}
    yield Event({"type": "speech.audio.done", "usage": usage}, ends=True)
