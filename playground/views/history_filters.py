"""What a list of runs is narrowed to: read from an address, shown as chips and choices, written into addresses again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Key, Membership, Team
from accounts.prepared import Prepared, together
from playground.models import Run
from playground.models.runs import LONGEST_TAG, State
from playground.runs.away import redis_errors
from playground.runs.finding import Filters
from playground.search.asked import READ
from playground.views import figures
from playground.views.run_rows import operation_title, zone_of

CHOICES_FROM, MANY, MET_SECONDS = 1000, 200, 60
NAMES = (
    "q", "state", "person", "operation", "model", "key", "gateway", "time", "from", "to", "tokens", "cost", "tag",
    "media", "starred",
)  # fmt: skip
DAYS = (1, 7, 30, 90)


@dataclass(frozen=True)
class Chip:
    """One filter that is set: its words, and the address without it."""

    name: str
    value: str
    words: str
    without: str


@dataclass(frozen=True)
class Choice:
    """One filter that may be set, with what there is to choose from."""

    name: str
    label: str
    options: list[tuple[str, str]]

    @property
    def drawn(self) -> SafeString:
        """The options as HTML: there may be hundreds, and a template would draw them one by one."""
        drawn = (f'<option value="{escape(value)}">{escape(word)}</option>' for value, word in self.options)
        return mark_safe("".join(drawn))  # noqa: S308  each word was escaped


class Narrowed:
    """The filters of one request. What means nothing is left out."""

    def __init__(self, request: HttpRequest) -> None:
        self.zone = zone_of(request)
        self.team: Team = request.team  # type: ignore[attr-defined]
        given = {name: request.GET.get(name, "").replace("\0", "").strip() for name in NAMES}
        self.given = {
            name: value for name, value in given.items() if value and _READERS[name](value, self.zone) is not None
        }
        self.filters = _filters(self.given, self.zone)

    def __bool__(self) -> bool:
        return bool(self.given)

    def query(self, **more: Any) -> str:
        """The filters as the query of an address."""
        return urlencode({**self.given, **{name: value for name, value in more.items() if value}})

    def without(self, name: str) -> str:
        return urlencode({other: value for other, value in self.given.items() if other != name})

    def chips(self) -> list[Chip]:
        """What is set, but for the words, which stand in their own box."""
        return [
            Chip(name, value, self._words(name, value), self.without(name))
            for name, value in self.given.items()
            if name != "q"
        ]

    def choices(self) -> list[Choice]:
        """What may be set besides, with what the team's last runs offer."""
        operations, models, gateways = _met(self.team.pk)
        people, keys = together((_PEOPLE, {"team": self.team.pk}), (_KEYS, {"team": self.team.pk}))
        offered = [
            Choice("time", _("Time"), [(str(days), last_days(days)) for days in DAYS]),
            Choice("state", _("State"), [(value, str(label)) for value, label in State.choices]),
            Choice(
                "person", _("Person"), [(str(user), name or email.partition("@")[0]) for user, name, email in people]
            ),
            Choice(
                "operation",
                _("Operation"),
                sorted(((id, operation_title(id)) for id in operations), key=lambda o: o[1]),
            ),
            Choice("model", _("Model"), [(model, model) for model in sorted(models)]),
            Choice("key", _("Key"), [(str(pk), f"{name} {mask}") for pk, name, mask in keys]),
        ]
        if len(gateways) > 1:
            offered.append(Choice("gateway", _("Gateway"), [(name, name) for name in sorted(gateways)]))
        return [choice for choice in offered if choice.name not in self.given and choice.options]

    def more(self) -> list[tuple[str, str, str]]:
        """Filters that are typed: name, label, kind of field."""
        offered = [
            ("from", _("From day"), "date"), ("to", _("To day"), "date"), ("tokens", _("At least tokens"), "number"),
            ("cost", _("Cost at least"), "number"), ("tag", _("Tag"), "text"),
        ]  # fmt: skip
        return [field for field in offered if field[0] not in self.given]

    def _words(self, name: str, value: str) -> str:
        match name:
            case "state":
                return str(State(value).label)
            case "person":
                member = Membership.objects.filter(team=self.team, user=int(value)).select_related("user").first()
                return member.user.display_name if member else _("someone who has left")
            case "operation":
                return operation_title(value)
            case "key":
                return Key.objects.filter(team=self.team, pk=value).values_list("name", flat=True).first() or _("Key")
            case "time":
                return last_days(int(value))
            case "from":
                return _("from %(day)s") % {"day": value}
            case "to":
                return _("to %(day)s") % {"day": value}
            case "tokens":
                words = ngettext("at least %(count)s token", "at least %(count)s tokens", int(value))
                return words % {"count": figures.count(int(value))}
            case "cost":
                return _("cost at least %(amount)s") % {"amount": value}
            case "tag":
                return f"#{value}"
            case "media":
                return _("with media")
            case "starred":
                return _("starred")
        return value


