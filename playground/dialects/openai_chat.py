"""Chat completions and completions: the dialect that everybody speaks, each with an accent."""

from collections.abc import Callable
from typing import Any

from .. import frames as pieces
from ..frames import Frame
from . import media, usage
from .envelope import Envelope
from .media import Sound
from .reader import Reader, stopped_by_filter
from .thinking import ThinkTag
from .tool_calls import ToolCalls
from .values import Json, fields, objects, place, words


class ChatReader(Reader):
    """Reads chunks and whole answers: a `delta` is a small `message`, so both are read by the same lines."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope)
        self._answering: set[int] = set()  # choices past any <think>
        self._openings: dict[int, ThinkTag] = {}
        self._begun: set[int] = set()
        self._by_deltas: set[int] = set()
        self._ended: set[int] = set()
        self._refused: set[int] = set()
        self._calls = ToolCalls()
        self._last_call: dict[int, tuple[int, Any]] = {}
        self._sounds: dict[int, Sound] = {}
        self._cited: set[tuple[str, str, str]] = set()
        self._broke_off = False  # a choice ended by `error` and did not say which
        self._usage: Any = None

    @property
    def finished(self) -> bool:
        """Either mark ends it: `[DONE]`, or a finish reason for every choice that began."""
        return self._is_done or (bool(self._ended) and self._ended >= self._begun)

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one chunk."""
        choices = value.get("choices")
        if choices:
            for choice in choices:
                self._choice(choice, frames)
        counted = value.get("usage")
        if "x_groq" in value:
            counted = counted or fields(value["x_groq"]).get("usage")
        if counted:
            self._usage = counted
        if value.get("error"):
            self.fail_by(value, frames)
        elif choices is None and not counted:
            self.fail_by_stray(value, frames)
        if self._broke_off:
            self.fail_as("error_event", "", frames)
        if "citations" in value or "search_results" in value:
            self._searched(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read an answer that was not streamed."""
        self.event(None, value, frames)
        self._is_done = isinstance(value.get("choices"), list)
        return self._is_done or self.failed

    def done(self, frames: list[Frame]) -> None:
        """`[DONE]` ends the stream."""
        self._is_done = True
        self.end(frames)

    def end(self, frames: list[Frame]) -> None:
        """Give out half a tag that was held back, joined sound, and the usage."""
        for index, opening in self._openings.items():
            self._told(opening.rest(), index, frames)
        self._openings.clear()
        for sound in self._sounds.values():
            if whole := sound.frame():
                frames.append(whole)
        super().end(frames)

    def usage(self) -> Frame | None:
        """The last usage that was not null."""
        return usage.openai(self._usage)

    def _choice(self, choice: Json, frames: list[Frame]) -> None:
        index = place(choice.get("index"))
        if index not in self._begun:
            self._begun.add(index)
        if said := choice.get("delta"):
            self._by_deltas.add(index)
            self._said(said, index, frames)
        elif index not in self._by_deltas:  # a `message` beside an empty last delta is the whole answer once more
            self._undivided(choice, index, frames)
        if (reason := choice.get("finish_reason")) and reason != "null":
            self._usage = choice.get("usage") or self._usage
            self._finish(reason, choice, index, frames)
        elif "error" in choice:
            self.fail_by(choice, frames)

    def _undivided(self, choice: Json, index: int, frames: list[Frame]) -> None:
        if said := choice.get("message"):
            self._said(said, index, frames)
        elif text := choice.get("text"):
            self._content(text, index, frames)

    def _said(self, said: Json, index: int, frames: list[Frame]) -> None:
        thought = said.get("reasoning_content") or said.get("reasoning")
        if thought and isinstance(thought, str):
            frames.append(pieces.reasoning(thought, index))
        elif details := said.get("reasoning_details"):
            self._reasoning_details(details, index, frames)
        elif "thinking" in said or "reasoning_text" in said:
            self._thinking(said, index, frames)
        content = said.get("content")
        if content:
            self._content(content, index, frames)
        if len(said) > 1 or not content:
            for field, piece in said.items():
                if piece and field in _FURTHER_FIELDS:
                    _FURTHER_FIELDS[field](self, piece, index, frames)

    def _content(self, content: Any, index: int, frames: list[Frame]) -> None:
        if not isinstance(content, str):
            self._parts(content, index, frames)
        elif index in self._answering:
            frames.append(pieces.text(content, index))
        else:
            opening = self._openings.setdefault(index, ThinkTag())
            self._told(opening.feed(content), index, frames)
            if opening.is_past:
                self._answering.add(index)
                del self._openings[index]

    def _told(self, said: list[tuple[bool, str]], index: int, frames: list[Frame]) -> None:
        frames += [(pieces.reasoning if thinking else pieces.text)(piece, index) for thinking, piece in said]

    def _parts(self, parts: Any, index: int, frames: list[Frame]) -> None:
        """Content as a list of parts, as some vendors send it."""
        for part in objects(parts):
            if thought := part.get("thinking"):
                said = (
                    thought
                    if isinstance(thought, str)
                    else "".join(words(each.get("text")) for each in objects(thought))
                )
                if said:
                    frames.append(pieces.reasoning(said, index))
            elif text := words(part.get("text")):
                self._content(text, index, frames)
            else:
                self._images([part], index, frames)

    def _thinking(self, said: Json, index: int, frames: list[Frame]) -> None:
        """The rarer names of the same."""
        if thought := words(said.get("thinking")) or words(said.get("reasoning_text")):
            frames.append(pieces.reasoning(thought, index))

    def _reasoning_details(self, details: Any, index: int, frames: list[Frame]) -> None:
        for detail in objects(details):
            if piece := words(detail.get("text")) or words(detail.get("summary")):
                frames.append(pieces.reasoning(piece, index))

    def _tool_calls(self, calls: Any, index: int, frames: list[Frame]) -> None:
        for call in objects([calls] if isinstance(calls, dict) else calls):
            asked = fields(call.get("function") or call.get("custom"))
            key = self._key_of(call, asked, index)
            self._last_call[index] = key
            arguments = asked.get("arguments") if "arguments" in asked else asked.get("input")
            if frame := self._calls.piece(key, call.get("id"), asked.get("name"), arguments):
                frames.append(frame)

    def _key_of(self, call: Json, asked: Json, choice: int) -> tuple[int, Any]:
        """Which call a piece belongs to: by index; else by id; else the last one, unless it names a function anew."""
        id, name = words(call.get("id")), words(asked.get("name"))
        if (at := call.get("index")) is not None:
            key = (choice, place(at))
            known = self._calls.id_of(key)
            # Some vendors give every parallel call index 0, each with an id of its own.
            if known and id and name and id != known:
                self._calls.begin(key)
            return key
        if id:
            return (choice, id)
        last = self._last_call.get(choice)
        if name or last is None:
            return (choice, object())
        return last

    def _function_call(self, call: Any, index: int, frames: list[Frame]) -> None:
        """The old spelling of a single tool call."""
        asked = fields(call)
        if frame := self._calls.piece((index, "function_call"), None, asked.get("name"), asked.get("arguments")):
            frames.append(frame)

    def _refusal(self, refusal: Any, index: int, frames: list[Frame]) -> None:
        if piece := words(refusal):
            self._refused.add(index)
            frames.append(pieces.refusal(piece, index))

    def _images(self, images: Any, index: int, frames: list[Frame]) -> None:
        for image in objects(images):
            address = image.get("image_url")
            inline = fields(image.get("inline_data") or image.get("source")) or image
            if url := words(address) or words(fields(address).get("url")):
                frames.append(media.linked(url, "image/png"))
            elif data := words(inline.get("b64_json")) or words(inline.get("data")):
                frames.append(_inline_picture(data, inline))

    def _mixed(self, parts: Any, index: int, frames: list[Frame]) -> None:
        """Parts beside a `content` that repeats their text: only what is no text is new."""
        self._images([part for part in objects(parts) if "text" not in part], index, frames)

    def _audio(self, audio: Any, index: int, frames: list[Frame]) -> None:
        sound = fields(audio)
        if transcript := words(sound.get("transcript")):
            frames.append(pieces.text(transcript, index))
        if data := words(sound.get("data")):
            self._sounds.setdefault(index, Sound()).add(data)

    def _annotations(self, annotations: Any, index: int, frames: list[Frame]) -> None:
        for annotation in objects(annotations):
            cited = fields(annotation.get("url_citation")) or annotation
            self._cite(cited.get("url"), cited.get("title"), frames, quote=cited.get("content"), index=index)

    def _searched(self, value: Json, frames: list[Frame]) -> None:
        """Sources beside the choices, as searching vendors repeat them with every chunk; those with titles are better."""
        found = objects(value.get("search_results"))
        for result in found:
            self._cite(result.get("url"), result.get("title"), frames)
        addresses = value.get("citations")
        if not found and isinstance(addresses, list):
            for url in addresses:
                self._cite(url, None, frames)

    def _cite(self, url: Any, title: Any, frames: list[Frame], quote: Any = None, index: int = 0) -> None:
        source = (words(url), words(title), words(quote))
        if any(source) and source not in self._cited:
            self._cited.add(source)
            frames.append(pieces.citation(source[0] or None, source[1] or None, source[2] or None, index))

    def _finish(self, reason: Any, choice: Json, index: int, frames: list[Frame]) -> None:
        self._ended.add(index)
        reason = str(reason)
        self.end_reason = self.end_reason or reason
        if reason == "error" or choice.get("error"):
            self._broke_off = not self.fail_by(choice, frames)
        elif reason == "content_filter" and index not in self._refused:
            self._refused.add(index)
            frames.append(stopped_by_filter(reason, "", index))


_FURTHER_FIELDS: dict[str, Callable[[ChatReader, Any, int, list[Frame]], None]] = {
    "tool_calls": ChatReader._tool_calls,
    "function_call": ChatReader._function_call,
    "refusal": ChatReader._refusal,
    "images": ChatReader._images,
    "multi_mod_content": ChatReader._mixed,
    "audio": ChatReader._audio,
    "annotations": ChatReader._annotations,
}


def _inline_picture(data: str, told: Json) -> Frame:
    """A picture as bare base64, with the type it names or shows."""
    if data.startswith("data:"):
        return media.linked(data, "image/png")
    named = words(told.get("mime_type")) or words(told.get("media_type"))
    return pieces.media(named or media.mime_of_base64(data, "image/png"), data=data)
