"""Comparisons: one request at several models, keys and values; what the page laid out, and whose answer people liked best."""

import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership
from accounts.texts import refuse_invisible


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    """Many comparisons, spoken of together."""

    def visible_to(self, person: Any) -> "ComparisonQuerySet":
        """One's own and those shared with the team, while one belongs to it."""
        member = Membership.objects.unlocked().filter(team=OuterRef("team"), user=person)
        return self.filter(Q(owner=person) | Q(is_shared=True), Exists(member))


class Comparison(models.Model):
    """What a page of comparing shows. `document` is the page's own text of it; the runs it names are ordinary runs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="comparisons")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comparisons")
    title = models.CharField(max_length=200, blank=True, validators=[refuse_invisible])
    document = models.TextField()
    is_shared = models.BooleanField(default=False)
    # Said by the document; beside it, so that lists of runs need not read documents.
    is_blind = models.BooleanField(default=False, db_default=False, editable=False)
    # Counts the savings, so that a stale tab is noticed before it overwrites.
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ComparisonQuerySet] = ComparisonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["team", "-updated"], name="comparison_newest"),
            models.Index(fields=["team"], name="comparison_blind", condition=Q(is_blind=True, is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.title or str(self.pk)

    def save(self, **kwargs: Any) -> None:
        """Keep it; whether it is blind is as its document says."""
        self.is_blind = _is_blind(self.document)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "is_blind"}
        super().save(**kwargs)

    def save_over(self, version: int, title: str, document: str) -> bool:
        """Keep this in place of `version`; False when another page has saved since."""
        now = timezone.now()
        is_blind = _is_blind(document)
        told = {"title": title, "document": document, "version": version + 1, "updated": now, "is_blind": is_blind}
        if not Comparison.objects.filter(pk=self.pk, version=version).update(**told):
            return False
        self.title, self.document, self.version, self.updated = title, document, version + 1, now
        self.is_blind = is_blind
        return True


def _is_blind(document: str) -> bool:
    try:
        return json.loads(document).get("blind") is True
    except (ValueError, AttributeError):  # no page wrote this
        return False


class WaitingAnswer(models.Model):
    """An answer of a comparison that waits for its turn: begun by a server process as there is room, then forgotten here.

    Its run's name was chosen when it was asked for, so nothing is ever run twice for it. `why` says that it was refused.
    """

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="waiting")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    run = models.UUIDField(unique=True)
    # The socket's message of a start, as JSON.
    message = models.TextField()
    # The server process that is about to begin it; another one does when it is gone.
    owner = models.UUIDField(null=True)
    why = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.run} {self.why}"


class ComparisonVote(models.Model):
    """Which answer of a row somebody liked best. It speaks of a run, so an answer that is made anew has no votes."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="votes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    row = models.CharField(max_length=40)
    run = models.UUIDField()
    is_blind = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "user", "row"], name="one_vote_per_row"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.run}"
