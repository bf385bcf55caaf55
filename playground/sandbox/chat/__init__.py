"""POST /v1/chat/completions, whole and streamed."""

import asyncio
from base64 import b64encode

from .. import answers, strict
from ..answers import Answer, Stream
from ..ask import Ask
from ..author import Reply, reply
from ..picture import picture
from ..quotas import units
from ..reading import string, table, whole
from ..request import Request
from ..routes import route
from ..sound import encoded, spoken
from ..words import words
from .asked import asked
from .said import Speech, Telling, completion, events, spoken_text

_MOST_SAMPLES = 8


@route("POST", "/v1/chat/completions")
async def chat(request: Request) -> Answer:
    """A chat completion."""
    body = request.json
    if request.strict:
        strict.chat(body)
    ask = asked(request)
    replies = [_reply(ask, request, sample) for sample in range(min(whole(body.get("n")) or 1, _MOST_SAMPLES))]
    telling = Telling(request, ask, replies, speech=await _speech(request, replies[0]))
    cost = units(request.model.base, ask.input_tokens, sum(said.output_tokens for said in replies))
    if body.get("stream") is True:
        return Stream(events(telling), units=cost)
    return answers.json(completion(telling), words=max(said.length for said in replies), units=cost)


def _reply(ask: Ask, request: Request, sample: int) -> Reply:
    said = reply(ask, sample)
    if "image" in request.model.base and ask.schema is None and said.text:
        drawn = b64encode(picture(ask.seed.child(f"picture {sample}"))).decode()
        said.text = f"{said.text.partition(chr(10))[0]}\n\n![image](data:image/png;base64,{drawn})"
        opening = said.text.partition("![")[0]
        said.text_pieces = [*words(opening), said.text[len(opening) :]]
    return said


async def _speech(request: Request, said: Reply) -> Speech | None:
    """What is spoken beside or instead of the text, when sound was asked for."""
    modalities = request.json.get("modalities")
    if not isinstance(modalities, list) or "audio" not in modalities or not said.text:
        return None
    form = string(table(request.json, "audio").get("format")) or "wav"
    transcript = spoken_text(said.text)
    sound = await asyncio.to_thread(encoded, spoken(request.seed, transcript), form)
    return Speech(request.seed.id("audio_"), b64encode(sound).decode(), transcript, request.seed.created + 3600)
