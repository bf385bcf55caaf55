"""Small real sounds: a short tune for what would be spoken, 24 kHz, 16 bit, mono."""

import math
import struct
from functools import lru_cache
from typing import cast

from .seed import Seed
from .words import words

RATE = 24_000
_PERIODS = (40, 45, 48, 54, 60, 64, 72)
_MOST_NOTES = 12
_NOTE = 0.12
_BYTES_A_SECOND = 16_000


@lru_cache(maxsize=16)
def _wave(period: int) -> bytes:
    """One swing of a tone; tones are made by repeating it."""
    return struct.pack(f"<{period}h", *(int(6000 * math.sin(2 * math.pi * step / period)) for step in range(period)))


def spoken(seed: Seed, text: str, speed: float = 1.0) -> bytes:
    """A tune for a text as PCM, a note a word, at usual speed at most about a second and a half."""
    dice = seed.dice("tune")
    notes = [dice.choice(_PERIODS) for _ in range(min(_MOST_NOTES, max(3, len(words(text)))))]
    return b"".join(_wave(period) * int(RATE * _NOTE / speed / period) for period in notes)


def wav(pcm: bytes) -> bytes:
    """PCM with the head a player wants."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(pcm)) + b"WAVE" + form + struct.pack("<4sI", b"data", len(pcm)) + pcm


def encoded(pcm: bytes, form: str) -> bytes:
    """PCM as wav, pcm16, mp3, flac, opus or aac. All but the first two take time: not for the event loop."""
    if form in ("pcm16", "pcm"):
        return pcm
    if form == "wav" or form not in _CONTAINERS:
        return wav(pcm)
    return _packed(pcm, form)


_CONTAINERS = {
    "mp3": ("mp3", "libmp3lame"),
    "flac": ("flac", "flac"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
}


@lru_cache(maxsize=32)
def _packed(pcm: bytes, form: str) -> bytes:
    import io

    import av

    container, codec = _CONTAINERS[form]
    target = io.BytesIO()
    with av.open(io.BytesIO(wav(pcm)), "r") as source, av.open(target, "w", format=container) as sink:
        stream = cast(av.AudioStream, sink.add_stream(codec, rate=48_000 if form == "opus" else RATE))
        for frame in source.decode(audio=0):
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return target.getvalue()


def seconds(content: memoryview) -> float | None:
    """How long a sound is; None for what is no sound. Takes time for long ones: not for the event loop."""
    import io

    import av

    try:
        with av.open(io.BytesIO(content), "r") as source:
            if not source.streams.audio:
                return None
            return source.duration / av.time_base if source.duration else len(content) / _BYTES_A_SECOND
    except (av.FFmpegError, ValueError):
        return None
