"""The story of an alert: a key is looked at, a line it has crossed becomes a row, and those concerned are told once."""

import contextlib
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import BalanceReading, Key, Membership, Role
from playground.alerts import mails, webhooks
from playground.alerts.crossings import Seen, Verdict, expiry, facts_of, verdicts
from playground.alerts.quiet import mail_time
from playground.alerts.rules import rule_of
from playground.models import Alert, AlertKind, AlertNotice, AlertRule


def look(key: Key, seen: Seen, now: datetime | None = None) -> list[Alert]:
    """Open an alert for each line that `key` has crossed since it was clear of it; those that were opened now.

    Of several processes that see the same crossing one opens it: there is one open row for a key and a kind.
    """
    if key.is_switched_off:
        return []
    at, rule = now or timezone.now(), rule_of(key)
    return _act(key, verdicts(seen, rule, key.remind_days, at), seen, rule, at)


def look_at_expiry(now: datetime | None = None) -> list[Alert]:
    """Look at the keys that expire soon, and at those that no longer do: time alone moves these lines."""
    at = now or timezone.now()
    soon = ExpressionWrapper(Now() + F("remind_days") * timedelta(days=1), models.DateTimeField())
    told = Q(alerts__kind=AlertKind.EXPIRY, alerts__ended_at=None)
    keys = Key.objects.live().filter(Q(remind_days__isnull=False, expires_at__lte=soon) | told).distinct()
    opened = []
    for key in keys.select_related("gateway", "owner", "team"):
        rule, seen = rule_of(key), Seen(expires=expires_of(key))
        verdict = expiry(seen.expires, key.remind_days if rule.expiry else None, at)
        opened += _act(key, {AlertKind.EXPIRY: verdict}, seen, rule, at)
    return opened


def expires_of(key: Key, reading: BalanceReading | None = None) -> datetime | None:
    """When a key ends by its own date or the gateway's, whichever comes first."""
    if reading is None:
        reading = BalanceReading.objects.filter(key=key, code="").order_by("-at").first()
    return min(filter(None, (key.expires_at, reading.expires_at if reading else None)), default=None)


def _act(key: Key, judged: dict[AlertKind, Verdict], seen: Seen, rule: AlertRule, now: datetime) -> list[Alert]:
    """Open what was crossed, end what is over."""
    mine = Alert.objects.open().filter(key=key, team=key.team_id)
    is_open = set(mine.values_list("kind", flat=True))
    over = [kind for kind, verdict in judged.items() if verdict is Verdict.CLEAR and kind in is_open]
    if over:
        mine.filter(kind__in=over).update(ended_at=now)
    crossed = [kind for kind, verdict in judged.items() if verdict is Verdict.CROSSED and kind not in is_open]
    opened = (_open(key, kind, seen, rule, now) for kind in crossed)
    return [alert for alert in opened if alert]


def _open(key: Key, kind: AlertKind, seen: Seen, rule: AlertRule, now: datetime) -> Alert | None:
    """The alert, with all that tells of it; None when another process opened it first."""
    with contextlib.suppress(IntegrityError), transaction.atomic():
        alert = Alert.objects.create(team=key.team, key=key, kind=kind, facts=facts_of(kind, seen, rule), at=now)
        _tell(alert, now)
        return alert
    return None


def _tell(alert: Alert, now: datetime) -> None:
    """Leave a notice to each person, and have mails and webhooks sent once this is stored."""
    for member in concerned(alert.key):
        notice = AlertNotice.objects.create(
            alert=alert, person=member.user, mail_due_at=mail_time(member.user, now)
        )  # fmt: skip
        mails.send_later(notice)
    for webhook in alert.team.webhooks.all():
        webhooks.tell(webhook, alert)


def concerned(key: Key) -> list[Membership]:
    """Whom an alert of `key` concerns: its holder, and who governs its team."""
    governing = Q(role__in=(Role.OWNER, Role.ADMIN))
    members = Membership.objects.unlocked().filter(governing | Q(user=key.owner_id), team=key.team_id)
    return list(members.select_related("user").order_by("joined", "id"))
