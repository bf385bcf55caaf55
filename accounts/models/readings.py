"""What gateways told of keys: the readings, how each key stands by them, and refreshes of a whole team."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models.keys import Key
from accounts.models.teams import Team


def _amount() -> models.DecimalField:
    return models.DecimalField(max_digits=28, decimal_places=9, null=True)


class BalanceReading(models.Model):
    """What a gateway told of a key at one time. Kept only when it differs from the one before, or that one is hours old.

    `code` is empty for a figure; otherwise it says why there was none (see `playground.balances.NoBalance`, and the
    codes of `playground.gateway` for a gateway that could not be reached).
    """

    key = models.ForeignKey(Key, models.CASCADE, related_name="readings", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=24, blank=True)
    # Whose figure it is: key, account or team; `binds` is whose limit ends it first.
    of = models.CharField(max_length=8, blank=True)
    binds = models.CharField(max_length=8, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    left = _amount()
    used = _amount()
    limit = _amount()
    # The key sets no limit of its own; a figure beside it is then the account's.
    unlimited = models.BooleanField(default=False)
    period = models.CharField(max_length=20, blank=True)
    resets_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=80, blank=True)
    oddities = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        indexes = [models.Index(fields=["key", "-at"], name="reading_newest_first")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.at:%Y-%m-%d %H:%M} {self.code or self.left}"

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left is not None and self.left <= 0

    def tells_the_same_as(self, other: "BalanceReading") -> bool:
        """Whether both say the same of the key, whenever they were taken."""
        return all(_same(getattr(self, name), getattr(other, name)) for name in _TOLD)


_TOLD = (
    "code", "of", "binds", "unit", "left", "used", "limit", "unlimited", "period", "resets_at", "expires_at", "source",
    "oddities",
)  # fmt: skip


def _same(one: object, other: object) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other) < Decimal("1e-9")
    return one == other


class StandingQuerySet(models.QuerySet["BalanceStanding"]):
    def due(self, now: datetime) -> "StandingQuerySet":
        """Those whose next look has come, the longest waiting first."""
        return self.filter(next_at__lte=now).order_by("next_at")


class BalanceStanding(models.Model):
    """How a key stands: its last reading and all that the board shows of those before, worked out when it was taken."""

    key = models.OneToOneField(Key, models.CASCADE, primary_key=True, related_name="standing")
    # The last that told a figure, and when the gateway was asked last, with what came of it.
    reading = models.ForeignKey(BalanceReading, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=24, blank=True)
    said = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    # What the next reading of this gateway needs to know, such as how its limit is meant.
    facts = models.JSONField(default=dict)

    burn = _amount()
    used_today = _amount()
    used_7 = _amount()
    used_30 = _amount()
    # The seven days before the last seven, to tell whether it burns more now.
    used_before = _amount()
    runs_out_at = models.DateTimeField(null=True)
    runs_out_first = models.DateTimeField(null=True)
    runs_out_last = models.DateTimeField(null=True)
    # One figure a day, for the small graph: what was left, or spent where nothing limits it.
    days = ArrayField(models.FloatField(null=True), default=list)

    objects: ClassVar[StandingQuerySet] = StandingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="standing_next")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.code or 'told'}"


class BalanceRefresh(models.Model):
    """Somebody asked for all balances of a team: how far that is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="refreshes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    keys = ArrayField(models.UUIDField(), default=list)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["team", "-asked_at"], name="refresh_newest_first")]

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None and not self.cancelled

    def cancel(self) -> None:
        """Ask no further keys; those asked already are still told."""
        BalanceRefresh.objects.filter(pk=self.pk, ended_at=None).update(cancelled=True, ended_at=timezone.now())
