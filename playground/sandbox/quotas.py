"""What calls cost and what keys have left, in units of which 500,000 are a dollar."""

from dataclasses import dataclass

from . import ledger
from .keys import Key
from .models import BY_ID, ratios
from .refusals import Refused

UNITS_PER_DOLLAR = 500_000
CACHE_RATIO = 0.5
_GRANTED = 100 * UNITS_PER_DOLLAR
_GRANTED_ONCE = UNITS_PER_DOLLAR
_EXPIRED_AT = 1_760_000_000


@dataclass(frozen=True, slots=True)
class Quota:
    """A key's quota; `expires_at` is 0 for never."""

    granted: int
    used: int
    expires_at: int = 0

    @property
    def available(self) -> int:
        """What is left; below nothing where a last call cost more."""
        return self.granted - self.used


def units(model: str, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> int:
    """The price of a call; never nothing. What a cache knew is cheaper."""
    price = ratios(model)
    paid = input_tokens - cached_tokens * (1 - CACHE_RATIO)
    return max(1, round((paid + output_tokens * price.completion) * price.model))


def units_per_call(model: str, count: int = 1) -> int:
    """The price of a model that is paid by the call: pictures, films, sounds."""
    found = BY_ID.get(model)
    return max(1, round((found.price if found else 0.01) * UNITS_PER_DOLLAR * count))


async def of(key: Key) -> Quota:
    """A key's quota, exactly."""
    if key.ending == "empty":
        return Quota(_GRANTED_ONCE, _GRANTED_ONCE)
    expires = _EXPIRED_AT if key.ending == "expired" else 0
    return Quota(_GRANTED, await ledger.used(key.fingerprint), expires)


async def allow(key: Key) -> None:
    """Refuse a key that has nothing left."""
    if key.ending == "empty" or await ledger.about_used(key.fingerprint) >= _GRANTED:
        raise Refused(403, "The quota of this key is used up.", code="insufficient_user_quota")


def charge(key: Key, cost: int) -> None:
    """Take the price of a call off a key."""
    if cost:
        ledger.spend(key.fingerprint, cost)
