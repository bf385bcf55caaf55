"""What came around the body: status, content type, headers; and when an upstream asks to be tried again."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Outcome = Literal["succeeded", "failed", "cut_short"]

LONGEST_WAIT_MS = 7 * 24 * 3600 * 1000
REQUEST_ID_HEADERS = ("x-oneapi-request-id", "x-request-id", "request-id", "x-goog-request-id", "cf-ray")


@dataclass(frozen=True)
class Envelope:
    """An answer without its body. `headers` have small names; `now` is only needed to read a date in Retry-After."""

    status: int
    content_type: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def request_id(self) -> str | None:
        """The upstream's name for this exchange."""
        return next((self.headers[name] for name in REQUEST_ID_HEADERS if self.headers.get(name)), None)

    @property
    def should_retry(self) -> bool | None:
        """What the upstream says itself about trying again."""
        return {"true": True, "false": False}.get(self.headers.get("x-should-retry", "").strip().lower())

    @property
    def retry_after_ms(self) -> int | None:
        """How long the headers ask to wait, if they say it legibly."""
        exact = _milliseconds(self.headers.get("retry-after-ms", ""), unit=1)
        if exact is not None:
            return exact
        asked = self.headers.get("retry-after", "")
        seconds = _milliseconds(asked, unit=1000)
        return seconds if seconds is not None else self._until(asked)

    def _until(self, asked: str) -> int | None:
        then, now = _moment(asked), self.now or _moment(self.headers.get("date", ""))
        if then is None or now is None:
            return None
        return _bounded((then - _in_utc(now)).total_seconds() * 1000)


def delay_ms(duration: object) -> int | None:
    """Milliseconds of a protobuf duration such as `30s` or `1.5s`."""
    if not isinstance(duration, str) or not duration.endswith("s"):
        return None
    return _milliseconds(duration[:-1], unit=1000)


def _milliseconds(number: str, unit: int) -> int | None:
    try:
        return _bounded(float(number) * unit)
    except ValueError:
        return None


def _bounded(milliseconds: float) -> int | None:
    if not math.isfinite(milliseconds):
        return None
    return int(min(max(milliseconds, 0), LONGEST_WAIT_MS))


def _moment(date: str) -> datetime | None:
    try:
        return _in_utc(parsedate_to_datetime(date))
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
