"""POST /v1/moderations: a few words are frowned upon, so that both outcomes can be seen."""

from typing import Any

from . import answers
from .answers import Answer
from .quotas import units
from .reading import rows, string
from .request import Request
from .routes import route
from .words import tokens

_CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
_WORDS = {
    "violence": ("kill", "murder", "shoot", "attack", "杀", "打死", "袭击"),
    "harassment": ("idiot", "stupid", "白痴", "蠢"),
    "hate": ("i hate all", "仇恨"),
    "illicit": ("steal", "build a bomb", "偷", "炸弹"),
    "self-harm": ("hurt myself", "suicide", "自杀", "自残"),
    "sexual": ("porn", "色情"),
}
_SEES_PICTURES = ("self-harm", "sexual", "violence")


@route("POST", "/v1/moderations")
async def moderations(request: Request) -> Answer:
    """A result for each text, or one for a list of parts."""
    given = request.json.get("input")
    parts = rows(given)
    if parts and all(isinstance(part, dict) for part in parts):
        text = "\n".join(string(part.get("text")) for part in parts)
        results = [_judged(text, pictured=any(part.get("type") == "image_url" for part in parts))]
    else:
        results = [_judged(string(part), pictured=False) for part in parts or [""]]
    model = request.model.sent or "omni-moderation-latest"
    told = {"id": request.seed.id("modr-"), "model": model, "results": results}
    return answers.json(told, units=units(model, tokens(str(given)), 0))


def _judged(text: str, pictured: bool) -> dict[str, Any]:
    lower = text[:20_000].lower()
    bad = {category for category, words in _WORDS.items() if any(word in lower for word in words)}
    seen = {
        name: ["text", *(["image"] if pictured and name.startswith(_SEES_PICTURES) else [])] for name in _CATEGORIES
    }
    return {
        "flagged": bool(bad),
        "categories": {name: name in bad for name in _CATEGORIES},
        "category_scores": {name: 0.94 if name in bad else _low(name, text) for name in _CATEGORIES},
        "category_applied_input_types": seen,
    }


def _low(name: str, text: str) -> float:
    return (len(name) * 7 + len(text) * 13) % 89 / 100_000
