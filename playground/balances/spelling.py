"""An amount as people read it, on pages and in mails alike."""

from decimal import Decimal

from django.utils.translation import ngettext

NOTHING = "—"
SIGNS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}


def amount(held: Decimal | None, unit: str) -> str:
    """What a purse holds, always with its unit: an amount of a currency, or a gateway's own quota units."""
    if held is None:
        return NOTHING
    if unit == "units":
        return units(held)
    figure = f"{abs(held):,.2f}" if abs(held) >= Decimal("0.1") or not held else small(abs(held))
    minus = "−" if held < 0 else ""
    sign = SIGNS.get(unit, unit if unit and not unit.isascii() else "")
    return f"{minus}{sign}{figure}" if sign else f"{minus}{figure} {unit}".rstrip()


def units(amount: Decimal) -> str:
    """An amount in the units that a gateway counts in."""
    return ngettext("%(count)s unit", "%(count)s units", round(amount)) % {"count": f"{amount:,.0f}"}


def small(amount: Decimal) -> str:
    """An amount below one: four digits, and of very small ones the first two figures."""
    return f"{amount:.4f}" if abs(amount) >= Decimal("0.001") else f"{amount:.{1 - amount.adjusted()}f}"
