"""Balance, limits and prices as new-api tells them, its quirks included."""

from typing import Any

from . import answers, quotas
from .answers import Answer, Body
from .keys import ONLY_MODEL, Key
from .models import SHELF, Model
from .quotas import CACHE_RATIO, UNITS_PER_DOLLAR
from .refusals import Refused
from .request import Request
from .routes import route

_PATHS = {
    "openai": "/v1/chat/completions",
    "openai-response": "/v1/responses",
    "anthropic": "/v1/messages",
    "gemini": "/v1beta/models/{model}:generateContent",
    "jina-rerank": "/v1/rerank",
    "image-generation": "/v1/images/generations",
    "embeddings": "/v1/embeddings",
    "openai-video": "/v1/videos",
}
_OWNERS = list(dict.fromkeys(model.owner for model in SHELF))


@route("GET", "/api/usage/token/", shape="dashboard", open=True)
async def token(request: Request) -> Answer:
    """The quota of a key. Success says `code: true`, failure `success: false`."""
    key = _bearer(request)
    quota = await quotas.of(key)
    limited = key.ending == "limited"
    figures = {
        "object": "token_usage",
        "name": f"sandbox-{key.fingerprint[:6]}",
        "total_granted": quota.granted,
        "total_used": quota.used,
        "total_available": quota.available,
        "unlimited_quota": False,
        "model_limits": {ONLY_MODEL: True} if limited else {},
        "model_limits_enabled": limited,
        "expires_at": quota.expires_at,
    }
    return answers.json({"code": True, "message": "ok", "data": figures})


@route("GET", "/api/usage/token", shape="dashboard", open=True)
async def token_without_slash(request: Request) -> Answer:
    """The router behind new-api redirects to the path with its last slash."""
    return Body(b"", "text/plain", 301, headers=(("location", f"{request.origin}/api/usage/token/"),))


@route("GET", "/v1/dashboard/billing/subscription")
@route("GET", "/dashboard/billing/subscription")
async def subscription(request: Request) -> Answer:
    """The limits of a key: what remains and what was used, in dollars."""
    quota = await quotas.of(_key(request))
    dollars = quota.granted / UNITS_PER_DOLLAR
    limits = dict.fromkeys(("soft_limit_usd", "hard_limit_usd", "system_hard_limit_usd"), dollars)
    told = {"object": "billing_subscription", "has_payment_method": True, **limits, "access_until": quota.expires_at}
    return answers.json(told)


@route("GET", "/v1/dashboard/billing/usage")
@route("GET", "/dashboard/billing/usage")
async def usage(request: Request) -> Answer:
    """What a key has used, in cents. Dates are accepted and ignored."""
    quota = await quotas.of(_key(request))
    return answers.json({"object": "list", "total_usage": quota.used / UNITS_PER_DOLLAR * 100})


@route("GET", "/api/status", shape="dashboard", open=True)
async def status(request: Request) -> Answer:
    """How the gateway is set up."""
    told = {"system_name": "Sandbox", "version": "sandbox", "quota_per_unit": UNITS_PER_DOLLAR}
    display = {"display_in_currency": True, "quota_display_type": "USD", "price": 7.3, "usd_exchange_rate": 7.3}
    return answers.json({"success": True, "message": "", "data": {**told, **display, "setup": True}})


@route("GET", "/api/pricing", shape="dashboard", open=True)
async def pricing(request: Request) -> Answer:
    """The price of every model on the shelf."""
    groups = {"group_ratio": {"default": 1}, "usable_group": {"default": "Default group"}, "auto_groups": ["default"]}
    return answers.json(
        {
            "success": True,
            "data": [_price(model) for model in SHELF],
            "vendors": [{"id": _OWNERS.index(name) + 1, "name": name, "icon": name} for name in _OWNERS],
            **groups,
            "supported_endpoint": {name: {"path": path, "method": "POST"} for name, path in _PATHS.items()},
            "pricing_version": "sandbox",
        }
    )


def _price(model: Model) -> dict[str, Any]:
    by_call = model.price > 0
    return {
        "model_name": model.id,
        "quota_type": 1 if by_call else 0,
        "model_ratio": 0 if by_call else model.ratios.model,
        "model_price": model.price,
        "owner_by": "",
        "completion_ratio": 0 if by_call else model.ratios.completion,
        "cache_ratio": CACHE_RATIO,
        "enable_groups": ["default"],
        "supported_endpoint_types": list(model.endpoints),
        "vendor_id": _OWNERS.index(model.owner) + 1,
    }


def _bearer(request: Request) -> Key:
    """The key of a dashboard call, which may be written without its `sk-`."""
    shown = request.headers.get("authorization", "")
    if not shown:
        raise Refused(401, "No Authorization header")
    secret = shown[7:].strip() if shown[:7].lower() == "bearer " else ""
    if not secret:
        raise Refused(401, "Invalid Bearer token")
    return Key(secret if secret.startswith("sk-") else f"sk-{secret}")


def _key(request: Request) -> Key:
    if request.key is None:
        raise Refused(401, "A key that starts with sk- is needed.", code="invalid_api_key")
    return request.key
