"""Notices: what somebody should learn when they come to the site."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Many notices, spoken of together."""

    def visible_to(self, person: Any) -> "NoticeQuerySet":
        """Those for the person, of teams they still belong to."""
        return self.filter(user=person, team__memberships__user=person)

    def unseen(self) -> "NoticeQuerySet":
        return self.filter(seen_at=None)

    def mark_seen(self) -> None:
        """They were read."""
        self.unseen().update(seen_at=timezone.now())


class Notice(models.Model):
    """One notice: a saved request was shared with `user` by `actor`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="+", db_index=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["user", "team", "-id"], name="notice_newest_first")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.request_id}"
