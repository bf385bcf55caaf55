"""What a run cost: its tokens, or its calls, at the price of its model. What is not known stays unknown."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from playground.offers.value import MILLION, Price, amount

SMALLEST = Decimal("1e-9")
# OpenAI's older picture models cost more for larger and finer pictures; new-api multiplies as the vendor does.
_SIZES = {"256x256": Decimal("0.4"), "512x512": Decimal("0.45"), "1024x1024": Decimal(1)}
USUAL_SECONDS = Decimal(4)
MOST_AT_ONCE = 1000


def cost_of(price: Price, usage: Mapping[str, Any], calls: Decimal = Decimal(1)) -> Decimal | None:
    """What tokens and calls cost together; None where an amount that is needed is not known."""
    if price.call is not None and price.input is None:
        return _rounded(price.call * calls)
    given, made = usage.get("input_tokens"), usage.get("output_tokens")
    if given is None and made is None:
        return None
    spent = _input_cost(price, given or 0, usage.get("cached_tokens") or 0)
    paid = _output_cost(price, made or 0, usage.get("reasoning_tokens") or 0)
    if spent is None or paid is None:
        return None
    return _rounded(spent + paid + (price.call or 0) * calls)


def estimated(price: Price, given: int, made: int | None) -> Decimal | None:
    """What a call that is not yet sent will cost, at most where `made` says how much may be given out."""
    return cost_of(price, {"input_tokens": given, "output_tokens": made or 0})


def calls_in(dialect: str, model: str, asked: Any) -> Decimal:
    """How many calls a request's body is charged as: pictures one by one and some by their size, films by the second."""
    if not isinstance(asked, Mapping):
        return Decimal(1)
    if dialect == "sora-video":
        return _count(asked.get("seconds"), USUAL_SECONDS)
    if dialect != "openai-images":
        return Decimal(1)
    return _count(asked.get("n"), Decimal(1)) * (_dall_e(asked) if model.startswith("dall-e") else 1)


def _count(value: Any, otherwise: Decimal) -> Decimal:
    number = amount(value)
    return number if number and number <= MOST_AT_ONCE else otherwise


def _dall_e(asked: Mapping[str, Any]) -> Decimal:
    size = asked.get("size") if isinstance(asked.get("size"), str) else "1024x1024"
    is_large = size not in _SIZES and re.fullmatch(r"\d+x\d+", str(size)) is not None
    by_size = Decimal(2) if is_large else _SIZES.get(str(size), Decimal(1))
    return by_size * ((Decimal("1.5") if is_large else Decimal(2)) if asked.get("quality") == "hd" else 1)


def _input_cost(price: Price, given: int, cached: int) -> Decimal | None:
    if not given:
        return Decimal(0)
    if price.input is None:
        return None
    held = min(cached, given)
    each = price.input if price.cached is None else price.cached
    return ((given - held) * price.input + held * each) / MILLION


def _output_cost(price: Price, made: int, thought: int) -> Decimal | None:
    """Thinking is counted within what is given out, and mostly paid like it."""
    if not made:
        return Decimal(0)
    if price.output is None:
        return None
    held = min(thought, made)
    each = price.output if price.reasoning is None else price.reasoning
    return ((made - held) * price.output + held * each) / MILLION


def _rounded(sum_of_it: Decimal) -> Decimal:
    return sum_of_it.quantize(SMALLEST)
