"""Vectors: /v1/embeddings, and Gemini's embedContent and batchEmbedContents. Texts that share words have vectors that are near."""

import asyncio
from array import array
from base64 import b64encode
from hashlib import blake2b, shake_256
from math import sqrt
from typing import Any

import orjson

from . import answers
from .answers import Answer
from .features import features
from .gemini.asked import field
from .quotas import units
from .reading import rows, string, tables, whole
from .refusals import Refused
from .request import Request
from .routes import route
from .words import tokens

_SIZES = {"text-embedding-3-small": 1536, "text-embedding-ada-002": 1536, "text-embedding-3-large": 3072}
_USUAL = 1024
_GEMINI = 3072
_LARGEST = 4096
_MOST = 2048
_PLACES = 6


@route("POST", "/v1/embeddings")
async def embeddings(request: Request) -> Answer:
    """A vector for each input."""
    body = request.json
    texts = _inputs(body.get("input"))
    size = _size(whole(body.get("dimensions")), _SIZES.get(request.model.base, _USUAL))
    packed = body.get("encoding_format") == "base64"
    vectors = await asyncio.to_thread(_written, texts, size, packed, scaled=True)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    read = sum(tokens(text) for text in texts)
    usage = {"prompt_tokens": read, "total_tokens": read}
    told = {"object": "list", "data": data, "model": request.model.sent, "usage": usage}
    return answers.json(told, units=units(request.model.base, read, 0))


@route("POST", "/v1beta/models/{model:path}:embedContent", shape="gemini")
@route("POST", "/v1/models/{model:path}:embedContent", shape="gemini")
async def embed_content(request: Request) -> Answer:
    """A vector for one content."""
    [vector], cost = await _embedded(request, [request.json])
    return answers.json({"embedding": {"values": vector}}, units=cost)


@route("POST", "/v1beta/models/{model:path}:batchEmbedContents", shape="gemini")
@route("POST", "/v1/models/{model:path}:batchEmbedContents", shape="gemini")
async def batch_embed_contents(request: Request) -> Answer:
    """A vector for each request of a batch."""
    vectors, cost = await _embedded(request, tables(request.json.get("requests"))[:_MOST])
    return answers.json({"embeddings": [{"values": vector} for vector in vectors]}, units=cost)


async def _embedded(request: Request, asked: list[dict[str, Any]]) -> tuple[list[orjson.Fragment], int]:
    texts = ["\n".join(string(part.get("text")) for part in tables(_content(each).get("parts"))) for each in asked]
    size = _size(whole(field(asked[0], "outputDimensionality")) if asked else None, _GEMINI)
    # As the vendor's, vectors that are shorter than their usual length are not scaled to one.
    vectors = await asyncio.to_thread(_written, texts, size, packed=False, scaled=False)
    return vectors, units(request.model.base, sum(tokens(text) for text in texts), 0)


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    content = asked.get("content")
    return content if isinstance(content, dict) else {"parts": [{"text": string(content)}]}


def _inputs(given: Any) -> list[str]:
    if isinstance(given, list) and given and all(isinstance(token, int) for token in given):
        given = [given]
    texts = [row if isinstance(row, str) else str(row) for row in rows(given)]
    if len(texts) > _MOST:
        raise Refused(400, f"At most {_MOST} inputs at once.", param="input")
    return texts or [""]


def _size(wished: int | None, usual: int) -> int:
    return min(max(wished or usual, 1), _LARGEST)


def _written(texts: list[str], size: int, packed: bool, scaled: bool) -> list[orjson.Fragment]:
    """The vectors as JSON, one by one, so that no step is long."""
    made = []
    for text in texts:
        vector = _vector(text, max(size, _GEMINI))[:size]
        if scaled:
            vector = _scaled(vector)
        value: Any = b64encode(array("f", vector).tobytes()).decode() if packed else vector
        made.append(orjson.Fragment(orjson.dumps(value)))
    return made


def _vector(text: str, size: int) -> list[float]:
    """A direction of length one: every feature of the text pulls it its own way."""
    grain = array("b", shake_256(text.encode("utf-8", "surrogatepass")).digest(size))
    vector = [value * 0.0002 for value in grain]
    for feature, count in features(text).items():
        pull = blake2b(feature.encode(), digest_size=_PLACES * 3).digest()
        for place in range(0, len(pull), 3):
            at = int.from_bytes(pull[place : place + 2], "big") % size
            vector[at] += count if pull[place + 2] & 1 else -count
    return _scaled(vector)


def _scaled(vector: list[float]) -> list[float]:
    length = sqrt(sum(value * value for value in vector)) or 1.0
    return [round(value / length, 8) for value in vector]
