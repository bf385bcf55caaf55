"""Alerts as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.models import Key, Team, User
from accounts.requests import MemberRequest
from playground.alerts.words import words_of
from playground.models import Alert, AlertKind, AlertNotice
from playground.models.alerts import AlertQuerySet
from playground.views.run_rows import zone_of

LOOKS = {
    AlertKind.LOW: ("wallet", "bad"),
    AlertKind.SPIKE: ("trending-up", "warn"),
    AlertKind.EXPIRY: ("calendar-clock", "warn"),
    AlertKind.REFUSED: ("circle-x", "bad"),
}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert in words."""

    icon: str
    tone: str
    kind: str
    title: str
    detail: str
    url: str
    at: str
    ended_at: str
    is_new: bool = False


def alerts_of(person: User | int, team: Team | int) -> AlertQuerySet:
    """Those of keys that the person may see."""
    visible = Key.objects.visible_to(person, team)
    return Alert.objects.filter(team=team, key__in=visible).select_related("key")


def alert_rows(alerts: Iterable[Alert], zone: ZoneInfo) -> list[AlertRow]:
    """Alerts in words."""
    return [alert_row(alert, zone) for alert in alerts]


def alert_row(alert: Alert, zone: ZoneInfo) -> AlertRow:
    """An alert in words."""
    icon, tone = LOOKS[AlertKind(alert.kind)]
    words = words_of(alert, zone)
    return AlertRow(
        icon=icon, tone=tone if alert.is_open else "plain", kind=str(alert.get_kind_display()), title=words.title,
        detail=words.detail, url=reverse("balance", args=[alert.key_id]), at=alert.at.isoformat(),
        ended_at=alert.ended_at.isoformat() if alert.ended_at else "",
    )  # fmt: skip


MOST_NOTICES = 50


def alert_notices(request: MemberRequest) -> list[AlertRow]:
    """The alerts that the person was told of, the newest first; those of keys they still see."""
    mine = AlertNotice.objects.of(request.user, request.team).filter(
        alert__key__in=Key.objects.visible_to(request.user, request.team)
    )
    zone = zone_of(request)
    return [
        replace(alert_row(notice.alert, zone), is_new=notice.seen_at is None)
        for notice in mine.select_related("alert__key").order_by("-alert_id")[:MOST_NOTICES]
    ]
