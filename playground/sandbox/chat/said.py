"""A reply told in the words of chat completions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..answers import Event
from ..ask import Ask
from ..author import Call, Reply
from ..author.sources import place_of
from ..logprobs import openai_tokens
from ..reading import table, whole
from ..request import Request
from ..words import tokens, words

_FINISH = {"stop": "stop", "stop_sequence": "stop", "length": "length", "tool": "tool_calls"}
_SOUND_PIECE = 8_192


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound as base64, and what it says."""

    id: str
    data: str
    transcript: str
    expires_at: int


@dataclass(frozen=True)
class Telling:
    """Replies on their way to the wire."""

    request: Request
    ask: Ask
    replies: list[Reply]
    speech: Speech | None

    @property
    def old_functions(self) -> bool:
        """Whether only the old spelling of tools was used."""
        body = self.request.json
        return not body.get("tools") and bool(body.get("functions"))

    @property
    def shows_text(self) -> bool:
        """Speech takes the place of the text, unless the text has a shape to obey."""
        return self.speech is None or self.ask.schema is not None

    def head(self, kind: str) -> dict[str, Any]:
        """What every chunk begins with."""
        seed = self.request.seed
        return {
            "id": seed.id("chatcmpl-"),
            "object": kind,
            "created": seed.created,
            "model": self.request.model.sent,
            "service_tier": "default",
            "system_fingerprint": seed.id("fp_", length=10),
        }

    def usage(self) -> dict[str, Any]:
        """The bill."""
        prompt, cached = self.ask.input_tokens, self.ask.cached_tokens
        said = sum(reply.output_tokens for reply in self.replies)
        heard = tokens(self.speech.transcript) * 2 if self.speech else 0
        thought = sum(reply.thinking_tokens for reply in self.replies)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": said + heard,
            "total_tokens": prompt + said + heard,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": thought,
                "audio_tokens": heard,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def finish(self, reply: Reply) -> str:
        """Why a reply ended."""
        return "function_call" if reply.finish == "tool" and self.old_functions else _FINISH[reply.finish]

    @property
    def top(self) -> int | None:
        """How many likely tokens are shown, None when none were asked for."""
        body = self.request.json
        return (whole(body.get("top_logprobs")) or 0) if body.get("logprobs") is True else None

    def logprobs(self, pieces: list[str]) -> dict[str, Any] | None:
        """How likely the pieces were, if that was asked."""
        if self.top is None:
            return None
        return {"content": openai_tokens(pieces, self.top, self.request.seed), "refusal": None}


def spoken_text(text: str) -> str:
    """The first words of a text, as they would be read out."""
    plain = re.sub(r"[*`#|$_\\{}\[\]\"]+", "", text).strip().partition("\n")[0]
    return "".join(words(plain)[:24]).strip() or "sandbox"


def completion(telling: Telling) -> dict[str, Any]:
    """The whole answer at once."""
    choices = [
        {
            "index": index,
            "message": _message(telling, reply),
            "logprobs": telling.logprobs(reply.text_pieces) if telling.shows_text else None,
            "finish_reason": telling.finish(reply),
        }
        for index, reply in enumerate(telling.replies)
    ]
    return {**telling.head("chat.completion"), "choices": choices, "usage": telling.usage()}


def _message(telling: Telling, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None, "annotations": _citations(reply)}
    if reply.text and telling.shows_text:
        message["content"] = reply.text
    if reply.thinking:
        message["reasoning_content"] = reply.thinking
    if telling.speech:
        message["audio"] = {
            "id": telling.speech.id,
            "data": telling.speech.data,
            "expires_at": telling.speech.expires_at,
            "transcript": telling.speech.transcript,
        }
    if reply.call and telling.old_functions:
        message["function_call"] = {"name": reply.call.name, "arguments": reply.call.arguments}
    elif reply.call:
        message["tool_calls"] = [_tool_call(reply.call)]
    return message


