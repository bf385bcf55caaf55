"""What a run costs: worked out once, when it ends. What the gateway itself says it took counts before any price list."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import Key
from playground.calls import Call
from playground.models import State
from playground.models.shelf import price_for
from playground.offers import Price, calls_in, cost_of
from playground.offers.value import amount

# LiteLLM tells its dollars in a header, which it must send before a stream has cost anything.
COST_HEADER = "x-litellm-response-cost"
SMALLEST = Decimal("1e-9")
LARGEST = Decimal(10) ** 9
MOST_READ = 2**20
# Midjourney's calls name no model; gateways price them by what is asked for.
TASKS = {
    "mj-imagine": "mj_imagine",
    "mj-describe": "mj_describe",
    "mj-blend": "mj_blend",
    "mj-modal": "mj_modal",
}


@dataclass(frozen=True, slots=True)
class Tariff:
    """The price of a run's model when it began, and how many calls it is charged as."""

    price: Price
    calls: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount and its unit; None and no unit while it is not known."""

    amount: Decimal | None = None
    unit: str = ""

    def metrics(self) -> dict[str, Any]:
        """As the `end` message carries it."""
        return {"cost": None if self.amount is None else float(self.amount), "currency": self.unit}


UNKNOWN = Cost()


def tariff_for(key: Key, call: Call, given: Mapping[str, Any]) -> Tariff | None:
    """What a call with this key will be charged by; None when nobody told a price. `given` is the call as it was typed."""
    price = price_for(key, call.model or TASKS.get(call.operation, ""))
    if price is None:
        return None
    return Tariff(price, calls_in(call.dialect, call.model, _body(given)) if price.call is not None else Decimal(1))


def told_in(headers: Mapping[str, str], is_streamed: bool) -> Decimal | None:
    """The dollars that the answer's headers tell. Before a stream they are nothing yet."""
    told = amount(headers.get(COST_HEADER))
    return None if is_streamed and not told else told


def cost_at_end(
    tariff: Tariff | None, state: str, usage: Mapping[str, Any], told: Decimal | None, sent: bool = True
) -> Cost:
    """What a run that ended so has cost. `told` is what headers said; the body may say it with the usage."""
    if (said := amount(usage.get("cost"))) is not None or (said := told) is not None:
        return _cost(said, "USD")
    if tariff is None or not sent:
        return UNKNOWN
    is_counted = usage.get("input_tokens") is not None or usage.get("output_tokens") is not None
    by_call = tariff.price.call is not None
    # A call that failed is not charged; what a broken answer was charged, only its tokens tell.
    if not is_counted and not (by_call and state == State.SUCCEEDED):
        return UNKNOWN
    worked_out = cost_of(tariff.price, usage, tariff.calls)
    return UNKNOWN if worked_out is None else _cost(worked_out, tariff.price.unit)


def _cost(amount_of_it: Decimal, unit: str) -> Cost:
    return Cost(amount_of_it.quantize(SMALLEST), unit[:8]) if amount_of_it < LARGEST else UNKNOWN


def _body(given: Mapping[str, Any]) -> Any:
    text = given.get("body_text")
    if not isinstance(text, str):
        return given.get("body")
    try:
        return json.loads(text) if len(text) <= MOST_READ else None
    except (ValueError, RecursionError):
        return None
