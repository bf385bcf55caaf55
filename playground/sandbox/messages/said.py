"""A reply told in the words of the messages API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from ..answers import Event
from ..ask import Ask
from ..author import Reply
from ..author.sources import Source, place_of
from ..reading import table
from ..request import Request
from ..words import excerpt, pieces, words

_STOPS = {"stop": "end_turn", "length": "max_tokens", "tool": "tool_use", "stop_sequence": "stop_sequence"}


@dataclass(frozen=True)
class Telling:
    """A reply on its way to the wire."""

    request: Request
    ask: Ask
    reply: Reply

    def head(self, content: list[dict[str, Any]], ended: bool) -> dict[str, Any]:
        """The message object."""
        return {
            "id": self.request.seed.id("msg_"),
            "type": "message",
            "role": "assistant",
            "model": self.request.model.sent,
            "content": content,
            "stop_reason": _STOPS[self.reply.finish] if ended else None,
            "stop_sequence": self.reply.stop or None if ended else None,
            "usage": self.usage() if ended else self.first_usage(),
        }

    def first_usage(self) -> dict[str, Any]:
        """What is known when the answer begins."""
        cached = self.ask.cached_tokens
        return {
            "input_tokens": self.ask.input_tokens - cached,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": cached,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 1,
            "service_tier": "standard",
        }

    def usage(self) -> dict[str, Any]:
        """The bill."""
        usage = self.first_usage() | {"output_tokens": self.reply.output_tokens}
        if self.reply.thinking_tokens:
            usage["output_tokens_details"] = {"thinking_tokens": self.reply.thinking_tokens}
        if self.reply.sources:
            usage["server_tool_use"] = {"web_search_requests": 1, "web_fetch_requests": 0}
        return usage

    @property
    def shows_thinking(self) -> bool:
        """Whether thinking is told or only signed for."""
        return table(self.request.json, "thinking").get("display") != "omitted"


def message(telling: Telling) -> dict[str, Any]:
    """The whole message at once."""
    return telling.head([block.value for block in _blocks(telling)], ended=True)


@dataclass(frozen=True, slots=True)
class _Block:
    """A content block: whole, as it begins, and the deltas that lead from one to the other."""

    value: dict[str, Any]
    begun: dict[str, Any]
    deltas: list[dict[str, Any]]
    texts: bool = False


def events(telling: Telling) -> Iterator[Event]:
    """The message event by event."""
    yield _event({"type": "message_start", "message": telling.head([], ended=False)})
    for index, block in enumerate(_blocks(telling)):
        yield _event({"type": "content_block_start", "index": index, "content_block": block.begun})
        if index == 0:
            yield _event({"type": "ping"})
        for delta in block.deltas:
            data = {"type": "content_block_delta", "index": index, "delta": delta}
            yield Event(
                data, name="content_block_delta", words=1, text=str(delta.get("text", "")) if block.texts else ""
            )
        yield _event({"type": "content_block_stop", "index": index})
    usage = {name: value for name, value in telling.usage().items() if name in _DELTA_USAGE}
    ended = telling.head([], ended=True)
    delta = {"stop_reason": ended["stop_reason"], "stop_sequence": ended["stop_sequence"]}
    yield _event({"type": "message_delta", "delta": delta, "usage": usage}, ends=True)
    yield _event({"type": "message_stop"}, ends=True)


_DELTA_USAGE = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
    "output_tokens_details",
    "server_tool_use",
)


def _event(data: dict[str, Any], ends: bool = False) -> Event:
    return Event(data, name=str(data["type"]), ends=ends)


def _blocks(telling: Telling) -> Iterator[_Block]:
    reply = telling.reply
    if telling.ask.thinks:
        yield _thinking(telling)
    if reply.sources:
        yield from _search(telling)
    if reply.text:
        yield from _texts(telling)
    if reply.call:
        value = {"type": "tool_use", "id": f"toolu_{reply.call.id}", "name": reply.call.name}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *reply.call.pieces]]
        yield _Block({**value, "input": orjson.loads(reply.call.arguments)}, {**value, "input": {}}, deltas)


def _thinking(telling: Telling) -> _Block:
    signature = "EqQB" + telling.request.seed.hex("signature", 60)
    thinking = telling.reply.thinking if telling.shows_thinking else ""
    deltas: list[dict[str, Any]] = [{"type": "thinking_delta", "thinking": piece} for piece in words(thinking)]
    deltas.append({"type": "signature_delta", "signature": signature})
    value = {"type": "thinking", "thinking": thinking, "signature": signature}
    return _Block(value, {"type": "thinking", "thinking": "", "signature": ""}, deltas)


def _search(telling: Telling) -> Iterator[_Block]:
    seed = telling.request.seed
    query = {"query": excerpt(telling.ask.prompt, 40)}
    call = {"type": "server_tool_use", "id": seed.id("srvtoolu_"), "name": "web_search"}
    typed = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(orjson.dumps(query).decode(), 12)]
    yield _Block({**call, "input": query}, {**call, "input": {}}, typed)
    found = [
        {
            "type": "web_search_result",
            "url": source.url,
            "title": source.title,
            "encrypted_content": seed.hex(source.url, 48),
            "page_age": "1 day ago",
        }
        for source in telling.reply.sources
    ]
    result = {"type": "web_search_tool_result", "tool_use_id": call["id"], "content": found}
    yield _Block(result, result, [])


def _texts(telling: Telling) -> Iterator[_Block]:
    """The text as one block, or cut into blocks where sentences rest on sources."""
    reply = telling.reply
    places = sorted((place, source) for source in reply.sources if (place := place_of(source, reply.text)))
    if not places:
        yield _text(reply.text, reply.text_pieces)
        return
    told = 0
    for (start, end), source in places:
        if start > told:
            yield _text(reply.text[told:start])
        yield _cited(telling, reply.text[start:end], source)
        told = end
    if told < len(reply.text):
        yield _text(reply.text[told:])


def _text(text: str, cut: list[str] | None = None) -> _Block:
    deltas = [{"type": "text_delta", "text": piece} for piece in cut or words(text)]
    return _Block({"type": "text", "text": text}, {"type": "text", "text": ""}, deltas, texts=True)


def _cited(telling: Telling, text: str, source: Source) -> _Block:
    citation = {
        "type": "web_search_result_location",
        "cited_text": text,
        "url": source.url,
        "title": source.title,
        "encrypted_index": telling.request.seed.hex(f"index {source.url}", 32),
    }
    plain = _text(text)
    deltas = [{"type": "citations_delta", "citation": citation}, *plain.deltas]
    value = {**plain.value, "citations": [citation]}
    return _Block(value, {"type": "text", "text": "", "citations": []}, deltas, texts=True)
