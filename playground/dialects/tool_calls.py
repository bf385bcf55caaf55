"""Tool calls of one answer, numbered in the order in which they begin, whatever the vendor numbers them by."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from .. import frames
from ..frames import Frame
from . import json_text


@dataclass
class _Call:
    number: int
    id: str | None = None
    name: str | None = None
    spoken: bool = False


class ToolCalls:
    """Gives tool call frames: an id and a name once, then only more of the arguments."""

    def __init__(self) -> None:
        self._calls: dict[Hashable, _Call] = {}
        self._count = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._calls

    def id_of(self, key: Hashable) -> str | None:
        """The id the call began with."""
        return self._calls[key].id if key in self._calls else None

    def has_spoken(self, key: Hashable) -> bool:
        """Whether any of the call's arguments were given."""
        return key in self._calls and self._calls[key].spoken

    def begin(self, key: Hashable) -> None:
        """The next piece with this key belongs to a new call."""
        self._calls[key] = _Call(self._count)
        self._count += 1

    def first(self, key: Hashable, id: Any, name: Any) -> Frame:
        """The frame that begins a call anew."""
        self.begin(key)
        call = self._calls[key]
        call.id, call.name = _given(id), _given(name)
        return frames.tool_call(call.number, call.id, call.name, "")

    def piece(self, key: Hashable, id: Any, name: Any, arguments: Any) -> Frame | None:
        """The frame of one piece, begun if need be; nothing where it tells nothing new."""
        is_new = key not in self._calls
        if is_new:
            self.begin(key)
        call = self._calls[key]
        new_id = None if call.id else _given(id)
        new_name = None if call.name else _given(name)
        text = arguments_text(arguments)
        if not (is_new or new_id or new_name or text):
            return None
        call.id, call.name, call.spoken = call.id or new_id, call.name or new_name, call.spoken or bool(text)
        return frames.tool_call(call.number, new_id, new_name, text)


def _given(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def arguments_text(arguments: Any) -> str:
    """Arguments as the text that is joined: a piece of text as it is, a value as JSON."""
    if isinstance(arguments, str):
        return arguments
    return "" if arguments is None else json_text.text_of(arguments)
