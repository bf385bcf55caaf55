"""Shared runs: a copy of what happened, behind a link that its author can end."""

import hashlib
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared


def hash_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class RunShareQuerySet(models.QuerySet["RunShare"]):
    """Many links, spoken of together."""

    def open(self) -> "RunShareQuerySet":
        """Those neither ended by their author nor past their time."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def by_token(self, token: str) -> "RunShareQuerySet":
        return self.filter(token_hash=hash_of(token))


class RunShare(models.Model):
    """One link to one run. The snapshot is a copy, so it still shows when the run, its key or its author are gone."""

    class Audience(models.TextChoices):
        TEAM = "team", _("People of the team")
        ANYONE = "anyone", _("Anyone with the link")

    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="run_shares")
    run = models.ForeignKey("playground.Run", models.SET_NULL, null=True, related_name="shares", db_constraint=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="run_shares")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.TEAM)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(max_length=240)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    facts = models.JSONField(help_text="who, when, which operation, figures")
    request = models.BinaryField(help_text="JSON: the call as given and as sent, the key masked")
    frames = models.BinaryField(help_text="the run's frames, JSON, one a line; zlib")

    objects: ClassVar[RunShareQuerySet] = RunShareQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.title

    def new_token(self) -> str:
        """The token of its address; only its hash is kept."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hash_of(token)
        return token

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())

    def count_opening(self) -> None:
        """Somebody has looked at it."""
        RunShare.objects.filter(pk=self.pk).update(opened=F("opened") + 1)

    def revoke(self) -> None:
        """End the link and forget what it showed."""
        self.revoked_at = timezone.now()
        self.frames, self.request = b"", b""
        self.save(update_fields=["revoked_at", "frames", "request"])


class LinkRule(models.Model):
    """A team's rule for links. Without a row they are for its own people only."""

    team = models.OneToOneField("accounts.Team", models.CASCADE, primary_key=True, related_name="link_rule")
    allows_anyone = models.BooleanField(default=False)

    @classmethod
    def lets_anyone(cls, team: Any) -> bool:
        """Whether people of `team` may make links that open without signing in."""
        return bool(_LETTING(team=team.pk))


_LETTING = Prepared(lambda team: LinkRule.objects.filter(team=team, allows_anyone=True).values_list("pk"), team=int)
