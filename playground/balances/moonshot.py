"""Moonshot: the account's balance, in yuan on its Chinese host and in dollars elsewhere."""

from playground.balances.conversation import Ask, Facts, Reading, amount, object_in, part, reason_in
from playground.balances.value import Balance, Figure, NoBalance

BALANCE = Ask("/v1/users/me/balance")


def reading(before: Facts) -> Reading:
    """The account's balance. `before["host"]` names the gateway's host, which decides the currency."""
    said = object_in((yield BALANCE))
    if "scode" not in said and "code" not in said:
        raise NoBalance("unreadable")
    if said.get("code") != 0 or said.get("status") is False:
        message = str(said.get("message") or said.get("scode") or "")[:300]
        raise NoBalance(reason_in(message), message)
    left = amount(part(said, "data").get("available_balance"))
    host = before.get("host", "")
    unit = "USD" if host.endswith("moonshot.ai") else "CNY"
    oddities = () if host.endswith(("moonshot.ai", "moonshot.cn")) else ("unit_unsure",)
    return Balance(None, Figure("account", unit, left), None, BALANCE.path, oddities)
