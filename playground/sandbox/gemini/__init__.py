"""POST /v1beta/models/{model}:generateContent and its siblings: streams as events or as one JSON array, counting."""

from .. import answers, strict
from ..answers import Answer, Body, Stream
from ..author import Reply, reply
from ..picture import picture
from ..quotas import units
from ..reading import strings, table
from ..request import Request
from ..routes import route
from ..sound import RATE, spoken
from .asked import asked, field
from .said import Media, Telling, chunks, whole

_SHAPES = {
    "1:1": (256, 256),
    "16:9": (320, 180),
    "9:16": (180, 320),
    "4:3": (288, 216),
    "3:4": (216, 288),
    "3:2": (288, 192),
}


@route("POST", "/v1beta/models/{model:path}:generateContent", shape="gemini")
@route("POST", "/v1/models/{model:path}:generateContent", shape="gemini")
async def generate(request: Request) -> Answer:
    """A whole answer."""
    telling = _told(request)
    return answers.json(whole(telling), words=telling.replies[0].length, units=_cost(telling))


@route("POST", "/v1beta/models/{model:path}:streamGenerateContent", shape="gemini")
@route("POST", "/v1/models/{model:path}:streamGenerateContent", shape="gemini")
async def stream(request: Request) -> Answer:
    """An answer in chunks."""
    telling = _told(request)
    if request.query.get("alt") == "sse":
        return Stream(chunks(telling), units=_cost(telling))
    return Stream(
        chunks(telling), frame=answers.array, content_type="application/json", last=b"]", units=_cost(telling)
    )


@route("POST", "/v1beta/models/{model:path}:countTokens", shape="gemini")
@route("POST", "/v1/models/{model:path}:countTokens", shape="gemini")
async def count_tokens(request: Request) -> Body:
    """How many tokens the contents are."""
    inner = table(request.json, "generateContentRequest") or request.json
    count = asked(request, inner).input_tokens
    return answers.json({"totalTokens": count, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": count}]})


def _told(request: Request) -> Telling:
    if request.strict:
        strict.gemini(request.json)
    ask = asked(request, request.json)
    config = table(field(request.json, "generationConfig"))
    samples = field(config, "candidateCount")
    count = samples if isinstance(samples, int) and 0 < samples <= 8 else 1
    replies = [reply(ask, sample) for sample in range(count)]
    return Telling(request, ask, replies, _media(request, config, replies[0]))


def _media(request: Request, config: dict[str, object], said: Reply) -> Media:
    """What was asked for besides text."""
    wanted = [mode.upper() for mode in strings(field(config, "responseModalities"))]
    if "AUDIO" in wanted:
        pcm = spoken(request.seed, said.text)
        return Media(f"audio/L16;codec=pcm;rate={RATE}", pcm, alone=True)
    if "IMAGE" in wanted or "image" in request.model.base:
        width, height = _SHAPES.get(str(field(table(field(config, "imageConfig")), "aspectRatio")), _SHAPES["1:1"])
        return Media("image/png", picture(request.seed, width, height), alone=wanted == ["IMAGE"])
    return Media("", b"")


def _cost(telling: Telling) -> int:
    said = sum(reply.output_tokens for reply in telling.replies)
    return units(telling.request.model.base, telling.ask.input_tokens, said, telling.ask.cached_tokens)
