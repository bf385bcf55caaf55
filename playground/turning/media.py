"""Pictures, sounds, films and files as pieces: by an address, or as data with a type."""

import mimetypes
import re

from playground.turning.source import Held

# Stands for an uploaded file until the call is sent, in whatever field the dialect has for it.
MARK = "@file:"
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,(.*)", re.DOTALL)
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
_SAME = {"audio/mpeg": "audio/mp3", "audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "image/jpg": "image/jpeg"}
FORMATS = {"wav": "audio/wav", "mp3": "audio/mp3"}
KINDS = ("image", "audio", "video")
# What a type is taken to be when nothing tells it.
USUAL = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4", "file": "application/pdf"}


def from_address(held: Held, kind: str) -> tuple[str, dict[str, Held]]:
    """The kind and facts of a medium by its address, which may be a data URL or the mark of an uploaded file."""
    address = held.value
    if address.startswith(MARK):
        mime = guessed(address) or USUAL[kind]
        return kind_of(mime), {"mime": held.as_(mime), "data": held}
    if found := _DATA.fullmatch(address):
        mime = same(found[1])
        return kind_of(mime), {"mime": held.as_(mime), "data": held.as_(found[2])}
    return kind, {"url": held}


def address_of(mime: str, data: str) -> str:
    """Data as an address."""
    return data if data.startswith(MARK) else f"data:{mime};base64,{data}"


def kind_of(mime: str) -> str:
    """Which kind of medium a type is."""
    kind = mime.partition("/")[0]
    return kind if kind in KINDS else "file"


def is_mime(text: str) -> bool:
    """Whether a text is the name of a type at all."""
    return _MIME.fullmatch(text) is not None


def same(mime: str) -> str:
    """One spelling of a type that has several."""
    lower = mime.lower()
    return _SAME.get(lower, lower)


def guessed(address: str) -> str:
    """The type that the end of an address or of a file's name tells."""
    mime, _packed = mimetypes.guess_type(address.partition("?")[0])
    return same(mime or "")
