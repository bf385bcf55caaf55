"""SiliconFlow: the account's balance in yuan."""

from playground.balances.conversation import Ask, Facts, Reading, amount, object_in, part, reason_in
from playground.balances.value import Balance, Figure, NoBalance

INFO = Ask("/v1/user/info")
FINE = 20000


def reading(before: Facts) -> Reading:
    """The account's balance. Its answers carry a code of their own: 20000 is fine, whatever the HTTP status."""
    said = object_in((yield INFO))
    if "code" not in said or "data" not in said:
        raise NoBalance("unreadable")
    if said["code"] != FINE or said.get("status") is False:
        message = str(said.get("message") or "")[:300]
        raise NoBalance(reason_in(message), message)
    data = part(said, "data")
    oddities = ("blocked",) if data.get("status") not in (None, "normal") else ()
    return Balance(None, Figure("account", "CNY", amount(data.get("totalBalance"))), None, INFO.path, oddities)
