"""Figures as people read them: lengths of time, counts, money. The same spelling as in `static/js/texts.js`."""

from decimal import Decimal

from django.utils.translation import gettext as _

from playground.balances.spelling import NOTHING, SIGNS, amount, small, units

__all__ = ["NOTHING", "SIGNS", "amount", "count", "duration", "money", "price", "tokens"]


def duration(ms: int | float | None) -> str:
    """Below a second in ms, then in seconds with up to three figures, then in minutes."""
    if ms is None:
        return NOTHING
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 60_000:
        return f"{ms / 1000:.2f} s" if ms < 10_000 else f"{ms / 1000:.1f} s"
    minutes, seconds = divmod(int(ms) // 1000, 60)
    return f"{minutes}:{seconds:02} min"


def count(number: int | None) -> str:
    """A whole number with its thousands parted."""
    return NOTHING if number is None else f"{number:,}"


def tokens(given: int | None, made: int | None) -> str:
    """How many went in and came out: `1,042 → 413`."""
    return NOTHING if given is None and made is None else f"{count(given)} → {count(made)}"


def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with its sign; nothing charged is a word."""
    if amount is None:
        return NOTHING
    if not amount:
        return _("free")
    if currency == "units":
        return units(amount)
    figure = f"{amount:,.2f}" if abs(amount) >= 1 else small(amount)
    sign = SIGNS.get(currency or "USD")
    return f"{sign}{figure}" if sign else f"{figure} {currency}"


def price(amount: Decimal | None, unit: str) -> str:
    """What a million tokens or one call cost: as exact as it was told, to the fourth figure."""
    if amount is None:
        return NOTHING
    if not amount:
        return _("free")
    if unit == "units":
        return units(amount)
    digits = max(2, 3 - amount.adjusted())
    whole, _dot, rest = f"{amount:,.{digits}f}".partition(".")
    figure = f"{whole}.{rest.rstrip('0').ljust(2, '0')}"
    sign = SIGNS.get(unit)
    return f"{sign}{figure}" if sign else f"{figure} {unit}"