def _tool_call(call: Call) -> dict[str, Any]:
    if call.custom:
        return {"id": f"call_{call.id}", "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"call_{call.id}", "type": "function", "function": function}


def _citations(reply: Reply) -> list[dict[str, Any]]:
    told = []
    for source in reply.sources:
        start, end = place_of(source, reply.text) or (0, 0)
        citation = {"start_index": start, "end_index": end, "title": source.title, "url": source.url}
        told.append({"type": "url_citation", "url_citation": citation})
    return told


def events(telling: Telling) -> Iterator[Event]:
    """The answer in chunks; several replies are told in turn, as vendors do."""
    head = telling.head("chat.completion.chunk")
    asked = table(telling.request.json, "stream_options").get("include_usage") is True
    usage: dict[str, Any] = {"usage": None} if asked else {}

    def chunk(index: int, delta: dict[str, Any], finish: str | None = None, **told: Any) -> dict[str, Any]:
        choice = {"index": index, "delta": delta, "logprobs": told.get("logprobs"), "finish_reason": finish}
        return {**head, "choices": [choice], **usage}

    for index in range(len(telling.replies)):
        yield Event(chunk(index, {"role": "assistant", "content": "", "refusal": None}))
    for delta in _in_turn([_deltas(telling, reply) for reply in telling.replies]):
        index, spoken = delta
        logprobs = telling.logprobs([spoken.text]) if spoken.text and "content" in spoken.delta else None
        yield Event(chunk(index, spoken.delta, logprobs=logprobs), words=spoken.words, text=spoken.text)
    for index, reply in enumerate(telling.replies):
        yield Event(chunk(index, {}, telling.finish(reply)), ends=True)
    if asked:
        yield Event({**head, "choices": [], "usage": telling.usage()}, ends=True)
    yield Event("[DONE]", ends=True)


@dataclass(frozen=True, slots=True)
class _Spoken:
    delta: dict[str, Any]
    words: int = 0
    text: str = ""


def _in_turn(tellers: list[Iterator[_Spoken]]) -> Iterator[tuple[int, _Spoken]]:
    talking = dict(enumerate(tellers))
    while talking:
        for index, teller in list(talking.items()):
            spoken = next(teller, None)
            if spoken is None:
                del talking[index]
            else:
                yield index, spoken


def _deltas(telling: Telling, reply: Reply) -> Iterator[_Spoken]:
    for piece in reply.thinking_pieces:
        yield _Spoken({"reasoning_content": piece}, 1)
    if telling.shows_text:
        for piece in reply.text_pieces:
            yield _Spoken({"content": piece}, 1, piece)
    if telling.speech:
        yield from _speech_deltas(telling.speech)
    if reply.sources:
        yield _Spoken({"annotations": _citations(reply)})
    if reply.call:
        yield from _call_deltas(reply.call, telling.old_functions)


def _speech_deltas(speech: Speech) -> Iterator[_Spoken]:
    yield _Spoken({"audio": {"id": speech.id}})
    for piece in words(speech.transcript):
        yield _Spoken({"audio": {"transcript": piece}}, 1, piece)
    for start in range(0, len(speech.data), _SOUND_PIECE):
        yield _Spoken({"audio": {"data": speech.data[start : start + _SOUND_PIECE]}}, 1)
    yield _Spoken({"audio": {"expires_at": speech.expires_at}})


def _call_deltas(call: Call, old: bool) -> Iterator[_Spoken]:
    if old:
        yield _Spoken({"function_call": {"name": call.name, "arguments": ""}})
        for piece in call.pieces:
            yield _Spoken({"function_call": {"arguments": piece}}, 1)
        return
    kind, argument = ("custom", "input") if call.custom else ("function", "arguments")
    first = {"index": 0, "id": f"call_{call.id}", "type": kind, kind: {"name": call.name, argument: ""}}
    yield _Spoken({"tool_calls": [first]})
    for piece in call.pieces:
        yield _Spoken({"tool_calls": [{"index": 0, kind: {argument: piece}}]}, 1)
