"""LiteLLM: what a virtual key has spent of its budget. All in USD."""

from playground.balances.conversation import Ask, Facts, Reading, amount, amount_or_none, moment_in, object_in, part
from playground.balances.value import Balance, Figure, NoBalance

INFO = Ask("/key/info")


def reading(before: Facts) -> Reading:
    """The key's balance. With a budget window, `spend` covers the current window only."""
    said = object_in((yield INFO))
    if "key" not in said:
        raise NoBalance("unreadable")
    info = part(said, "info")
    used, limit = amount(info.get("spend")), amount_or_none(info.get("max_budget"))
    window = {
        "period": str(info.get("budget_duration") or "")[:20],
        "resets_at": moment_in(info.get("budget_reset_at")),
    }
    key = (
        Figure("key", "USD", used=used, unlimited=True)
        if limit is None
        else Figure("key", "USD", limit - used, used, limit, **window)  # type: ignore[arg-type]
    )
    oddities = ("blocked",) if info.get("blocked") is True else ()
    return Balance(key, None, moment_in(info.get("expires")), INFO.path, oddities)
