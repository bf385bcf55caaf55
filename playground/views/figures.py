"""Figures as people read them: lengths of time, counts, money. The same spelling as in `static/js/texts.js`."""

from decimal import Decimal

from django.utils.translation import gettext as _

NOTHING = "—"
SIGNS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}


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
        return _("%(count)s units") % {"count": f"{amount:,.0f}"}
    figure = f"{amount:,.2f}" if abs(amount) >= 1 else _small(amount)
    sign = SIGNS.get(currency or "USD")
    return f"{sign}{figure}" if sign else f"{figure} {currency}"


def price(amount: Decimal | None, unit: str) -> str:
    """What a million tokens or one call cost: as exact as it was told, to the fourth figure."""
    if amount is None:
        return NOTHING
    if not amount:
        return _("free")
    if unit == "units":
        return _("%(count)s units") % {"count": f"{amount:,.0f}"}
    digits = max(2, 3 - amount.adjusted())
    whole, _dot, rest = f"{amount:,.{digits}f}".partition(".")
    figure = f"{whole}.{rest.rstrip('0').ljust(2, '0')}"
    sign = SIGNS.get(unit)
    return f"{sign}{figure}" if sign else f"{figure} {unit}"


def _small(amount: Decimal) -> str:
    """An amount below one: four digits, and of very small ones the first two figures."""
    return f"{amount:.4f}" if abs(amount) >= Decimal("0.001") else f"{amount:.{1 - amount.adjusted()}f}"


def amount(held: Decimal | None, unit: str) -> str:
    """What a purse holds, always with its unit: an amount of a currency, or a gateway's own quota units."""
    if held is None:
        return NOTHING
    if unit == "units":
        return _("%(count)s units") % {"count": f"{held:,.0f}"}
    figure = f"{abs(held):,.2f}" if abs(held) >= Decimal("0.1") or not held else _small(abs(held))
    minus = "−" if held < 0 else ""
    sign = SIGNS.get(unit, unit if unit and not unit.isascii() else "")
    return f"{minus}{sign}{figure}" if sign else f"{minus}{figure} {unit}".rstrip()
