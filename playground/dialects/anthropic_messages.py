"""Messages: blocks that start, grow by deltas and stop; errors and pings are events too."""

from typing import Any

from .. import frames as pieces
from ..frames import Frame
from .complaints import Complaint, complaint_in
from .envelope import Envelope
from .reader import Reader, stopped_by_filter
from .tool_calls import ToolCalls
from .usage import MessagesUsage
from .values import Json, fields, objects, place, words

TOOL_USES = ("tool_use", "server_tool_use", "mcp_tool_use")


class MessagesReader(Reader):
    """Reads events and whole messages: a whole message is its blocks, each started and stopped at once."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope)
        self._calls = ToolCalls()
        self._inputs: dict[int, Any] = {}  # of open tool blocks: the input they started with
        self._counts = MessagesUsage()

    def event(self, name: bytes | None, value: Json, frames: list[Frame]) -> None:
        """Read one event; pings and what is new are passed by."""
        kind = value.get("type") or (name.decode("utf-8", "replace") if name else "")
        if kind == "content_block_delta":
            self._delta(value, frames)
        elif kind == "content_block_start":
            self._start(fields(value.get("content_block")), place(value.get("index")), frames)
        elif kind == "content_block_stop":
            self._stop(place(value.get("index")), frames)
        elif kind == "message_start":
            self._counts.read(fields(value.get("message")).get("usage"))
        elif kind == "message_delta":
            self._counts.read(value.get("usage"))
            self._ending(fields(value.get("delta")), frames)
        elif kind == "message_stop":
            self._counts.read(value.get("usage"))
            self._is_done = True
            self.end(frames)
        elif kind == "message":
            self.whole(value, frames)
        elif kind == "error":
            self.fail(complaint_in(value, failed=True) or Complaint(), frames)
        elif value.get("error") or value.get("object") == "error" or not kind:
            self.fail_by_stray(value, frames)

    def whole(self, value: Any, frames: list[Frame]) -> bool:
        """Read a message that was not streamed."""
        content = value.get("content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        if value.get("type") == "error" or not isinstance(content, list):
            return self.fail_by(value, frames)
        for index, block in enumerate(objects(content)):
            self._start(block, index, frames)
            self._stop(index, frames)
        self._counts.read(value.get("usage"))
        self._ending(value, frames)
        self._is_done = True
        return True

    def usage(self) -> Frame | None:
        """The counts of start and end together."""
        return self._counts.frame()

    def _delta(self, value: Json, frames: list[Frame]) -> None:
        delta = value["delta"]
        kind = delta.get("type")
        if kind == "text_delta":
            if text := words(delta.get("text")):
                frames.append(pieces.text(text))
        elif kind == "thinking_delta":
            if thought := words(delta.get("thinking")):
                frames.append(pieces.reasoning(thought))
        elif kind == "input_json_delta":
            index = place(value.get("index"))
            if frame := self._calls.piece(index, None, None, words(delta.get("partial_json"))):
                frames.append(frame)
        elif kind == "citations_delta":
            _cite(fields(delta.get("citation")), frames)

    def _start(self, block: Json, index: int, frames: list[Frame]) -> None:
        kind = words(block.get("type"))
        if kind in TOOL_USES:
            self._inputs[index] = block.get("input")
            frames.append(self._calls.first(index, block.get("id"), block.get("name")))
        elif kind == "text":
            if text := words(block.get("text")):
                frames.append(pieces.text(text))
            for citation in objects(block.get("citations")):
                _cite(citation, frames)
        elif kind == "thinking":
            if thought := words(block.get("thinking")):
                frames.append(pieces.reasoning(thought))
        elif kind == "redacted_thinking":
            # There was thinking, and nobody may read it: an empty piece that says so.
            frames.append({**pieces.reasoning(""), "redacted": True})
        elif kind.endswith("_tool_result"):
            _cite_found(block.get("content"), frames)

    def _stop(self, index: int, frames: list[Frame]) -> None:
        if index not in self._inputs:
            return
        given = self._inputs.pop(index)
        # An input that never came by deltas stood whole in the block's start; none at all means {}.
        if not self._calls.has_spoken(index) and (frame := self._calls.piece(index, None, None, given or {})):
            frames.append(frame)

    def _ending(self, value: Json, frames: list[Frame]) -> None:
        reason = words(value.get("stop_reason"))
        self.end_reason = reason or self.end_reason
        if reason == "refusal":
            details = fields(value.get("stop_details"))
            explanation = words(details.get("explanation")) or words(details.get("message"))
            frames.append(stopped_by_filter(reason, explanation, 0))


def _cite(source: Json, frames: list[Frame]) -> None:
    url = words(source.get("url")) or words(source.get("source"))
    title = words(source.get("title")) or words(source.get("document_title"))
    quote = words(source.get("cited_text"))
    if url or title or quote:
        frames.append(pieces.citation(url or None, title or None, quote or None))


def _cite_found(content: Any, frames: list[Frame]) -> None:
    """What a search or a fetch of the vendor's own tools found."""
    for found in [content] if isinstance(content, dict) else objects(content):
        if url := words(found.get("url")):
            title = words(found.get("title")) or words(fields(found.get("content")).get("title"))
            frames.append(pieces.citation(url, title or None))
