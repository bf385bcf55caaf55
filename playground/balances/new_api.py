"""new-api: the key's quota by `/api/usage/token/`; for a key without one, the account's by the billing paths."""

from typing import Any

from playground.balances import billing, status
from playground.balances.conversation import (
    Answered,
    Ask,
    Facts,
    Reading,
    amount,
    moment_of,
    object_in,
    part,
)
from playground.balances.value import Balance, Figure, NoBalance

# With its last slash: without it the router redirects, and redirects are not followed.
USAGE = Ask("/api/usage/token/")
STATUS = Ask("/api/status", open=True)


def reading(before: Facts) -> Reading:
    """The key's balance. An expired or used-up key still tells; one switched off is refused."""
    told = usage_in((yield USAGE))
    shown = status.showing(status.data_of((yield STATUS)))
    return (yield from balance(told, shown))


def usage_in(answer: Answered) -> dict[str, Any]:
    """The `data` of a good answer. Success is `code: true`, failure `success: false`: they share no field."""
    said = object_in(answer)
    if said.get("code") is not True:
        raise NoBalance("unreadable")
    return part(said, "data")


def balance(told: dict[str, Any], shown: status.Showing) -> Reading:
    """The balance that `/api/usage/token/` told, with the account's for a key without a limit."""
    key = _figure(told, shown)
    account = (yield from billing.account(shown.unit)) if key.unlimited else None
    oddities: tuple[str, ...] = () if shown.told else ("unit_unsure",)
    if key.unlimited and account is None:
        oddities += ("account_hidden",)
    if told.get("model_limits_enabled") is True:
        oddities += ("models_limited",)
    return Balance(key, account, moment_of(told.get("expires_at")), USAGE.path, oddities)


def _figure(told: dict[str, Any], shown: status.Showing) -> Figure:
    used = shown.of(amount(told.get("total_used")))
    if told.get("unlimited_quota") is True:
        return Figure("key", shown.unit, used=used, unlimited=True)
    left, granted = amount(told.get("total_available")), amount(told.get("total_granted"))
    return Figure("key", shown.unit, shown.of(left), used, shown.of(granted))
