"""The values of an offer: a model, how it is called, what it costs. Prices always carry their unit."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

MILLION = Decimal(1_000_000)
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Price:
    """Amounts of `unit` for a million tokens, or for one call. None is not known; nothing is nothing.

    `unit` is a currency, or `units` for the gateway's own quota units.
    """

    unit: str
    input: Decimal | None = None
    output: Decimal | None = None
    cached: Decimal | None = None
    reasoning: Decimal | None = None
    call: Decimal | None = None

    @property
    def is_known(self) -> bool:
        """Whether it tells any amount."""
        return any(getattr(self, name) is not None for name in AMOUNTS)

    def kept(self) -> dict[str, str]:
        """As JSON can hold it, to the twelfth digit."""
        amounts = {name: getattr(self, name) for name in AMOUNTS}
        return {"unit": self.unit, **{name: _spelled(one) for name, one in amounts.items() if one is not None}}

    @classmethod
    def of(cls, kept: Mapping[str, str] | None) -> "Price | None":
        """The price that was kept."""
        if not kept:
            return None
        return cls(kept["unit"], **{name: Decimal(kept[name]) for name in AMOUNTS if name in kept})


AMOUNTS = tuple(field.name for field in fields(Price) if field.name != "unit")


@dataclass(frozen=True, slots=True)
class Offer:
    """One model. `kinds` say how it is called; `is_tiered` that its price depends on the call and is told nowhere."""

    name: str
    vendor: str = ""
    kinds: tuple[str, ...] = ()
    context: int | None = None
    price: Price | None = None
    is_tiered: bool = False


def amount(value: Any) -> Decimal | None:
    """A number that is no less than nothing, also one spelled as text; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= LARGEST else None


def whole(value: Any) -> int | None:
    """A whole number above nothing that a database column can hold."""
    number = amount(value)
    return int(number) if number is not None and 0 < number < 2**31 else None


def word(value: Any, most: int) -> str:
    """A short text that pages and Postgres can hold."""
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable()).strip()[:most]


def _spelled(number: Decimal) -> str:
    text = f"{number:.12f}".rstrip("0").rstrip(".")
    return text or "0"
