"""The lists of models, in the shape each vendor's client expects."""

from typing import Any

from . import answers
from .answers import Answer
from .keys import ONLY_MODEL
from .models import BY_ID, SHELF, Model
from .request import Request
from .routes import route

# new-api gives every model the same constant.
_CREATED = 1_626_777_600


@route("GET", "/v1/models")
async def models(request: Request) -> Answer:
    """The models a key may use; Anthropic's and Google's clients get their own shapes."""
    if _from_google(request):
        return await models_of_gemini(request)
    shelf = _usable(request)
    if _from_anthropic(request):
        listed = [_anthropic(model) for model in shelf]
        ends = {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]}
        return answers.json({"data": listed, "has_more": False, **ends})
    return answers.json({"success": True, "object": "list", "data": [_openai(model) for model in shelf]})


@route("GET", "/v1/models/{model:path}")
async def model(request: Request) -> Answer:
    """One model. An unknown one is answered as new-api does, with status 200."""
    if _from_google(request):
        return await model_of_gemini(request)
    found = BY_ID.get(request.model.base)
    if found is None:
        name = request.values["model"]
        error = {"message": f"The model '{name}' does not exist", "type": "invalid_request_error"}
        return answers.json({"error": {**error, "param": "model", "code": "model_not_found"}})
    return answers.json(_anthropic(found) if _from_anthropic(request) else _openai(found))


@route("GET", "/v1beta/models", shape="gemini")
async def models_of_gemini(request: Request) -> Answer:
    """The models in Gemini's shape, by pages if asked."""
    shelf = _usable(request)
    size, start = _number(request.query.get("pageSize"), len(shelf)), _number(request.query.get("pageToken"), 0)
    page: dict[str, Any] = {"models": [_gemini(each) for each in shelf[start : start + max(1, size)]]}
    if start + size < len(shelf):
        page["nextPageToken"] = str(start + size)
    return answers.json(page)


@route("GET", "/v1beta/models/{model:path}", shape="gemini")
async def model_of_gemini(request: Request) -> Answer:
    """One model in Gemini's shape."""
    found = BY_ID.get(request.model.base)
    return answers.json(_gemini(found or Model(request.model.base, "custom", ("gemini",))))


def _from_google(request: Request) -> bool:
    return "x-goog-api-key" in request.headers or "key" in request.query


def _from_anthropic(request: Request) -> bool:
    return "anthropic-version" in request.headers


def _usable(request: Request) -> list[Model]:
    limited = request.key is not None and request.key.ending == "limited"
    return [BY_ID[ONLY_MODEL]] if limited else list(SHELF)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _openai(model: Model) -> dict[str, Any]:
    head = {"id": model.id, "object": "model", "created": _CREATED, "owned_by": model.owner}
    return {**head, "supported_endpoint_types": list(model.endpoints)}


def _anthropic(model: Model) -> dict[str, Any]:
    return {"type": "model", "id": model.id, "display_name": model.id, "created_at": "2025-11-24T00:00:00Z"}


def _gemini(model: Model) -> dict[str, Any]:
    methods = ["embedContent"] if "embedding" in model.id else ["generateContent", "countTokens"]
    return {
        "name": f"models/{model.id}",
        "version": "001",
        "displayName": model.id,
        "description": f"{model.id}, played by the sandbox.",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": methods,
    }
