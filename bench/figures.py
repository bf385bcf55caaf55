"""Figures out of measurements: quantiles, and how many digits of them mean something."""

import math
from collections.abc import Iterable, Sequence
from typing import Any


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values to take a quantile of")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def added_ms(ours_ns: Sequence[int], direct_ns: Sequence[int], share: float) -> float:
    """What the site adds to a quantile of a direct client at the same upstream at the same time, in milliseconds."""
    return (quantile(ours_ns, share) - quantile(direct_ns, share)) / 1e6


def ms(nanoseconds: float) -> float:
    """Nanoseconds as milliseconds."""
    return nanoseconds / 1e6


def per(amount: float, whole: float, count: float) -> float:
    """`amount` of something for every `count` of the `whole`."""
    return amount / whole * count if whole else math.nan


def tidy(value: Any) -> Any:
    """Figures with the digits that mean something: three from 1 downwards, one or two above; no NaN, which is no JSON."""
    if isinstance(value, dict):
        return {name: tidy(part) for name, part in value.items()}
    if isinstance(value, list):
        return [tidy(part) for part in value]
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    return round(value, 3 if abs(value) < 10 else 2 if abs(value) < 100 else 1)
