"""All other answers: vectors, rankings, pictures, transcripts, speech, moderations, lists and balances."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from . import media, usage
from .envelope import Envelope
from .media import Sound
from .reader import Reader
from .values import Json, fields, objects, place, words

# What stands in frames of its own and is too heavy to be told twice; the raw events keep it.
HEAVY = frozenset(("b64_json", "embedding", "embeddings", "values"))

PICTURE_DONE = frozenset(("image_generation.completed", "image_edit.completed"))
PICTURE_DRAFT = frozenset(("image_generation.partial_image", "image_edit.partial_image"))


class WholeReader(Reader):
    """Reads any JSON answer: as `json`, and as what it is where that is known; and the small streams of these calls."""

    takes_any_json = True

    def __init__(self, envelope: Envelope, takes_plain_text: bool = False) -> None:
        super().__init__(envelope)
        self.takes_plain_text = takes_plain_text
        self._sound = Sound()
        self._has_text = False
        self._usage: Any = None

    @property
    def closed(self) -> bool:
        """Never: after one finished picture there may be another."""
        return False

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one event of a picture, speech or transcript stream."""
        kind = words(value.get("type")) or (name.decode("utf-8", "replace") if name else "")
        if kind == "transcript.text.delta":
            self._transcribe(words(value.get("delta")), frames)
        elif kind == "speech.audio.delta":
            self._sound.add(words(value.get("audio")) or words(value.get("delta")))
        elif kind in PICTURE_DRAFT:
            self._picture(value, frames, partial=place(value.get("partial_image_index")))
        elif kind in PICTURE_DONE:
            self._picture(value, frames)
            self._ended(value, frames)
        elif kind == "transcript.text.done":
            if not self._has_text:
                self._transcribe(words(value.get("text")), frames)
            self._ended(value, frames)
        elif kind == "speech.audio.done":
            self._ended(value, frames)
        else:
            self.fail_by(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read a whole answer."""
        if self.fail_by(value, frames):
            return True
        self._is_done = True
        if isinstance(value, dict):
            self._vectors(value, frames)
            self._ranking(value, frames)
            self._pictures(value, frames)
            if isinstance(value.get("text"), str):
                self._transcribe(value["text"], frames)
            self._usage = value.get("usage")
        frames.append(pieces.json(_light(value)))
        return True

    def done(self, frames: list[Frame]) -> None:
        """`[DONE]` ends the stream."""
        self._is_done = True
        self.end(frames)

    def plain_text(self, text: str, frames: list[Frame]) -> None:
        """A transcript as text, subtitles included."""
        self._is_done = True
        self._transcribe(text, frames)

    def end(self, frames: list[Frame]) -> None:
        """Give out joined sound and the usage."""
        if sound := self._sound.frame():
            frames.append(sound)
        super().end(frames)

    def usage(self) -> Frame | None:
        """The usage of the answer or its closing event."""
        return usage.openai(self._usage)

    def _ended(self, value: Json, frames: list[Frame]) -> None:
        self._usage = value.get("usage") or self._usage
        self._is_done = True

    def _transcribe(self, text: str, frames: list[Frame]) -> None:
        if text:
            self._has_text = True
            frames.append(pieces.text(text))

    def _picture(self, picture: Json, frames: list[Frame], partial: int | None = None, mime: str = "") -> None:
        data, url = words(picture.get("b64_json")), words(picture.get("url"))
        named = words(picture.get("output_format"))
        mime = f"image/{named}" if named else mime
        if data.startswith("data:"):
            frames.append(media.linked(data, "image/png"))
        elif data:
            frames.append(pieces.media(mime or media.mime_of_base64(data, "image/png"), data=data, partial=partial))
        elif url:
            frames.append(media.linked(url, "image/png"))

    def _pictures(self, value: Json, frames: list[Frame]) -> None:
        named = words(value.get("output_format"))
        for picture in objects(value.get("data")):
            if "b64_json" in picture or ("url" in picture and "object" not in picture):
                self._picture(picture, frames, mime=f"image/{named}" if named else "")

    def _vectors(self, value: Json, frames: list[Frame]) -> None:
        for at, row in enumerate(objects(value.get("data"))):
            if _is_vector(row.get("embedding")):
                index = row.get("index")
                frames.append(pieces.vector(at if index is None else place(index), row["embedding"]))
        gemini = [fields(value.get("embedding"))] if "embedding" in value else objects(value.get("embeddings"))
        for at, row in enumerate(gemini):
            if _is_vector(row.get("values")):
                frames.append(pieces.vector(at, row["values"]))

    def _ranking(self, value: Json, frames: list[Frame]) -> None:
        ranked = [_ranked(row) for row in objects(value.get("results")) if _score(row) is not None]
        if ranked:
            frames.append(pieces.ranking(ranked))


def _ranked(row: Json) -> Json:
    document = row.get("document")
    text = words(document) or words(fields(document).get("text"))
    return {"index": place(row.get("index")), "score": _score(row), **({"document": text} if text else {})}


def _score(row: Json) -> float | None:
    score = row.get("relevance_score", row.get("score"))
    return score if isinstance(score, int | float) and not isinstance(score, bool) else None


def _is_vector(value: Any) -> bool:
    return bool(value) and isinstance(value, list | str)


def _light(value: Any) -> Any:
    """The value without its heavy texts and vectors, which its answer carries in frames of their own."""
    if isinstance(value, dict):
        return {name: _light(each) for name, each in value.items() if name not in HEAVY or not _is_heavy(each)}
    return [_light(each) for each in value] if isinstance(value, list) else value


def _is_heavy(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_vector(value.get("values"))
    return isinstance(value, list | str)
