"""Uploaded files put in their places: `@file:cat.png` stands for the file until the call is sent."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.calls.bad_call import BadCall
from playground.calls.json_text import string_values

MARK = "@file:"

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
    """One uploaded file."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    """A text that begins with the mark: the field it stands in, and that field's object."""

    text: str
    field: str
    holder: Mapping[str, Any]


def with_files(text: str, value: Any, attachments: Mapping[str, Attachment]) -> str:
    """A JSON text with every mark in a file field replaced by the file; all other characters stay."""
    if MARK not in text:
        return text
    spans = [span for span in string_values(text) if _is_mark(text, *span)]
    pieces, at = [], 0
    # Both lists are in document order, so they belong together pair by pair.
    for (start, end), place in zip(spans, _places(value, "", {}), strict=True):
        if place.field in BARE | DATA_URL:
            pieces += [text[at:start], json.dumps(_content(place, attachments), ensure_ascii=False)]
            at = end
    return "".join([*pieces, text[at:]])


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


def _content(place: _Place, attachments: Mapping[str, Attachment]) -> str:
    file = file_named(place.text, place.field, attachments)
    if place.field in BARE and place.holder.get("type") == "text":
        # Anthropic's text source carries the text itself.
        return _as_text(file, place.field)
    encoded = base64.b64encode(file.content).decode()
    return encoded if place.field in BARE else f"data:{file.mime};base64,{encoded}"


def _as_text(file: Attachment, field: str) -> str:
    try:
        return file.content.decode()
    except UnicodeDecodeError:
        raise BadCall("file_not_text", field, name=file.name) from None
