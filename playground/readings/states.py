"""In which state a key is, by what its gateway told last."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from accounts.models import BalanceStanding, Key

LOW = timedelta(days=3)
WATCH = timedelta(days=10)
LITTLE = Decimal("0.1")


class KeyState(StrEnum):
    """The states, the most pressing first."""

    REFUSED = "refused"
    SPENT = "spent"
    EXPIRED = "expired"
    LOW = "low"
    HOST_DOWN = "host_down"
    WATCH = "watch"
    UNSURE = "unsure"
    OFF = "off"
    NOT_TOLD = "not_told"
    UNREAD = "unread"
    HEALTHY = "healthy"

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at the key."""
        return self in _PRESSING


_PRESSING = (KeyState.REFUSED, KeyState.SPENT, KeyState.EXPIRED, KeyState.LOW, KeyState.HOST_DOWN)
_BY_CODE = {
    "refused": KeyState.REFUSED,
    "disabled": KeyState.REFUSED,
    "spent": KeyState.SPENT,
    "expired": KeyState.EXPIRED,
    "no_figure": KeyState.NOT_TOLD,
}


def state_of(key: Key, standing: BalanceStanding | None, now: datetime) -> KeyState:
    """The key's state; of several the one to act on."""
    if key.is_switched_off:
        return KeyState.OFF
    if key.is_expired:
        return KeyState.EXPIRED
    if standing is None or standing.asked_at is None:
        return KeyState.UNREAD
    if standing.code in _BY_CODE:
        return _BY_CODE[standing.code]
    return _by_figures(standing, now) if standing.reading else KeyState.HOST_DOWN


def _by_figures(standing: BalanceStanding, now: datetime) -> KeyState:
    reading = standing.reading
    assert reading is not None
    if reading.expires_at and reading.expires_at <= now:
        return KeyState.EXPIRED
    if reading.is_spent:
        return KeyState.SPENT
    if "blocked" in reading.oddities:
        return KeyState.REFUSED
    ends, _how = ends_at(standing)
    if ends and ends <= now + LOW:
        return KeyState.LOW
    if standing.code:
        return KeyState.HOST_DOWN
    if (ends and ends <= now + WATCH) or _is_little(reading.left, reading.limit):
        return KeyState.WATCH
    return KeyState.UNSURE if {"unit_unsure", "limit_unsure"} & set(reading.oddities) else KeyState.HEALTHY


def ends_at(standing: BalanceStanding) -> tuple[datetime | None, str]:
    """When the key stops working as things stand, and by what: `spent` or `expires`.

    A budget that begins anew before it is spent does not end: no moment, and `resets`.
    """
    reading, out = standing.reading, standing.runs_out_at
    if reading is None:
        return None, ""
    is_renewed = bool(out and reading.resets_at and reading.resets_at < out and not reading.is_spent)
    if is_renewed:
        out = None
    if reading.expires_at and (out is None or reading.expires_at < out):
        return reading.expires_at, "expires"
    return out, "spent" if out else "resets" if is_renewed else ""


def _is_little(left: Decimal | None, limit: Decimal | None) -> bool:
    return left is not None and limit is not None and limit > 0 and left / limit <= LITTLE
