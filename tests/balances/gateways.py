"""Gateways of every kind as their documents and programs describe them: path → status and body."""

import json
from typing import Any

from playground.balances import Answered, Balance, NoBalance, telling

Site = dict[str, Any]

STATUS = "/api/status"
USAGE = "/api/usage/token/"
SUBSCRIPTION = "/v1/dashboard/billing/subscription"
BILLING = "/v1/dashboard/billing/usage"


def status(**data: Any) -> dict[str, Any]:
    return {"success": True, "message": "", "data": {"quota_per_unit": 500000, "display_in_currency": True, **data}}


def usage(**data: Any) -> dict[str, Any]:
    told = {
        "object": "token_usage", "name": "demo", "total_granted": 1000000, "total_used": 12345, "total_available": 987655,
        "unlimited_quota": False, "model_limits": {"gpt-4o-mini": True}, "model_limits_enabled": False, "expires_at": 0,
    }  # fmt: skip
    return {"code": True, "message": "ok", "data": {**told, **data}}


def subscription(limit: Any, until: int = 0) -> dict[str, Any]:
    return {
        "object": "billing_subscription", "has_payment_method": True,
        "soft_limit_usd": limit, "hard_limit_usd": limit, "system_hard_limit_usd": limit, "access_until": until,
    }  # fmt: skip


def billed(total: Any) -> dict[str, Any]:
    return {"object": "list", "total_usage": total}


def openrouter_key(**data: Any) -> dict[str, Any]:
    told = {
        "label": "sk-or-v1-0e6...1c96", "limit": 100, "limit_reset": None, "limit_remaining": 74.5,
        "include_byok_in_limit": False, "usage": 25.5, "usage_daily": 1.5, "usage_weekly": 9, "usage_monthly": 25.5,
        "byok_usage": 0, "is_free_tier": False,
    }  # fmt: skip
    return {"data": {**told, **data}}


def litellm_info(**info: Any) -> dict[str, Any]:
    told = {
        "status": "active", "key_alias": "nightly", "spend": 359.88, "max_budget": 1000.0, "budget_duration": None,
        "budget_reset_at": None, "models": [], "blocked": None, "expires": None, "metadata": {},
    }  # fmt: skip
    return {"key": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b", "info": {**told, **info}}


def deepseek(*purses: tuple[str, str], available: bool = True) -> dict[str, Any]:
    return {
        "is_available": available,
        "balance_infos": [
            {"currency": currency, "total_balance": total, "granted_balance": "0.00", "topped_up_balance": total}
            for currency, total in purses
        ],
    }


def siliconflow(total: str = "88.88", **data: Any) -> dict[str, Any]:
    told = {"id": "u1", "name": "n", "email": "e@example.com", "balance": "0.88", "chargeBalance": "88.00"}
    return {
        "code": 20000, "message": "OK", "status": True,
        "data": {**told, "totalBalance": total, "status": "normal", **data},
    }  # fmt: skip


def moonshot(left: float = 49.58894) -> dict[str, Any]:
    return {
        "code": 0,
        "data": {"available_balance": left, "voucher_balance": 46.58893, "cash_balance": 3.00001},
        "scode": "0x0",
        "status": True,
    }


def refused(message: str = "Invalid Bearer token", status: int = 401) -> tuple[int, Any]:
    return status, {"success": False, "message": message}


def error(message: str, type: str, status: int = 200) -> tuple[int, Any]:
    return status, {"error": {"message": message, "type": type}}


def read(
    site: Site, kind: str = "unknown", url: str = "https://gateway.example", before: dict[str, str] | None = None
) -> tuple[str, Balance, list[str]]:
    """Hold the conversation with a gateway: its kind, the balance, and the paths that were asked."""
    told, asked = telling(kind, url, before), []
    try:
        ask = next(told)
        while True:
            asked.append(ask.path)
            ask = told.send(answered(site.get(ask.path, (404, "404 page not found"))))
    except StopIteration as end:
        return end.value.kind, end.value.balance, asked


def why_not(site: Site, kind: str = "unknown", url: str = "https://gateway.example") -> NoBalance:
    """The reason a gateway gives no balance."""
    try:
        read(site, kind, url)
    except NoBalance as reason:
        return reason
    raise AssertionError("a balance was told")


def answered(answer: Any) -> Answered:
    code, body = answer if isinstance(answer, tuple) else (200, answer)
    raw = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answered(code, raw)
