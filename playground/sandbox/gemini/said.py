"""A reply told in the words of generateContent."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from ..answers import Event
from ..ask import Ask
from ..author import Reply
from ..author.sources import place_of
from ..logprobs import likelihood, ranked
from ..reading import table
from ..reading import whole as whole_number
from ..request import Request
from ..words import excerpt
from .asked import field

_FINISH = {"stop": "STOP", "stop_sequence": "STOP", "tool": "STOP", "length": "MAX_TOKENS"}
_SOUND_PIECE = 24_000


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a sound; `alone` says that it takes the place of the text."""

    mime: str
    data: bytes
    alone: bool = False

    @property
    def tokens(self) -> int:
        """What it costs."""
        return 0 if not self.data else 1290 if self.mime.startswith("image") else len(self.data) // 1500

    def parts(self, streamed: bool) -> list[dict[str, Any]]:
        """As parts of the answer; sound streams in pieces."""
        if not self.data:
            return []
        size = _SOUND_PIECE if streamed and self.mime.startswith("audio") else len(self.data)
        cut = [self.data[start : start + size] for start in range(0, len(self.data), size)]
        return [{"inlineData": {"mimeType": self.mime, "data": b64encode(piece).decode()}} for piece in cut]


@dataclass(frozen=True)
class Telling:
    """Replies on their way to the wire."""

    request: Request
    ask: Ask
    replies: list[Reply]
    media: Media

    def usage(self) -> dict[str, Any]:
        """The bill."""
        said = sum(reply.output_tokens - reply.thinking_tokens for reply in self.replies) + self.media.tokens
        thought = sum(reply.thinking_tokens for reply in self.replies)
        prompt = self.ask.input_tokens
        usage: dict[str, Any] = {
            "promptTokenCount": prompt,
            "candidatesTokenCount": said,
            "totalTokenCount": prompt + said + thought,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}],
        }
        if thought:
            usage["thoughtsTokenCount"] = thought
        if self.ask.cached_tokens:
            usage["cachedContentTokenCount"] = self.ask.cached_tokens
        return usage

    def first_usage(self) -> dict[str, Any]:
        """What is known while the answer is written."""
        return {"promptTokenCount": self.ask.input_tokens, "totalTokenCount": self.ask.input_tokens}

    def head(self, candidates: list[dict[str, Any]], usage: dict[str, Any]) -> dict[str, Any]:
        """One response object."""
        model, number = self.request.model.sent, self.request.seed.hex("response", 22)
        return {"candidates": candidates, "usageMetadata": usage, "modelVersion": model, "responseId": number}

    def extras(self, reply: Reply) -> dict[str, Any]:
        """What a candidate carries at its end besides its content."""
        extras: dict[str, Any] = {"finishReason": _FINISH[reply.finish]}
        if reply.sources:
            extras["groundingMetadata"] = _grounding(self.ask, reply)
        config = table(field(self.request.json, "generationConfig"))
        if reply.text and field(config, "responseLogprobs") is True:
            extras |= _logprobs(reply, whole_number(config.get("logprobs")) or 0)
        return extras

    def call_part(self, reply: Reply) -> list[dict[str, Any]]:
        """The function call, if there is one."""
        if reply.call is None:
            return []
        call = {"id": reply.call.id[:8], "name": reply.call.name, "args": orjson.loads(reply.call.arguments)}
        signature = {"thoughtSignature": b64encode(self.request.seed.digest).decode()} if reply.thinking else {}
        return [{"functionCall": call, **signature}]


def whole(telling: Telling) -> dict[str, Any]:
    """The whole answer at once."""
    candidates = []
    for index, reply in enumerate(telling.replies):
        parts = [{"text": reply.thinking, "thought": True}] if reply.thinking else []
        if reply.text and not telling.media.alone:
            parts.append({"text": reply.text})
        if index == 0:
            parts += telling.media.parts(streamed=False)
        parts += telling.call_part(reply)
        content = {"role": "model", "parts": parts}
        candidates.append({"content": content, **telling.extras(reply), "index": index})
    return telling.head(candidates, telling.usage())


def chunks(telling: Telling) -> Iterator[Event]:
    """The answer chunk by chunk, candidate after candidate."""
    known = telling.first_usage()
    for index, reply in enumerate(telling.replies):
        for part, words, text in _parts(telling, reply, index):
            candidate = {"content": {"role": "model", "parts": [part]}, "index": index}
            yield Event(telling.head([candidate], known), words=words, text=text)
        last = {"content": {"role": "model", "parts": [{"text": ""}]}, **telling.extras(reply), "index": index}
        yield Event(telling.head([last], telling.usage()), ends=True)


def _parts(telling: Telling, reply: Reply, index: int) -> Iterator[tuple[dict[str, Any], int, str]]:
    for piece in reply.thinking_pieces:
        yield {"text": piece, "thought": True}, 1, ""
    if not telling.media.alone:
        for piece in reply.text_pieces:
            yield {"text": piece}, 1, piece
    if index == 0:
        for part in telling.media.parts(streamed=True):
            yield part, 4, ""
    for part in telling.call_part(reply):
        yield part, 1, ""


def _grounding(ask: Ask, reply: Reply) -> dict[str, Any]:
    topic = excerpt(ask.prompt, 40)
    supports = []
    for number, source in enumerate(reply.sources):
        place = place_of(source, reply.text)
        if place:
            # The vendor counts bytes here, not characters.
            start, end = (len(reply.text[:edge].encode()) for edge in place)
            segment = {"startIndex": start, "endIndex": end, "text": source.sentence}
            supports.append({"segment": segment, "groundingChunkIndices": [number], "confidenceScores": [0.9]})
    return {
        "webSearchQueries": [topic],
        "searchEntryPoint": {"renderedContent": f"<div>{topic}</div>"},
        "groundingChunks": [{"web": {"uri": source.url, "title": source.title}} for source in reply.sources],
        "groundingSupports": supports,
    }


def _logprobs(reply: Reply, top: int) -> dict[str, Any]:
    chosen = [{"token": piece, "logProbability": likelihood(piece)} for piece in reply.text_pieces]
    likely = [
        {"candidates": [{"token": token, "logProbability": round(logprob, 4)} for token, logprob in ranked(piece, top)]}
        for piece in reply.text_pieces
    ]
    average = sum(likelihood(piece) for piece in reply.text_pieces) / len(chosen)
    return {"avgLogprobs": average, "logprobsResult": {"chosenCandidates": chosen, "topCandidates": likely}}
