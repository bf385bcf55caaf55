"""generateContent: every chunk is a whole response object with only the new parts in it."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from . import json_text, usage
from .envelope import Envelope
from .media import RAW_SOUND, UNKNOWN, Sound
from .reader import Reader, stopped_by_filter
from .tool_calls import ToolCalls
from .values import Json, fields, objects, place, words

ANSWER_FIELDS = ("candidates", "promptFeedback", "usageMetadata")

FILTERED = frozenset(
    (
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
    )
)


class GeminiReader(Reader):
    """Reads response objects: events, members of an array, or the one of an answer that was not streamed."""

    values = True

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope)
        self._calls = ToolCalls()
        self._sounds: dict[int, Sound] = {}
        self._drafts = 0
        self._cited: set[tuple[str, str]] = set()
        self._begun: set[int] = set()
        self._ended: set[int] = set()
        self._usage: Any = None

    @property
    def finished(self) -> bool:
        """A finish reason for every candidate that began, or a prompt that was blocked."""
        return self._is_done or (bool(self._ended) and self._ended >= self._begun)

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one response object."""
        if candidates := value.get("candidates"):
            for candidate in candidates:
                self._candidate(candidate, frames)
        if counted := value.get("usageMetadata"):
            self._usage = counted
        if feedback := value.get("promptFeedback"):
            self._blocked(fields(feedback), frames)
        if value.get("error") or not (candidates or counted or feedback):
            self.fail_by_stray(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read the single object of an answer that was not streamed; any other answer of this family is JSON."""
        self.event(None, value, frames)
        self._is_done = True
        if not self.failed and not any(name in value for name in ANSWER_FIELDS):
            frames.append(pieces.json(value))
        return True

    def end(self, frames: list[Frame]) -> None:
        """Give out joined sound and the usage."""
        for sound in self._sounds.values():
            if whole := sound.frame():
                frames.append(whole)
        super().end(frames)

    def usage(self) -> Frame | None:
        """The last of the counts that come with every chunk."""
        return usage.gemini(self._usage)

    def _candidate(self, candidate: Json, frames: list[Frame]) -> None:
        index = place(candidate.get("index"))
        self._begun.add(index)
        if content := candidate.get("content"):
            for part in content.get("parts") or ():
                self._part(part, index, frames)
        for name in ("groundingMetadata", "citationMetadata", "urlContextMetadata"):
            if name in candidate:
                self._sources(fields(candidate[name]), frames)
        if reason := words(candidate.get("finishReason")):
            self._ended.add(index)
            self.end_reason = self.end_reason or reason
            if reason in FILTERED:
                frames.append(stopped_by_filter(reason, words(candidate.get("finishMessage")), index))

    def _part(self, part: Json, index: int, frames: list[Frame]) -> None:
        if text := part.get("text"):
            if isinstance(text, str):
                frames.append((pieces.reasoning if part.get("thought") else pieces.text)(text, index))
        elif inline := fields(part.get("inlineData") or part.get("inline_data")):
            self._inline(inline, bool(part.get("thought")), index, frames)
        elif call := part.get("functionCall"):
            self._call(call.get("id"), call.get("name"), call.get("args"), frames)
        elif code := part.get("executableCode"):
            self._call(None, "code_execution", code, frames)
        elif (file := fields(part.get("fileData"))) and (url := words(file.get("fileUri"))):
            frames.append(pieces.media(words(file.get("mimeType")) or UNKNOWN, url=url))

    def _inline(self, inline: Json, is_draft: bool, index: int, frames: list[Frame]) -> None:
        mime, data = words(inline.get("mimeType")) or words(inline.get("mime_type")), words(inline.get("data"))
        if not data:
            return
        if mime.lower().startswith("audio/"):
            self._sounds.setdefault(index, Sound()).add(data, mime or RAW_SOUND)
        elif is_draft:
            frames.append(pieces.media(mime or "image/png", data=data, partial=self._drafts))
            self._drafts += 1
        else:
            frames.append(pieces.media(mime or "image/png", data=data))

    def _call(self, id: Any, name: Any, arguments: Any, frames: list[Frame]) -> None:
        """A call comes whole in one part; its arguments are a value and become JSON text."""
        if frame := self._calls.piece(object(), id, name, json_text.text_of(arguments or {})):
            frames.append(frame)

    def _sources(self, told: Json, frames: list[Frame]) -> None:
        for chunk in objects(told.get("groundingChunks")):
            found = fields(chunk.get("web")) or fields(chunk.get("retrievedContext")) or fields(chunk.get("maps"))
            self._cite(found.get("uri"), found.get("title"), frames)
        for cited in objects(told.get("citationSources") or told.get("citations")):
            self._cite(cited.get("uri"), cited.get("title"), frames)
        for page in objects(told.get("urlMetadata")):
            self._cite(page.get("retrievedUrl"), None, frames)

    def _cite(self, url: Any, title: Any, frames: list[Frame]) -> None:
        source = (words(url), words(title))
        if any(source) and source not in self._cited:
            self._cited.add(source)
            frames.append(pieces.citation(source[0] or None, source[1] or None))

    def _blocked(self, feedback: Json, frames: list[Frame]) -> None:
        reason = words(feedback.get("blockReason"))
        if reason and not self._is_done:
            self._is_done = True
            self.end_reason = reason
            frames.append(stopped_by_filter(reason, words(feedback.get("blockReasonMessage")), 0))
