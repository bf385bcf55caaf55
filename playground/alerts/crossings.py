"""Which lines a key has crossed, and which it has left behind for good. Values in, verdicts out.

Between crossing a line and leaving it lies a strip where nothing changes: a balance that swings around its line is told
of once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from playground.models import AlertKind, AlertRule

DAY = timedelta(days=1)
# How far beyond its line a figure must be before crossing it again is news.
AMOUNT_STRIP = Decimal("1.1")
DAYS_STRIP = 1.25
SPIKE_STRIP = 0.75
# A day that takes less than this part of what is left is no spike, however little the usual day takes.
WORTH_TELLING = 0.01


class Verdict(Enum):
    """How a key stands to a line. `UNKNOWN` is also the strip beside it."""

    CROSSED = "crossed"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a key at one moment. `told`: its gateway gave a figure just now."""

    told: bool = False
    code: str = ""
    left: Decimal | None = None
    unit: str = ""
    runs_out: datetime | None = None
    # What went in the last 24 hours, and in a usual day before; None while too few days are known.
    day: float | None = None
    usual: float | None = None
    expires: datetime | None = None
    blocked: bool = False


def verdicts(seen: Seen, rule: AlertRule, remind_days: int | None, now: datetime) -> dict[AlertKind, Verdict]:
    """The verdict on each line of `rule`."""
    return {
        AlertKind.LOW: _low(seen, rule, now),
        AlertKind.SPIKE: _spike(seen, rule),
        AlertKind.EXPIRY: expiry(seen.expires, remind_days if rule.expiry else None, now),
        AlertKind.REFUSED: _refused(seen) if rule.refused else Verdict.CLEAR,
    }


def expiry(expires: datetime | None, remind_days: int | None, now: datetime) -> Verdict:
    """Whether a key expires within the days of its reminder."""
    if expires is None or remind_days is None or expires > now + DAY * remind_days:
        return Verdict.CLEAR
    return Verdict.CROSSED


def facts_of(kind: AlertKind, seen: Seen, rule: AlertRule) -> dict[str, Any]:
    """The figures behind an alert, as texts, for sentences and programs."""
    facts: dict[AlertKind, dict[str, Any]] = {
        AlertKind.LOW: {
            "left": seen.left, "unit": seen.unit, "runs_out": seen.runs_out,
            "below": rule.low_amount if rule.low_unit == seen.unit else None, "days": rule.low_days,
        },
        AlertKind.SPIKE: {
            "day": _rounded(seen.day), "usual": _rounded(seen.usual), "unit": seen.unit, "times": rule.spike_times,
        },
        AlertKind.EXPIRY: {"expires": seen.expires},
        AlertKind.REFUSED: {"code": "disabled" if seen.blocked else seen.code},
    }  # fmt: skip
    return {name: _plain(value) for name, value in facts[kind].items() if value is not None}


def _low(seen: Seen, rule: AlertRule, now: datetime) -> Verdict:
    if rule.low_amount is None and rule.low_days is None:
        return Verdict.CLEAR
    if seen.code == "spent" or (seen.told and seen.left is not None and seen.left <= 0):
        return Verdict.CROSSED
    if not seen.told:
        return Verdict.UNKNOWN
    both = (_low_amount(seen, rule), _low_days(seen, rule, now))
    return next((verdict for verdict in (Verdict.CROSSED, Verdict.UNKNOWN) if verdict in both), Verdict.CLEAR)


def _low_amount(seen: Seen, rule: AlertRule) -> Verdict:
    if rule.low_amount is None or seen.left is None or rule.low_unit != seen.unit:
        return Verdict.CLEAR
    if seen.left <= rule.low_amount:
        return Verdict.CROSSED
    return Verdict.CLEAR if seen.left > rule.low_amount * AMOUNT_STRIP else Verdict.UNKNOWN


def _low_days(seen: Seen, rule: AlertRule, now: datetime) -> Verdict:
    if rule.low_days is None or seen.runs_out is None:
        return Verdict.CLEAR
    if seen.runs_out <= now + DAY * rule.low_days:
        return Verdict.CROSSED
    return Verdict.CLEAR if seen.runs_out > now + DAY * rule.low_days * DAYS_STRIP else Verdict.UNKNOWN


def _spike(seen: Seen, rule: AlertRule) -> Verdict:
    if rule.spike_times is None:
        return Verdict.CLEAR
    if not seen.told or not seen.usual or seen.day is None:
        return Verdict.UNKNOWN
    line = seen.usual * float(rule.spike_times)
    if seen.day >= line and (seen.left is None or seen.day >= float(seen.left) * WORTH_TELLING):
        return Verdict.CROSSED
    return Verdict.CLEAR if seen.day < line * SPIKE_STRIP else Verdict.UNKNOWN


def _refused(seen: Seen) -> Verdict:
    if seen.code in ("refused", "disabled") or (seen.told and seen.blocked):
        return Verdict.CROSSED
    return Verdict.CLEAR if seen.told else Verdict.UNKNOWN


def _rounded(amount: float | None) -> str | None:
    return None if amount is None else f"{amount:.6f}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
