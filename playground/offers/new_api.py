"""new-api's `/api/pricing`: ratios of models and groups, as prices in the unit in which the gateway shows money."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playground.balances.status import UNITS_A_DOLLAR, showing
from playground.offers.value import MILLION, Price, amount, word

# A ratio is quota units for a token: 1 is two dollars for a million tokens, at half a million units a dollar.
DEFAULT_GROUP = "default"


@dataclass(frozen=True, slots=True)
class Priced:
    """One row of the list: who made it, how it is called, what it costs in which group."""

    vendor: str
    endpoints: tuple[str, ...]
    price: Price | None
    is_tiered: bool
    group: str
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class Coin:
    """What quota units are worth at a gateway: how many make one of `unit`, and how many a dollar."""

    unit: str
    units_each: Decimal
    units_a_dollar: Decimal

    def of(self, units: Decimal) -> Decimal:
        """Quota units in this coin."""
        return units / self.units_each


def coin_of(status: Mapping[str, Any] | None) -> Coin:
    """The coin by the `data` of `/api/status`. Where that is not told, the figures new-api comes with."""
    told = showing(dict(status)) if status else None
    dollar = (amount(status.get("quota_per_unit")) if status else None) or UNITS_A_DOLLAR
    if told is None or not told.told:
        return Coin("USD", dollar, dollar)
    return Coin(told.unit, told.units_each, dollar)


def prices_in(said: Mapping[str, Any], coin: Coin) -> dict[str, Priced]:
    """The rows of the answer by model; those that cannot be read are left out."""
    rows = said.get("data")
    if not isinstance(rows, list):
        return {}
    vendors = {one.get("id"): word(one.get("name"), 80) for one in _objects(said.get("vendors"))}
    ratios = said.get("group_ratio")
    known = ratios.items() if isinstance(ratios, dict) else ()
    groups = {name: ratio for name, value in known if (ratio := amount(value)) is not None}
    return {
        name: _priced(row, vendors, groups, coin)
        for row in _objects(rows)
        if (name := word(row.get("model_name"), 200))
    }


def _priced(row: Mapping[str, Any], vendors: Mapping[Any, str], groups: Mapping[str, Decimal], coin: Coin) -> Priced:
    group, ratio = _group(row, groups)
    is_tiered = bool(row.get("billing_mode") or row.get("billing_expr"))
    endpoints = row.get("supported_endpoint_types")
    return Priced(
        vendor=vendors.get(_plain(row.get("vendor_id")), "") or word(row.get("owner_by"), 80),
        endpoints=tuple(one for one in endpoints if isinstance(one, str)) if isinstance(endpoints, list) else (),
        price=None if is_tiered or ratio is None else _price(row, ratio, coin),
        is_tiered=is_tiered,
        group=group,
        ratio=ratio,
    )


def _group(row: Mapping[str, Any], groups: Mapping[str, Decimal]) -> tuple[str, Decimal | None]:
    """The group a key is most likely in, and its ratio: nothing here tells the key's own. Old versions have no groups."""
    if not groups:
        return "", Decimal(1)
    enabled = row.get("enable_groups")
    named = [name for name in enabled if isinstance(name, str)] if isinstance(enabled, list) else []
    offered = named or list(groups)
    if DEFAULT_GROUP in offered and DEFAULT_GROUP in groups:
        return DEFAULT_GROUP, groups[DEFAULT_GROUP]
    return next(((name, groups[name]) for name in offered if name in groups), ("", None))


def _price(row: Mapping[str, Any], ratio: Decimal, coin: Coin) -> Price | None:
    if row.get("quota_type") == 1:
        dollars = amount(row.get("model_price"))
        return None if dollars is None else Price(coin.unit, call=coin.of(dollars * coin.units_a_dollar * ratio))
    given = amount(row.get("model_ratio"))
    if given is None:
        return None
    paid = coin.of(given * MILLION * ratio)
    made, cached = amount(row.get("completion_ratio")), amount(row.get("cache_ratio"))
    return Price(
        coin.unit,
        input=paid,
        output=paid * (Decimal(1) if made is None else made),
        cached=None if cached is None else paid * cached,
    )


def _objects(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else None
