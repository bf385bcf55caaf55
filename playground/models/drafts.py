"""Drafts: requests that somebody is still writing, one for each operation they opened in a team."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class DraftQuerySet(models.QuerySet["Draft"]):
    """Many drafts, spoken of together."""

    def visible_to(self, person: Any) -> "DraftQuerySet":
        """A draft is seen by the one who writes it, while they belong to its team."""
        return self.filter(user=person, team__memberships__user=person)


class Draft(models.Model):
    """What one person has written of one operation's request. `call` is the page's own text of it, kept as it came."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", db_index=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="drafts")
    operation = models.CharField(max_length=80)
    call = models.TextField()
    # Counts the savings, so that a stale tab is noticed before it overwrites.
    version = models.PositiveIntegerField(default=1)
    updated = models.DateTimeField(default=timezone.now)

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "operation"], name="one_draft_per_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} · {self.version}"

    def save_over(self, version: int, call: str) -> bool:
        """Keep `call` in place of the draft's version `version`; False when another tab has saved since."""
        now = timezone.now()
        saved = Draft.objects.filter(pk=self.pk, version=version).update(call=call, version=version + 1, updated=now)
        if saved:
            self.call, self.version, self.updated = call, version + 1, now
        return bool(saved)
