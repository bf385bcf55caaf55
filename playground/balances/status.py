"""`/api/status` of new-api and one-api: what a quota unit is worth, and how the gateway shows money."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playground.balances.conversation import Answered, amount, object_or_none
from playground.balances.value import UNITS, NoBalance

UNITS_A_DOLLAR = Decimal(500_000)


@dataclass(frozen=True, slots=True)
class Showing:
    """How the gateway shows money: `unit`, how many quota units make one of it, and whether it said so itself."""

    unit: str
    units_each: Decimal
    told: bool

    def of(self, units: Decimal) -> Decimal:
        """Quota units as the gateway shows them."""
        return units / self.units_each


NOT_TOLD = Showing(UNITS, Decimal(1), False)


def data_of(answer: Answered) -> dict[str, Any] | None:
    """What `/api/status` tells, when the answer is that of new-api or one-api at all."""
    said = object_or_none(answer)
    data = said.get("data") if said else None
    return data if isinstance(data, dict) and "quota_per_unit" in data else None


def showing(data: dict[str, Any] | None) -> Showing:
    """How money is shown, by the operator's settings."""
    try:
        return _showing(data) if data else NOT_TOLD
    except NoBalance:
        return NOT_TOLD


def _showing(data: dict[str, Any]) -> Showing:
    per_dollar = amount(data["quota_per_unit"])
    kind = _display(data)
    if per_dollar <= 0 or kind == "TOKENS":
        return Showing(UNITS, Decimal(1), per_dollar > 0)
    if kind == "CNY":
        rate = amount(data.get("usd_exchange_rate", data.get("price")))
        return Showing("CNY", per_dollar / rate, True) if rate > 0 else NOT_TOLD
    if kind == "CUSTOM":
        rate = amount(data.get("custom_currency_exchange_rate", 1))
        sign = str(data.get("custom_currency_symbol") or "")[:8]
        return Showing(sign, per_dollar / rate, True) if rate > 0 and sign else NOT_TOLD
    return Showing("USD", per_dollar, True)


def _display(data: dict[str, Any]) -> str:
    """The display type; older versions only say whether a currency is shown."""
    kind = data.get("quota_display_type")
    if isinstance(kind, str) and kind:
        return kind.upper()
    return "USD" if data.get("display_in_currency", True) else "TOKENS"
