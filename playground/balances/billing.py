"""The dashboard paths of OpenAI's past, as one-api and its family answer them.

Despite its name `hard_limit_usd` may be yuan or quota units: only `/api/status` tells. On older versions it is what remains,
on newer ones remaining plus used; nothing in the answer says which, so two readings are compared.
"""

from collections.abc import Generator
from decimal import Decimal

from playground.balances import status
from playground.balances.conversation import (
    Answered,
    Ask,
    Facts,
    Reading,
    amount,
    moment_of,
    object_in,
    object_or_none,
)
from playground.balances.value import Balance, Figure, NoBalance

SUBSCRIPTION = Ask("/v1/dashboard/billing/subscription")
USAGE = Ask("/v1/dashboard/billing/usage")
STATUS = Ask("/api/status", open=True)
# What every version answers for a key without a limit, whatever the unit.
UNLIMITED = Decimal(100_000_000)


def reading(before: Facts) -> Reading:
    """A one-api key's balance. `before` holds the facts of the last reading."""
    said = object_in((yield SUBSCRIPTION))
    limit = amount(said.get("hard_limit_usd"))
    used = amount(object_in((yield USAGE)).get("total_usage")) / 100
    shown = status.showing(status.data_of((yield STATUS)))
    oddities: tuple[str, ...] = () if shown.told else ("unit_unsure",)
    facts = {"limit": str(limit), "used": str(used)}
    expires = moment_of(said.get("access_until"))
    if limit == UNLIMITED:
        key = Figure("key", shown.unit, used=used, unlimited=True)
        return Balance(key, None, expires, SUBSCRIPTION.path, (*oddities, "account_hidden"), facts)
    meaning = _meaning(limit, used, before)
    if not meaning:
        oddities += ("limit_unsure",)
    else:
        facts["limit_is"] = meaning
    left = limit if meaning == "left" else limit - used
    key = Figure("key", shown.unit, left, used, left + used)
    return Balance(key, None, expires, SUBSCRIPTION.path, oddities, facts)


def account(unit: str) -> Generator[Ask, Answered, Figure | None]:
    """What the account behind a new-api key without a limit has left, where the gateway shows that to keys."""
    subscription = object_or_none((yield SUBSCRIPTION))
    usage = object_or_none((yield USAGE)) if subscription else None
    try:
        limit = amount(subscription.get("hard_limit_usd")) if subscription else UNLIMITED
        used = amount(usage.get("total_usage")) / 100 if usage else None
    except NoBalance:
        return None
    if used is None or limit == UNLIMITED:
        return None
    return Figure("account", unit, limit - used, used, limit)


def _meaning(limit: Decimal, used: Decimal, before: Facts) -> str:
    """Whether the limit is all that was `granted` or what is `left`; nothing while that cannot be told."""
    if not used:
        return before.get("limit_is", "granted")
    if used > limit and limit >= 0:
        return "left"
    if known := before.get("limit_is", ""):
        return known
    if "limit" not in before or "used" not in before:
        return ""
    grown, shrunk = used - Decimal(before["used"]), Decimal(before["limit"]) - limit
    if grown <= 0:
        return ""
    if shrunk == 0:
        return "granted"
    return "left" if abs(shrunk - grown) <= grown / 20 else ""
