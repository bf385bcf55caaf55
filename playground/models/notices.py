"""Notices: what somebody should learn when they come to the site."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 240


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
    """One notice: what `actor` did with a saved request or a run that `user` should know of."""

    class Kind(models.TextChoices):
        SHARED = "shared", _("shared with you")
        SUGGESTED = "suggested", _("a change suggested")
        ACCEPTED = "accepted", _("your change accepted")
        DECLINED = "declined", _("your change declined")
        MENTIONED = "mentioned", _("you were mentioned")
        COMMENTED = "commented", _("a comment on yours")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="+", db_index=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SHARED)
    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, null=True, related_name="notices")
    run = models.ForeignKey("playground.Run", models.CASCADE, null=True, related_name="notices", db_constraint=False)
    # What was said: the beginning of a comment, a message, a word on declining.
    words = models.CharField(max_length=LONGEST_WORDS, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["user", "team", "-id"], name="notice_newest_first")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.request_id or self.run_id}"
