"""The middle form: what a request says, apart from how a dialect spells it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from playground.turning.source import Held, Place

USER, ASSISTANT, SYSTEM = "user", "assistant", "system"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of what is said, or one tool: its kind, its facts, and the leaves that only give it its shape.

    Kinds: `text` (text, voice) · `image` `audio` `video` `file` (url, or mime and data; detail, name, file_id) ·
    `tool_call` (id, name, arguments or arguments_text) · `tool_result` (id, name, text) ·
    `tool` (name, description, schema, strict).
    """

    kind: str
    facts: Mapping[str, Held]
    shape: tuple[str, ...] = ()
    role: str = USER
    # Pieces of one message stand together.
    turn: int = 0

    def value(self, name: str) -> Any:
        """The bare value of a fact."""
        held = self.facts.get(name)
        return held.value if held else None


@dataclass(slots=True)
class Middle:
    """A request: settings by name, system texts, what is said in order, tools."""

    settings: dict[str, Held] = field(default_factory=dict)
    system: list[Piece] = field(default_factory=list)
    said: list[Piece] = field(default_factory=list)
    tools: list[Piece] = field(default_factory=list)

    def take_path(self, model: str, streams: bool) -> None:
        """What Gemini says in its path."""
        if model:
            self.settings["model"] = Held(model)
        if streams:
            self.settings["stream"] = Held(True)

    def turns(self) -> Iterator[tuple[str, list[Piece]]]:
        """What is said, message by message."""
        for (role, _turn), pieces in groupby(self.said, key=lambda piece: (piece.role, piece.turn)):
            yield role, list(pieces)


Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_switch(value: Any) -> bool:
    return isinstance(value, bool)


def is_object(value: Any) -> bool:
    return isinstance(value, dict)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


# What each plain setting must be to be understood.
CHECKS: dict[str, Check] = {
    "model": is_text, "max_output": is_whole, "temperature": is_number, "top_p": is_number, "top_k": is_number,
    "stop": is_texts, "seed": is_whole, "presence_penalty": is_number, "frequency_penalty": is_number,
    "candidates": is_whole, "stream": is_switch, "logprobs": is_switch, "top_logprobs": is_whole, "effort": is_text,
    "parallel": is_switch, "user": is_text, "metadata": is_object, "store": is_switch, "service_tier": is_text,
    "safety_identifier": is_text, "cache_key": is_text, "cache_retention": is_text, "verbosity": is_text,
}  # fmt: skip

Paths = Mapping[str, tuple[str, ...]]


def settings_in(document: Place, paths: Paths) -> dict[str, Held]:
    """The plain settings that stand at these paths and are what they should be."""
    found = {name: document.down(*path) for name, path in paths.items()}
    return {name: place.held() for name, place in found.items() if place and CHECKS[name](place.value)}
