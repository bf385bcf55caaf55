"""Responses: many small events around output items, and the whole answer once more in the last one."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from . import usage
from .complaints import Complaint, complaint_in
from .envelope import Envelope
from .media import Sound, mime_of_base64
from .reader import Reader, stopped_by_filter
from .tool_calls import ToolCalls
from .values import Json, fields, objects, place, words

CALLS = {"function_call": "arguments", "custom_tool_call": "input", "mcp_call": "arguments"}
BETWEEN_THOUGHTS = "\n\n"  # a summary is several paragraphs, each an own part


class ResponsesReader(Reader):
    """Reads events and whole answers. What was given by deltas is never given again by the events that repeat it."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope)
        self._calls = ToolCalls()
        self._spoken: set[tuple[Any, ...]] = set()  # parts and items that were given
        self._kinds: set[str] = set()  # kinds of items of which anything was given
        self._thought: tuple[Any, ...] | None = None
        self._sound = Sound()
        self._usage: Any = None

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one event; those of no interest to a reader are passed by."""
        kind = value.get("type") or (name.decode("utf-8", "replace") if name else "")
        if kind == "response.output_text.delta":
            self._delta("text", value, frames)
        elif read := _EVENTS.get(kind):
            read(self, value, frames)
        elif value.get("object") == "response":
            self._closing(value, frames)
        elif value.get("error") or value.get("object") == "error" or not kind:
            self.fail_by_stray(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read an answer that was not streamed."""
        if value.get("object") == "response" or isinstance(value.get("output"), list):
            self._closing(value, frames)
            self._is_done = True
            return True
        return self.fail_by(value, frames)

    def end(self, frames: list[Frame]) -> None:
        """Give out joined sound and the usage."""
        if sound := self._sound.frame():
            frames.append(sound)
        super().end(frames)

    def usage(self) -> Frame | None:
        """The usage of the closing event."""
        return usage.openai(self._usage)

    def _delta(self, kind: str, value: Json, frames: list[Frame]) -> None:
        piece = value.get("delta")
        if piece and isinstance(piece, str):
            self._say(kind, piece, _part(kind, value), frames)

    def _say(self, kind: str, piece: str, part: tuple[Any, ...], frames: list[Frame]) -> None:
        if kind == "text":
            frames.append(pieces.text(piece))
        elif kind == "refusal":
            frames.append(pieces.refusal(piece))
        else:
            frames.append(pieces.reasoning(self._paragraph(part) + piece))
        if part not in self._spoken:
            self._spoken.add(part)
            self._mark(part[1], part[2], "reasoning" if kind in THOUGHTS else "message")

    def _paragraph(self, part: tuple[Any, ...]) -> str:
        before, self._thought = self._thought, part
        return BETWEEN_THOUGHTS if before not in (None, part) else ""

    def _mark(self, at: Any, id: Any, kind: str) -> None:
        self._spoken.add(("at", at))
        self._spoken.add(("id", id))
        self._kinds.add(kind)

    def _part_done(self, kind: str, field: str, value: Json, frames: list[Frame]) -> None:
        """Some gateways send no deltas, only the finished part."""
        part = _part(kind, value)
        if part not in self._spoken and (piece := words(value.get(field))):
            self._say(kind, piece, part, frames)

    def _item_added(self, value: Json, frames: list[Frame]) -> None:
        item = fields(value.get("item"))
        if item.get("type") in CALLS:
            self._call(_item_key(value, item), item, "", frames)

    def _item_done(self, value: Json, frames: list[Frame]) -> None:
        self._item(fields(value.get("item")), value.get("output_index"), frames)

    def _item(self, item: Json, at: Any, frames: list[Frame]) -> None:
        """Give of a finished item what its events have not given."""
        kind, id = item.get("type"), item.get("id")
        where = {"output_index": at, "item_id": id}
        if kind in CALLS:
            key = _item_key(where, item)
            rest = "" if self._calls.has_spoken(key) else item.get(CALLS[kind])
            self._call(key, item, rest, frames)
        elif kind == "message":
            self._message(item, where, frames)
        elif kind == "reasoning" and not self._was_spoken(at, id):
            self._thoughts(item, where, frames)
        elif kind == "image_generation_call":
            self._picture(item, frames)
        elif kind == "web_search_call":
            for source in objects(fields(item.get("action")).get("sources")):
                self._cite(source, frames)

    def _was_spoken(self, at: Any, id: Any) -> bool:
        if {("at", None), ("id", None)} <= self._spoken:  # deltas that name no item: any may be theirs
            return True
        return (at is not None and ("at", at) in self._spoken) or (id is not None and ("id", id) in self._spoken)

    def _message(self, item: Json, where: Json, frames: list[Frame]) -> None:
        spoken = self._was_spoken(where["output_index"], where["item_id"])
        for index, part in enumerate(objects(item.get("content"))):
            kind = {"output_text": "text", "refusal": "refusal"}.get(words(part.get("type")))
            piece = words(part.get("text")) or words(part.get("refusal"))
            if kind and piece and not spoken:
                self._say(kind, piece, (kind, where["output_index"], where["item_id"], index), frames)
            for annotation in objects(part.get("annotations")):
                self._cite(annotation, frames)

    def _thoughts(self, item: Json, where: Json, frames: list[Frame]) -> None:
        for kind, name in (("summary", "summary"), ("thought", "content")):
            for index, part in enumerate(objects(item.get(name))):
                if piece := words(part.get("text")):
                    self._say(kind, piece, (kind, where["output_index"], where["item_id"], index), frames)

    def _call(self, key: Any, item: Json, arguments: Any, frames: list[Frame]) -> None:
        self._kinds.add(words(item.get("type")))
        id = item.get("call_id") or item.get("id")
        if frame := self._calls.piece(key, id, item.get("name"), arguments):
            frames.append(frame)

    def _arguments_delta(self, value: Json, frames: list[Frame]) -> None:
        if frame := self._calls.piece(_item_key(value, {}), None, None, value.get("delta")):
            frames.append(frame)

    def _arguments_done(self, value: Json, frames: list[Frame]) -> None:
        key = _item_key(value, {})
        rest = value.get("arguments") if "arguments" in value else value.get("input")
        if not self._calls.has_spoken(key) and (frame := self._calls.piece(key, None, value.get("name"), rest)):
            frames.append(frame)

    def _partial_picture(self, value: Json, frames: list[Frame]) -> None:
        if data := words(value.get("partial_image_b64")):
            mime = _picture_type(value, data)
            frames.append(pieces.media(mime, data=data, partial=place(value.get("partial_image_index"))))

    def _picture(self, item: Json, frames: list[Frame]) -> None:
        data, mark = words(item.get("result")), ("picture", item.get("id"))
        if data and mark not in self._spoken:
            self._spoken.add(mark)
            self._kinds.add("image_generation_call")
            frames.append(pieces.media(_picture_type(item, data), data=data))

    def _annotation(self, value: Json, frames: list[Frame]) -> None:
        self._cite(fields(value.get("annotation")), frames)

    def _cite(self, source: Json, frames: list[Frame]) -> None:
        cited = fields(source.get("url_citation")) or source
        url, title = words(cited.get("url")), words(cited.get("title")) or words(cited.get("filename"))
        place_in_text = (cited.get("start_index"), cited.get("end_index"))
        mark = ("citation", url, title, *(place(each) for each in place_in_text))
        if (url or title) and mark not in self._spoken:
            self._spoken.add(mark)
            frames.append(pieces.citation(url or None, title or None))

    def _audio(self, value: Json, frames: list[Frame]) -> None:
        self._sound.add(words(value.get("delta")))

    def _closing(self, value: Json, frames: list[Frame]) -> None:
        """Read the whole answer: of each kind of item what was never given before, the usage, and how it ended."""
        given = frozenset(self._kinds)
        for at, item in enumerate(objects(value.get("output"))):
            if item.get("type") not in given:
                self._item(item, at, frames)
        if not self._kinds and (text := words(value.get("output_text"))):
            self._say("text", text, _part("text", {}), frames)
        self._usage = value.get("usage") or self._usage
        status = words(value.get("status"))
        reason = words(fields(value.get("incomplete_details")).get("reason"))
        self.end_reason = reason or status or self.end_reason
        if reason == "content_filter":
            frames.append(stopped_by_filter(reason, "", 0))
        if value.get("error") or status == "failed":
            self.fail(complaint_in(value, failed=True) or Complaint(), frames)
        elif status in ("queued", "in_progress") and not self._kinds:
            frames.append(pieces.task(words(value.get("id")), "queued" if status == "queued" else "running"))

    def _ended(self, value: Json, frames: list[Frame]) -> None:
        self._closing(fields(value.get("response")), frames)
        self._is_done = True
        self.end(frames)

    def _failed(self, value: Json, frames: list[Frame]) -> None:
        response = fields(value.get("response"))
        self._usage = response.get("usage") or self._usage
        self.fail(complaint_in(response or value, failed=True) or Complaint(), frames)


