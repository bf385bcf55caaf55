"""Pictures, sound and film inside answers: which kind the bytes are, and raw sound made playable."""

import base64
import binascii
import re
import struct
from urllib.parse import urlsplit

from .. import frames
from ..frames import Frame

UNKNOWN = "application/octet-stream"
RAW_SOUND = "audio/L16;codec=pcm;rate=24000"
RAW_SOUND_RATE = 24_000

_BEGINNINGS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"<svg", "image/svg+xml"),
)

_ENDINGS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
}

_DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*?);base64,", re.IGNORECASE)


def mime_of_bytes(start: bytes, otherwise: str = UNKNOWN) -> str:
    """What bytes are, by how they begin."""
    if start[:4] == b"RIFF":
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(start[8:12], otherwise)
    if start[4:8] == b"ftyp":
        return "video/mp4"
    return next((mime for beginning, mime in _BEGINNINGS if start.startswith(beginning)), otherwise)


def mime_of_base64(data: str, otherwise: str = UNKNOWN) -> str:
    """What base64 text is, by how its bytes begin."""
    return mime_of_bytes(bytes_of(data[:32]), otherwise)


def mime_of_address(url: str, otherwise: str) -> str:
    """What an address leads to, by its ending."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return otherwise
    return _ENDINGS.get(path.rpartition(".")[2].lower(), otherwise)


def linked(url: str, otherwise: str) -> Frame:
    """The frame of a picture, sound or film behind an address, which may be a data URL."""
    if inline := _DATA_URL.match(url):
        return frames.media(inline[1].lower() or otherwise, data=url[inline.end() :])
    return frames.media(mime_of_address(url, otherwise), url=url)


def bytes_of(data: str) -> bytes:
    """The bytes of base64 text, whole groups only; nothing where it is no base64."""
    try:
        return base64.b64decode(data[: len(data) // 4 * 4], altchars=b"-_" if "-" in data or "_" in data else None)
    except (binascii.Error, ValueError):
        return b""


class Sound:
    """Sound that arrives in pieces of base64 and is one piece at its end; raw samples get a WAV header to be playable."""

    def __init__(self) -> None:
        self._mime = ""
        self._bytes = bytearray()
        self._open = ""  # base64 that does not end at a group of four

    def add(self, data: str, mime: str = "") -> None:
        """Take one piece."""
        self._mime = self._mime or mime
        data = self._open + data
        whole = len(data) // 4 * 4
        self._bytes += bytes_of(data[:whole])
        self._open = "" if data.endswith("=") else data[whole:]

    def frame(self) -> Frame | None:
        """The whole sound so far, if there is any; the next begins anew."""
        if not self._bytes:
            return None
        sound, mime = bytes(self._bytes), self._mime or RAW_SOUND
        self._bytes.clear()
        mime = mime_of_bytes(sound, mime)
        if mime.lower().startswith(("audio/l16", "audio/pcm")):
            sound, mime = wav(sound, rate_of(mime)), "audio/wav"
        return frames.media(mime, data=base64.b64encode(sound).decode())


def wav(samples: bytes, rate: int = RAW_SOUND_RATE) -> bytes:
    """16-bit mono little-endian samples with the header that players need."""
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + len(samples), b"WAVE")
        + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
        + struct.pack("<4sI", b"data", len(samples))
        + samples
    )


def rate_of(mime: str) -> int:
    """The sampling rate a type names."""
    named = re.search(r"rate=(\d{4,6})\b", mime, re.ASCII)
    return int(named[1]) if named else RAW_SOUND_RATE
