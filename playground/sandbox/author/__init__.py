"""The pretend model: reads an ask and writes a reply that believes it."""

from dataclasses import dataclass, field
from typing import Literal

import orjson

from ..ask import Ask, Tool
from ..schema import value_for
from ..seed import Seed
from ..words import excerpt, first_tokens, is_chinese, pieces, tokens, words
from . import chinese, english
from .sources import Source, found

Finish = Literal["stop", "length", "tool", "stop_sequence"]
_HEARD = 4000
_BRIEF_WORDS = 12
_BRIEF_PIECES = 4


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that is called; `arguments` is JSON text, or plain text for a custom tool."""

    id: str
    name: str
    arguments: str
    custom: bool = False

    @property
    def pieces(self) -> list[str]:
        """The arguments as they stream."""
        return pieces(self.arguments, 12)


@dataclass(slots=True)
class Reply:
    """What the pretend model says. `text_pieces` joined are the text; tokens are counted as billed."""

    thinking: str = ""
    text: str = ""
    text_pieces: list[str] = field(default_factory=list)
    call: Call | None = None
    sources: list[Source] = field(default_factory=list)
    finish: Finish = "stop"
    stop: str = ""
    thinking_tokens: int = 0
    output_tokens: int = 0

    @property
    def thinking_pieces(self) -> list[str]:
        """The thinking as it streams."""
        return words(self.thinking)

    @property
    def length(self) -> int:
        """Words of the pace in all of it."""
        return len(self.text_pieces) + len(self.thinking_pieces) + (len(self.call.pieces) if self.call else 0)


def reply(ask: Ask, sample: int = 0) -> Reply:
    """The reply to an ask; `sample` tells several replies to one ask apart."""
    # The words depend on the prompt alone, so that a streamed answer is the whole one in pieces.
    seed = Seed(ask.prompt[:_HEARD], str(len(ask.prompt)), str(ask.turns), str(sample))
    said = Reply(call=_call(ask.tool, seed, ask) if ask.tool else None)
    said.thinking = _thinking(ask) if ask.thinks else ""
    forced = said.call is not None and ask.choice == "forced"
    if not forced:
        said.sources = found(ask) if ask.searches else []
        said.text = _text(ask, said, seed)
        _shorten(ask, said)
    _cut_up(ask, said)
    if said.call and said.finish == "stop":
        said.finish = "tool"
    said.thinking_tokens = tokens(said.thinking)
    said.output_tokens = said.thinking_tokens + tokens(said.text) + (tokens(said.call.arguments) if said.call else 0)
    return said


def _thinking(ask: Ask) -> str:
    language = chinese if is_chinese(ask.prompt or ask.instructions) else english
    if ask.brief:
        return language.SHORT_THINKING
    return language.thinking(ask)


def _text(ask: Ask, said: Reply, seed: Seed) -> str:
    if ask.schema is not None:
        return orjson.dumps(value_for(ask.schema, seed, ask.prompt)).decode()
    language = chinese if is_chinese(ask.prompt or ask.instructions) else english
    if ask.brief:
        return "".join(words(language.opening(ask, seed))[:_BRIEF_WORDS]).rstrip()
    wished = None if ask.words is None else max(10, ask.words - len(words(said.thinking)))
    return language.text(ask, said.sources, seed, wished)


def _shorten(ask: Ask, said: Reply) -> None:
    """Stop at a stop sequence, or where the limit of tokens is reached."""
    places = [(place, stop) for stop in ask.stops if stop and (place := said.text.find(stop)) >= 0]
    if places:
        place, said.stop = min(places)
        said.text, said.finish = said.text[:place], "stop_sequence"
    if ask.limit is None:
        return
    said.thinking = first_tokens(said.thinking, max(1, ask.limit // 2))
    text = first_tokens(said.text, max(1, ask.limit - tokens(said.thinking)))
    if text != said.text:
        said.text, said.finish, said.stop, said.call = text, "length", "", None


def _cut_up(ask: Ask, said: Reply) -> None:
    cut = words(said.text) if ask.schema is None else pieces(said.text)
    if ask.brief and len(cut) > _BRIEF_PIECES:
        size = -(-len(cut) // _BRIEF_PIECES)
        cut = ["".join(cut[start : start + size]) for start in range(0, len(cut), size)]
    if len(cut) == 1 and len(said.text) > 1:
        half = len(said.text) // 2
        cut = [said.text[:half], said.text[half:]]
    said.text_pieces = cut


def _call(tool: Tool, seed: Seed, ask: Ask) -> Call:
    number, prompt = ask.seed.child(seed.hex()).hex("call"), ask.prompt
    if tool.custom:
        return Call(number, tool.name, _custom_input(tool, prompt), custom=True)
    value = value_for(tool.schema or {"type": "object"}, seed, prompt)
    return Call(number, tool.name, orjson.dumps(value if isinstance(value, dict) else {}).decode())


def _custom_input(tool: Tool, prompt: str) -> str:
    return f"SELECT '{excerpt(prompt, 40)}'" if "sql" in tool.name.lower() else excerpt(prompt, 60) or tool.name
