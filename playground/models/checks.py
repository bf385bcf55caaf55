"""Checks: what an answer to a saved request must be like, and what came of looking, round by round."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class Check(models.Model):
    """One demand on the answers of a saved request. `expected` is a text, a schema or a value as JSON, a number; by kind."""

    class Kind(models.TextChoices):
        CONTAINS = "contains", _("contains")
        LACKS = "lacks", _("does not contain")
        SCHEMA = "schema", _("matches the JSON schema")
        PATH = "path", _("JSONPath equals")
        TIME = "time", _("takes at most")
        COST = "cost", _("costs at most")

    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=8, choices=Kind)
    path = models.CharField(max_length=400, blank=True, default="")
    expected = models.TextField(default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.path} {self.expected[:40]}"


class CheckRoundQuerySet(models.QuerySet["CheckRound"]):
    """Many rounds, spoken of together."""

    def visible_to(self, person: Any) -> "CheckRoundQuerySet":
        """Those of every team the person is a member of."""
        member = Membership.objects.unlocked().filter(team=OuterRef("team"), user=person)
        return self.filter(Exists(member))

    def under_way(self) -> "CheckRoundQuerySet":
        return self.filter(ended_at=None)

    def abandoned(self, processes: Any) -> "CheckRoundQuerySet":
        """Those that no living process looks after."""
        return self.under_way().filter(Q(owner=None) | ~Q(owner__in=processes))


class CheckRound(models.Model):
    """One look at a folder, or at one saved request: every request in it is run once and its checks are judged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="check_rounds")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    folder = models.CharField(max_length=200, blank=True, default="")
    request = models.ForeignKey("playground.SavedRequest", models.SET_NULL, null=True, related_name="+")
    # The server process that asks for the runs; another one takes over when it is gone.
    owner = models.UUIDField(null=True)
    stop_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[CheckRoundQuerySet] = CheckRoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["team", "-started_at"], name="round_newest"),
            models.Index(fields=["owner"], name="round_under_way", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.started_at:%Y-%m-%d %H:%M}"


class CheckResult(models.Model):
    """What came of one request in a round. Its run's name is chosen with it, so that nothing is ever run twice for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")
        ERROR = "error", _("No answer")
        SKIPPED = "skipped", _("Not run")

    round = models.ForeignKey(CheckRound, models.CASCADE, related_name="results", db_index=False)
    place = models.PositiveIntegerField()
    request = models.ForeignKey("playground.SavedRequest", models.SET_NULL, null=True, related_name="check_results")
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    run = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # [{"kind", "path", "expected", "passed", "code", "found"}], in the order of the checks.
    outcomes = models.JSONField(default=list)
    why = models.CharField(max_length=400, blank=True, default="")
    total_ms = models.IntegerField(null=True)
    cost = models.DecimalField(max_digits=18, decimal_places=9, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="one_result_per_place")]
        indexes = [models.Index(fields=["request", "-id"], name="result_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
