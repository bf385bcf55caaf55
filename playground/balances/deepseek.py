"""DeepSeek: the account's balance, in each currency it holds."""

from decimal import Decimal
from typing import Any

from playground.balances.conversation import Ask, Facts, Reading, amount, object_in
from playground.balances.value import Balance, Figure, NoBalance

BALANCE = Ask("/user/balance")


def reading(before: Facts) -> Reading:
    """The account's balance. Of several currencies the one that holds something is told, CNY first; none are added."""
    said = object_in((yield BALANCE))
    purses = said.get("balance_infos")
    if not isinstance(purses, list) or not purses or not all(isinstance(purse, dict) for purse in purses):
        raise NoBalance("unreadable")
    held = sorted(((_amount(purse), _currency(purse)) for purse in purses), key=lambda one: (one[0] <= 0, one[1]))
    left, currency = held[0]
    oddities: tuple[str, ...] = () if said.get("is_available") is not False else ("blocked",)
    if sum(amount > 0 for amount, _ in held) > 1:
        oddities += ("several_currencies",)
    return Balance(None, Figure("account", currency, left), None, BALANCE.path, oddities)


def _amount(purse: dict[str, Any]) -> Decimal:
    return amount(purse.get("total_balance"))


def _currency(purse: dict[str, Any]) -> str:
    currency = purse.get("currency")
    if not isinstance(currency, str) or not currency.isalpha() or len(currency) > 8:
        raise NoBalance("unreadable")
    return currency.upper()
