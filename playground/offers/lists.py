"""Lists of models in the shapes of OpenAI, OpenRouter, LiteLLM and Gemini."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from playground.offers.kinds import MODES, kinds_of
from playground.offers.makers import maker_of
from playground.offers.value import MILLION, Offer, Price, amount, whole, word

LONGEST_NAME = 200


def openai(said: Mapping[str, Any]) -> list[Offer] | None:
    """`/v1/models`: names and owners; with prices where OpenRouter answers. None when it is no such list."""
    rows = said.get("data")
    if not isinstance(rows, list):
        return None
    return [_openai(row, name) for row in rows if isinstance(row, dict) and (name := word(row.get("id"), LONGEST_NAME))]


def gemini(said: Mapping[str, Any]) -> list[Offer]:
    """`/v1beta/models`: what Gemini's own path offers, with the context it takes."""
    rows = said.get("models")
    listed = rows if isinstance(rows, list) else []
    named = [
        (row, word(row.get("name"), LONGEST_NAME).removeprefix("models/")) for row in listed if isinstance(row, dict)
    ]
    return [Offer(name, "", _gemini_kinds(row), whole(row.get("inputTokenLimit"))) for row, name in named if name]


def litellm(said: Mapping[str, Any]) -> list[Offer]:
    """LiteLLM's `/model/info`: dollars a token. A name that stands for several deployments has the dearest one's price."""
    rows = said.get("data")
    found: dict[str, Offer] = {}
    for row in rows if isinstance(rows, list) else []:
        name = word(row.get("model_name"), LONGEST_NAME) if isinstance(row, dict) else ""
        info = row.get("model_info") if name else None
        if isinstance(info, dict):
            offer = _litellm(name, info)
            before = found.get(name)
            found[name] = offer if before is None or _dearness(offer) > _dearness(before) else before
    return list(found.values())


def _openai(row: Mapping[str, Any], name: str) -> Offer:
    endpoints = row.get("supported_endpoint_types")
    vendor = word(row.get("owned_by"), 80) or (name.partition("/")[0] if "/" in name else "")
    pricing = row.get("pricing")
    return Offer(
        name,
        maker_of(name, vendor),
        kinds_of(name, endpoints if isinstance(endpoints, list) else ()),
        whole(row.get("context_length")),
        _openrouter(pricing) if isinstance(pricing, dict) else None,
    )


def _openrouter(pricing: Mapping[str, Any]) -> Price | None:
    """Dollars a token as text; negative amounts mean that it depends."""
    price = Price(
        "USD",
        input=_per_million(pricing.get("prompt")),
        output=_per_million(pricing.get("completion")),
        cached=_per_million(pricing.get("input_cache_read")),
        # Nothing there means: as all that is given out.
        reasoning=_per_million(pricing.get("internal_reasoning")) or None,
        call=amount(pricing.get("request")) or None,
    )
    return price if price.is_known else None


def _litellm(name: str, info: Mapping[str, Any]) -> Offer:
    price = Price(
        "USD",
        input=_per_million(info.get("input_cost_per_token")),
        output=_per_million(info.get("output_cost_per_token")),
        cached=_per_million(info.get("cache_read_input_token_cost")),
        reasoning=_per_million(info.get("output_cost_per_reasoning_token")),
        call=amount(info.get("output_cost_per_image")) or amount(info.get("input_cost_per_request")),
    )
    mode = MODES.get(word(info.get("mode"), 40), "")
    return Offer(
        name,
        maker_of(name, word(info.get("litellm_provider"), 80)),
        kinds_of(name, (), mode),
        whole(info.get("max_input_tokens")),
        price if price.is_known else None,
    )


def _gemini_kinds(row: Mapping[str, Any]) -> tuple[str, ...]:
    methods = row.get("supportedGenerationMethods")
    named = methods if isinstance(methods, list) else []
    embeds = any(isinstance(one, str) and "embed" in one.lower() for one in named)
    generates = any(isinstance(one, str) and "generateContent" in one for one in named)
    return (*(("gemini",) if generates or not embeds else ()), *(("embeddings",) if embeds else ()))


def _per_million(value: Any) -> Decimal | None:
    each = amount(value)
    return None if each is None else each * MILLION


def _dearness(offer: Offer) -> Decimal:
    price = offer.price
    return (price.input or price.call or Decimal(0)) if price else Decimal(-1)
