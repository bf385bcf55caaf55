"""Alerts: what the team wants to be told of, what came to pass, and how it was told."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedText
from accounts.models import Key, Team, User


class AlertKind(models.TextChoices):
    """What an alert is about."""

    LOW = "low", _("Low balance")
    SPIKE = "spike", _("Spike")
    EXPIRY = "expiry", _("Expiry")
    REFUSED = "refused", _("Key refused")


class AlertRule(models.Model):
    """When people are told of a team's keys, or of one key that has a rule of its own. Nothing stored: the defaults."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="alert_rules")
    key = models.OneToOneField(Key, models.CASCADE, null=True, related_name="alert_rule")
    # An amount says nothing of keys that are told in another unit; days do.
    low_amount = models.DecimalField(
        _("Less is left than"), max_digits=16, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    low_unit = models.CharField(_("Unit"), max_length=8, default="USD")
    low_days = models.PositiveSmallIntegerField(
        _("It runs out within so many days"), null=True, blank=True, default=3,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )  # fmt: skip
    spike_times = models.DecimalField(
        _("24 hours burn so many times a usual day"), max_digits=5, decimal_places=1, null=True, blank=True,
        default=Decimal(3), validators=[MinValueValidator(Decimal("1.1")), MaxValueValidator(Decimal(1000))],
    )  # fmt: skip
    expiry = models.BooleanField(_("It expires soon: as many days before as its reminder says"), default=True)
    refused = models.BooleanField(_("The gateway refuses it"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=Q(key=None), name="one_alert_rule_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.key_id or 'all keys'}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        """Those whose cause still holds."""
        return self.filter(ended_at=None)

    def newest_first(self) -> "AlertQuerySet":
        return self.order_by("-id")


class Alert(models.Model):
    """A line that a key has crossed. While it is open, the same key crosses the same line no second time."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="alerts")
    key = models.ForeignKey(Key, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=8, choices=AlertKind)
    # What was seen and the rule's own figures, as texts: see `playground.alerts.crossings.facts_of`.
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind", "team"], condition=Q(ended_at=None), name="one_open_alert_per_key_and_kind"
            ),
        ]
        indexes = [models.Index(fields=["team", "-id"], name="alert_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class AlertNoticeQuerySet(models.QuerySet["AlertNotice"]):
    def of(self, person: User, team: Team) -> "AlertNoticeQuerySet":
        """Those for the person in this team."""
        return self.filter(person=person, alert__team=team)

    def unseen(self) -> "AlertNoticeQuerySet":
        return self.filter(seen_at=None)

    def mark_seen(self) -> None:
        """They were read."""
        self.unseen().update(seen_at=timezone.now())


class AlertNotice(models.Model):
    """One alert told to one person: on the site at once, by mail at once or when their quiet hours are over."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_notices")
    seen_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[AlertNoticeQuerySet] = AlertNoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "alert"], name="one_notice_per_alert_and_person")]

    def __str__(self) -> str:
        return f"{self.alert_id} → {self.person_id}"


class Webhook(models.Model):
    """An address of the team's that is told of every alert, signed with a secret that only both sides know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="webhooks")
    url = models.CharField(_("Address"), max_length=500)
    mask = models.CharField(max_length=24, editable=False)
    secret = EncryptedText(mask="mask")
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """How far telling a webhook is."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class WebhookDelivery(models.Model):
    """One message to one webhook: what was sent, how often, and the last answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    # None: somebody pressed Test.
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="deliveries")
    event = models.CharField(max_length=32)
    # The exact text: it is signed, and the same at every try.
    body = models.TextField()
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # The last answer's status and beginning; or, without an answer, the code of what went wrong.
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=24, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "alert"], name="one_delivery_per_webhook_and_alert")]
        indexes = [models.Index(fields=["webhook", "-made_at"], name="delivery_newest_first")]

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook_id}"

    def keep_answer(
        self, *, status: int | None, answer: str, code: str, state: DeliveryState, next_at: datetime | None
    ) -> None:
        """Keep what came of a try."""
        self.status, self.answer, self.code, self.state, self.next_at = status, answer, code, state, next_at
        self.tries, self.tried_at = self.tries + 1, timezone.now()
        self.save(update_fields=["status", "answer", "code", "state", "next_at", "tries", "tried_at"])
