"""How a reading is told: what is asked, what was answered, and the common ways an answer is none."""

import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.balances.value import Balance, NoBalance

LARGEST = Decimal(10) ** 15
# Words by which gateways say why they refuse a key, in the languages they are translated to.
_REASONS = (
    ("expired", re.compile(r"expired|过期", re.IGNORECASE)),
    ("spent", re.compile(r"exhausted|used up|insufficient|额度已?用尽|额度不足|余额不足", re.IGNORECASE)),
    ("disabled", re.compile(r"disabled|not available|状态不可用|禁用|blocked", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One GET at the gateway. `open` asks go out without the key and are the same for every key there."""

    path: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the status, the body, and after how many seconds to come again if it said so."""

    status: int
    body: bytes = b""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The end of a conversation: the kind that turned out to answer, and its balance."""

    kind: str
    balance: Balance


Telling = Generator[Ask, Answered, Told]
Reading = Generator[Ask, Answered, Balance]
Facts = Mapping[str, str]


def object_in(answer: Answered) -> dict[str, Any]:
    """The JSON object of an answer that went well. Raises NoBalance for refusals, also those sent with status 200."""
    value = _value(answer)
    refuse_error(answer, value)
    if not isinstance(value, dict):
        raise NoBalance("unreadable")
    return value


def object_or_none(answer: Answered) -> dict[str, Any] | None:
    """The same where an answer is welcome but not needed."""
    try:
        return object_in(answer)
    except NoBalance:
        return None


def refuse_error(answer: Answered, value: Any) -> None:
    """Raise NoBalance when an answer is an error by its status or by what it says."""
    said = _said(value)
    if answer.status == 429:
        raise NoBalance("rate_limited", said, answer.retry_after)
    if answer.status in (401, 403):
        raise NoBalance(reason_in(said), said)
    if answer.status in (404, 405):
        raise NoBalance("no_figure", said)
    if answer.status >= 500:
        raise NoBalance("gateway_failed", said, answer.retry_after)
    if not 200 <= answer.status < 300:
        raise NoBalance("unreadable" if answer.status < 400 else "gateway_failed", said)
    if isinstance(value, dict) and (value.get("error") or value.get("success") is False):
        raise NoBalance(_reason_of_error(said), said)


def reason_in(said: str) -> str:
    """Why a key is refused, as far as the sentence tells."""
    return next((code for code, words in _REASONS if words.search(said)), "refused")


def amount(value: Any) -> Decimal:
    """A number, also one spelled as text. Raises NoBalance for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise NoBalance("unreadable")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise NoBalance("unreadable") from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise NoBalance("unreadable")
    return number


def amount_or_none(value: Any) -> Decimal | None:
    """The same, where null means that there is none."""
    return None if value is None else amount(value)


def moment_of(seconds: Any) -> datetime | None:
    """A time out of Unix seconds; 0, -1 and what is no number mean never."""
    try:
        number = amount(seconds)
        return datetime.fromtimestamp(float(number), UTC) if number > 0 else None
    except (NoBalance, OverflowError, ValueError, OSError):
        return None


def moment_in(text: Any) -> datetime | None:
    """A time out of its ISO spelling."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def part(value: Any, name: str) -> dict[str, Any]:
    """The object inside an object. Raises NoBalance when it is missing."""
    inner = value.get(name) if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        raise NoBalance("unreadable")
    return inner


def _value(answer: Answered) -> Any:
    try:
        return json.loads(answer.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        # Pages of proxies and of closed doors are HTML: the status is all they tell.
        refuse_error(answer, None)
        raise NoBalance("unreadable") from None


def _said(value: Any) -> str:
    """The sentence of an error, wherever it stands."""
    if not isinstance(value, dict):
        return ""
    inner = value.get("error")
    for place in (inner, value, value.get("detail")):
        if isinstance(place, dict) and isinstance(place.get("message"), str):
            return str(place["message"])[:300]
    return inner[:300] if isinstance(inner, str) else ""


def _reason_of_error(said: str) -> str:
    reason = reason_in(said)
    if reason != "refused" or re.search(r"token|key|auth|令牌|密钥", said, re.IGNORECASE):
        return reason
    return "gateway_failed"
