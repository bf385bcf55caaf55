"""POST /v1/rerank: documents ordered by what they share with the query. Cohere's newer client asks at /v2."""

import asyncio
from typing import Any

from . import answers
from .answers import Answer
from .features import features, likeness
from .quotas import units
from .reading import rows, string, whole
from .refusals import Refused
from .request import Request
from .routes import route
from .words import tokens

_MOST = 1000


@route("POST", "/v1/rerank")
@route("POST", "/v2/rerank")
@route("POST", "/rerank")
async def rerank(request: Request) -> Answer:
    """The documents that fit the query best."""
    body = request.json
    query, texts = string(body.get("query")), [_text(row) for row in rows(body.get("documents"))]
    if len(texts) > _MOST:
        raise Refused(400, f"At most {_MOST} documents at once.", param="documents")
    scores = await asyncio.to_thread(_scores, query, texts)
    order = sorted(range(len(texts)), key=lambda index: (-scores[index], index))[: _count(body, len(texts))]
    shown = body.get("return_documents") is True
    results = [_result(index, scores[index], texts[index] if shown else None) for index in order]
    read = tokens(query) * max(1, len(texts)) + sum(tokens(text) for text in texts)
    told = {
        "id": request.seed.id("rerank-"),
        "model": request.model.sent,
        "results": results,
        "meta": {"billed_units": {"search_units": 1}},
        "usage": {"prompt_tokens": read, "completion_tokens": 0, "total_tokens": read},
    }
    return answers.json(told, units=units(request.model.base, read, 0))


def _scores(query: str, texts: list[str]) -> list[float]:
    asked = features(query)
    return [round(likeness(asked, features(text)), 6) for text in texts]


def _count(body: dict[str, Any], all_of_them: int) -> int:
    wished = whole(body.get("top_n"))
    return max(1, wished) if wished is not None else all_of_them


def _text(row: Any) -> str:
    return string(row.get("text")) if isinstance(row, dict) else string(row)


def _result(index: int, score: float, text: str | None) -> dict[str, Any]:
    result: dict[str, Any] = {"index": index, "relevance_score": score}
    return result if text is None else {**result, "document": {"text": text}}
