"""Suggested changes: a version that waits for somebody who may edit."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_MESSAGE = 1000


class Suggestion(models.Model):
    """What somebody would have a saved request send instead. Accepted, it becomes a version of theirs."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, related_name="suggestions", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # The version it was made from.
    after = models.PositiveIntegerField()
    call = models.TextField()
    message = models.TextField(max_length=LONGEST_MESSAGE)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # What was said on declining it.
    word = models.CharField(max_length=400, blank=True, default="")
    # The version it became.
    version = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "state", "-id"], name="suggestions_of_request")]

    def __str__(self) -> str:
        return self.message[:60]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
