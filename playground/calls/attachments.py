"""Uploaded files put in their places: `@file:cat.png` stands for the file until the call is sent."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.calls.bad_call import BadCall
from playground.calls.json_text import string_values

MARK = "@file:"
MOST_BYTES = 128 * 2**20
PIECE = 3 * 2**18  # a multiple of three: pieces of base64 then join without padding between them

# Fields that hold bare base64 (Anthropic and Gemini `data`, OpenAI `input_audio.data`) and fields that hold a data URL.
# Anywhere else "@file:" is ordinary text, a prompt for example.
BARE = frozenset({"consentAudio", "data", "voiceSampleAudio"})
DATA_URL = frozenset(
    {
        "base64",
        "base64Array",
        "file_data",
        "image",
        "image_url",
        "images",
        "maskBase64",
        "sourceBase64",
        "targetBase64",
        "url",
        "video_url",
    }
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One uploaded file: its bytes, or where they lie."""

    name: str
    mime: str
    content: bytes | Path

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, never all at once where they lie in a file."""
        if isinstance(self.content, bytes):
            yield from (self.content[at : at + PIECE] for at in range(0, len(self.content), PIECE))
            return
        with self.content.open("rb") as file:
            while data := file.read(PIECE):
                yield data


class Body:
    """A body that is written piece by piece, so that it is in memory once; one file may be named many times."""

    def __init__(self) -> None:
        self._out = io.BytesIO()

    def write(self, data: bytes) -> None:
        """Take some more. Raises BadCall past the limit."""
        if self._out.tell() + len(data) > MOST_BYTES:
            raise BadCall("files_large", "body", limit=MOST_BYTES >> 20)
        self._out.write(data)

    def content(self) -> bytes:
        """All of it."""
        return self._out.getvalue()


@dataclass(frozen=True, slots=True)
class _Place:
    """A text that begins with the mark: the field it stands in, and that field's object."""

    text: str
    field: str
    holder: Mapping[str, Any]


def with_files(text: str, value: Any, attachments: Mapping[str, Attachment]) -> bytes:
    """A JSON text with every mark in a file field replaced by the file; all other characters stay."""
    if MARK not in text:
        return text.encode()
    body, at = Body(), 0
    spans = [span for span in string_values(text) if _is_mark(text, *span)]
    # Both lists are in document order, so they belong together pair by pair.
    for (start, end), place in zip(spans, _places(value, "", {}), strict=True):
        if place.field in BARE | DATA_URL:
            body.write(text[at:start].encode())
            _put(body, place, attachments)
            at = end
    body.write(text[at:].encode())
    return body.content()


def _is_mark(text: str, start: int, end: int) -> bool:
    # The mark may be spelled with escapes; few strings begin like it, so few are read.
    return text[start + 1] in "@\\" and json.loads(text[start:end]).startswith(MARK)


def file_named(mark: str, field: str, attachments: Mapping[str, Attachment]) -> Attachment:
    """The file that a mark stands for."""
    name = mark.removeprefix(MARK)
    if name not in attachments:
        raise BadCall("file_missing", field, name=name)
    return attachments[name]


def _places(value: Any, field: str, holder: Mapping[str, Any]) -> Iterator[_Place]:
    if isinstance(value, str) and value.startswith(MARK):
        yield _Place(value, field, holder)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, name, value)
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner, field, holder)


def _put(body: Body, place: _Place, attachments: Mapping[str, Attachment]) -> None:
    file = file_named(place.text, place.field, attachments)
    if place.field in BARE and place.holder.get("type") == "text":
        # Anthropic's text source carries the text itself.
        body.write(json.dumps(_as_text(file, place.field), ensure_ascii=False).encode())
        return
    body.write(b'"' if place.field in BARE else json.dumps(f"data:{file.mime};base64,").encode()[:-1])
    for piece in file.pieces():
        body.write(base64.b64encode(piece))
    body.write(b'"')


def _as_text(file: Attachment, field: str) -> str:
    try:
        return b"".join(file.pieces()).decode()
    except UnicodeDecodeError:
        raise BadCall("file_not_text", field, name=file.name) from None