_PEOPLE = Prepared(
    lambda team: (
        Membership.objects.filter(team=team)
        .order_by("user__name", "user__email")
        .values_list("user_id", "user__name", "user__email")
    ),
    team=int,
)
_KEYS = Prepared(
    lambda team: Key.objects.filter(team=team).order_by("name").values_list("pk", "name", "mask"), team=int
)


def _met(team: int) -> tuple[set[str], ...]:
    """The operations, models and gateways of the team's last runs; where these are many, as they were a minute ago at most."""
    known = None
    with suppress(*redis_errors()):  # without Redis it is asked for every time
        known = cache.get(f"met:{team}")
    if known is None:
        recent = list(
            Run.objects.filter(team=team)
            .newest_first()
            .values_list("operation", "model", "gateway_name")[:CHOICES_FROM]
        )
        known = tuple({row[at] for row in recent} - {""} for at in range(3))
        if len(recent) >= MANY:
            with suppress(*redis_errors()):
                cache.set(f"met:{team}", known, MET_SECONDS)
    return known


def last_days(days: int) -> str:
    if days == 1:
        return _("Last 24 hours")
    return ngettext("Last %(count)s day", "Last %(count)s days", days) % {"count": days}


def _filters(given: dict[str, str], zone: ZoneInfo) -> Filters:
    read = {name: _READERS[name](value, zone) for name, value in given.items()}
    since, until = read.pop("from", None), read.pop("to", None)
    since = max(filter(None, (since, read.pop("time", None))), default=None)
    return Filters(**read, since=since, until=until and until + timedelta(days=1))


def _text(longest: int) -> Any:
    return lambda value, zone: value if len(value) <= longest else None


def _state(value: str, zone: ZoneInfo) -> str | None:
    return value if value in State.values else None


def _number(value: str, zone: ZoneInfo) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and 0 < len(value) <= 18 and int(value) else None


def _uuid(value: str, zone: ZoneInfo) -> str | None:
    try:
        return str(UUID(value)) if len(value) == 36 else None
    except ValueError:
        return None


def _days(value: str, zone: ZoneInfo) -> datetime | None:
    days = _number(value, zone)
    return timezone.now() - timedelta(days=days) if days and days <= 3650 else None


def _day(value: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day of the person's calendar."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) if 1970 < day.year < 2200 else None


def _amount(value: str, zone: ZoneInfo) -> Decimal | None:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < 10**6 else None


def _yes(value: str, zone: ZoneInfo) -> bool | None:
    return True if value == "1" else None


_READERS: dict[str, Any] = {
    "q": lambda value, zone: value[:READ], "state": _state, "person": _number, "operation": _text(80), "model": _text(200),
    "key": _uuid, "gateway": _text(120), "time": _days, "from": _day, "to": _day, "tokens": _number, "cost": _amount,
    "tag": _text(LONGEST_TAG), "media": _yes, "starred": _yes,
}  # fmt: skip
