"""What people say about a saved request or a run, and who has seen it."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

LONGEST_COMMENT = 4000


class CommentQuerySet(models.QuerySet["Comment"]):
    """Many comments, spoken of together."""

    def on(self, thing: Any) -> "CommentQuerySet":
        """Those on a saved request or a run, oldest first."""
        return self.filter(**on(thing)).order_by("id")


class Comment(models.Model):
    """A few words under a saved request or a run. `mentioned` are the ids of the people it names."""

    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="comments")
    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, null=True, related_name="comments")
    run = models.ForeignKey("playground.Run", models.CASCADE, null=True, related_name="comments", db_constraint=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    text = models.TextField(max_length=LONGEST_COMMENT)
    mentioned = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(request=None, run__isnull=False) | Q(request__isnull=False, run=None),
                name="a_comment_is_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Sighting(models.Model):
    """When somebody last looked at a saved request or a run."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    request = models.ForeignKey("playground.SavedRequest", models.CASCADE, null=True, related_name="sightings")
    run = models.ForeignKey("playground.Run", models.CASCADE, null=True, related_name="sightings", db_constraint=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "request"], name="one_sighting_of_a_request"),
            models.UniqueConstraint(fields=["user", "run"], name="one_sighting_of_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


def on(thing: Any) -> dict[str, Any]:
    """How a row names what it is about: `{"run": run}` or `{"request": request}`."""
    return {"run" if thing._meta.model_name == "run" else "request": thing}