THOUGHTS = ("summary", "thought")

_EVENTS = {
    "response.reasoning_summary_text.delta": lambda reader, value, frames: reader._delta("summary", value, frames),
    "response.reasoning_text.delta": lambda reader, value, frames: reader._delta("thought", value, frames),
    "response.refusal.delta": lambda reader, value, frames: reader._delta("refusal", value, frames),
    "response.audio.transcript.delta": lambda reader, value, frames: reader._delta("text", value, frames),
    "response.output_text.done": lambda reader, value, frames: reader._part_done("text", "text", value, frames),
    "response.reasoning_summary_text.done": lambda reader, value, frames: reader._part_done(
        "summary", "text", value, frames
    ),
    "response.reasoning_text.done": lambda reader, value, frames: reader._part_done("thought", "text", value, frames),
    "response.refusal.done": lambda reader, value, frames: reader._part_done("refusal", "refusal", value, frames),
    "response.output_text.annotation.added": ResponsesReader._annotation,
    "response.output_item.added": ResponsesReader._item_added,
    "response.output_item.done": ResponsesReader._item_done,
    "response.function_call_arguments.delta": ResponsesReader._arguments_delta,
    "response.custom_tool_call_input.delta": ResponsesReader._arguments_delta,
    "response.mcp_call_arguments.delta": ResponsesReader._arguments_delta,
    "response.function_call_arguments.done": ResponsesReader._arguments_done,
    "response.custom_tool_call_input.done": ResponsesReader._arguments_done,
    "response.mcp_call_arguments.done": ResponsesReader._arguments_done,
    "response.image_generation_call.partial_image": ResponsesReader._partial_picture,
    "response.audio.delta": ResponsesReader._audio,
    "response.completed": ResponsesReader._ended,
    "response.incomplete": ResponsesReader._ended,
    "response.done": ResponsesReader._ended,
    "response.failed": ResponsesReader._failed,
    "error": ResponsesReader._failed,
}


def _part(kind: str, value: Json) -> tuple[Any, ...]:
    """A name for the part of an item that an event speaks of."""
    inner = value.get("summary_index") if kind == "summary" else value.get("content_index")
    return (kind, value.get("output_index"), value.get("item_id"), inner)


def _item_key(value: Json, item: Json) -> tuple[str, Any]:
    """A call's key: its place among the items, which every event tells; else its id."""
    at = value.get("output_index")
    return ("id", value.get("item_id") or item.get("id")) if at is None else ("at", at)


def _picture_type(value: Json, data: str) -> str:
    named = words(value.get("output_format"))
    return f"image/{named}" if named else mime_of_base64(data, "image/png")
