"""OpenRouter: the key's own limit, and the account's credits where the key may see them. All in USD."""

from typing import Any

from playground.balances.conversation import (
    Ask,
    Facts,
    Reading,
    amount,
    amount_or_none,
    moment_in,
    object_in,
    object_or_none,
    part,
)
from playground.balances.value import Balance, Figure, NoBalance

KEY = Ask("/api/v1/key")
CREDITS = Ask("/api/v1/credits")


def reading(before: Facts) -> Reading:
    """The key's balance; newer accounts show their credits to management keys only."""
    told = part(object_in((yield KEY)), "data")
    if "usage" not in told or "limit" not in told:
        raise NoBalance("unreadable")
    credits = object_or_none((yield CREDITS))
    account = _account(credits) if credits else None
    oddities: tuple[str, ...] = () if account else ("account_hidden",)
    if told.get("is_free_tier") is True:
        oddities += ("free_tier",)
    return Balance(_key(told), account, moment_in(told.get("expires_at")), KEY.path, oddities)


def _key(told: dict[str, Any]) -> Figure:
    limit, used = amount_or_none(told["limit"]), amount(told["usage"])
    period = told.get("limit_reset")
    if limit is None:
        return Figure("key", "USD", used=used, unlimited=True)
    remaining = amount_or_none(told.get("limit_remaining"))
    left = limit - used if remaining is None else remaining
    if isinstance(period, str) and period:
        # With a window, `usage` counts from the key's first day: what the window used is the rest of its limit.
        return Figure("key", "USD", left, limit - left, limit, period=period[:20])
    return Figure("key", "USD", left, used, limit)


def _account(credits: dict[str, Any]) -> Figure | None:
    try:
        told = part(credits, "data")
        bought, used = amount(told.get("total_credits")), amount(told.get("total_usage"))
    except NoBalance:
        return None
    return Figure("account", "USD", bought - used, used, bought)
