"""Who did what to keys, members, roles, gateways and shares, when and from where."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.people import User
from accounts.models.teams import Team


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def newest_first(self) -> "AuditQuerySet":
        return self.order_by("-id")


class AuditEvent(models.Model):
    """One deed. Names are kept as they were, so that it still reads when the person or the thing is gone."""

    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="audit_events")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    person_email = models.CharField(max_length=254, blank=True)
    # Such as "key.added" or "member.removed": the thing's kind, a dot, what happened.
    what = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=64, blank=True)
    thing_name = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AuditQuerySet] = AuditQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="audit_newest_first")]

    def __str__(self) -> str:
        return f"{self.person_email} {self.what} {self.thing_name}"


def record(
    what: str,
    *,
    by: User | None,
    team: Team | None,
    thing: models.Model | None = None,
    address: str | None = None,
    **details: Any,
) -> AuditEvent:
    """Keep that `by` did `what` to `thing`. `details` are plain values; never a secret."""
    return AuditEvent.objects.create(
        what=what,
        person=by,
        person_email=by.email if by else "",
        team=team,
        thing_id=str(thing.pk) if thing is not None and thing.pk else "",
        thing_name=str(thing)[:300] if thing is not None else "",
        address=address,
        details=details,
    )
