"""An alert in words, in the language of whoever reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from playground.balances.spelling import amount
from playground.models import Alert, AlertKind


@dataclass(frozen=True, slots=True)
class Words:
    """What happened, and the figures behind it."""

    title: str
    detail: str


def words_of(alert: Alert, zone: ZoneInfo) -> Words:
    """The sentences of `alert`, with times by the clock of `zone`."""
    match AlertKind(alert.kind):
        case AlertKind.LOW:
            return _low(alert, zone)
        case AlertKind.SPIKE:
            return _spike(alert)
        case AlertKind.EXPIRY:
            return _expiry(alert, zone)
        case AlertKind.REFUSED:
            return _refused(alert)


def _low(alert: Alert, zone: ZoneInfo) -> Words:
    left, unit = _number(alert, "left"), alert.facts.get("unit", "")
    if left is None or left <= 0:
        return Words(
            _("%(key)s has nothing left") % {"key": alert.key.name},
            _("Calls with it are refused by the gateway until it is topped up."),
        )
    title = _("%(key)s is running low: %(amount)s left") % {"key": alert.key.name, "amount": amount(left, unit)}
    below, out = _number(alert, "below"), _moment(alert, "runs_out")
    sentences = []
    if below is not None and left <= below:
        sentences.append(_("That is not more than %(amount)s.") % {"amount": amount(below, unit)})
    if out:
        days = max(0, round((out - alert.at) / timedelta(days=1)))
        sentences.append(
            ngettext(
                "As it burns now, it runs out on %(day)s, in about %(days)s day.",
                "As it burns now, it runs out on %(day)s, in about %(days)s days.",
                days,
            )
            % {"day": f"{out.astimezone(zone):%Y-%m-%d}", "days": days}
        )
    return Words(title, " ".join(sentences))


def _spike(alert: Alert) -> Words:
    unit = alert.facts.get("unit", "")
    day, usual = amount(_number(alert, "day"), unit), amount(_number(alert, "usual"), unit)
    return Words(
        _("%(key)s burns more than usual: %(amount)s in 24 hours") % {"key": alert.key.name, "amount": day},
        _("A usual day takes %(usual)s; you are told from %(times)s times that.")
        % {"usual": usual, "times": alert.facts.get("times", "")},
    )


def _expiry(alert: Alert, zone: ZoneInfo) -> Words:
    ends = _moment(alert, "expires")
    day = f"{ends.astimezone(zone):%Y-%m-%d}" if ends else ""
    return Words(
        _("%(key)s expires on %(day)s") % {"key": alert.key.name, "day": day},
        _("From then on calls with it are refused. Replace its secret or set another day on the page of the key."),
    )


def _refused(alert: Alert) -> Words:
    why = (
        _("It was switched off there. Whoever issued it can switch it on again.")
        if alert.facts.get("code") == "disabled"
        else _("It is not accepted there. Replace its secret, or ask whoever issued it.")
    )
    return Words(_("%(key)s is refused by its gateway") % {"key": alert.key.name}, why)


def _number(alert: Alert, name: str) -> Decimal | None:
    return Decimal(alert.facts[name]) if alert.facts.get(name) is not None else None


def _moment(alert: Alert, name: str) -> datetime | None:
    return datetime.fromisoformat(alert.facts[name]) if alert.facts.get(name) else None
