"""POST /v1/chat/completions, whole and streamed."""

import asyncio
from base64 import b64encode

from .. import answers, strict
from ..answers import Answer, Stream
from ..ask import Ask
from ..author import Reply, reply
from ..quotas import units
from ..reading import string, table, whole
from ..request import Request
from ..routes import route
from ..sound import encoded, spoken
from .asked import asked
from .media import illustrated
from .said import Speech, Telling, completion, events, spoken_text

_MOST_SAMPLES = 8


@route("POST", "/v1/chat/completions")
async def chat(request: Request) -> Answer:
    """A chat completion."""
    body = request.json
    if request.strict:
        strict.chat(body)
    ask = asked(request)
    replies = [await _reply(ask, request, sample) for sample in range(min(whole(body.get("n")) or 1, _MOST_SAMPLES))]
    telling = Telling(request, ask, replies, speech=await _speech(request, replies[0]))
    cost = units(request.model.base, ask.input_tokens, sum(said.output_tokens for said in replies), ask.cached_tokens)
    if body.get("stream") is True:
        return Stream(events(telling), units=cost)
    return answers.json(completion(telling), words=max(said.length for said in replies), units=cost)


async def _reply(ask: Ask, request: Request, sample: int) -> Reply:
    said = reply(ask, sample)
    return await illustrated(said, request, sample) if said.text and ask.schema is None else said


async def _speech(request: Request, said: Reply) -> Speech | None:
    """What is spoken beside or instead of the text, when sound was asked for."""
    modalities = request.json.get("modalities")
    if not isinstance(modalities, list) or "audio" not in modalities or not said.text:
        return None
    form = string(table(request.json, "audio").get("format")) or "wav"
    transcript = spoken_text(said.text)
    sound = await asyncio.to_thread(encoded, spoken(request.seed, transcript), form)
    return Speech(request.seed.id("audio_"), b64encode(sound).decode(), transcript, request.seed.created + 3600)
