"""Invitations into a team: by mail to one address, or by a link; used once, for a while, and revocable."""

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.teams import Role, Team

VALID_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that can still be used."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def pending(self) -> "InvitationQuerySet":
        """Those neither used nor revoked, expired ones included: they can be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=hash_of(token))


class Invitation(models.Model):
    """One invitation. Its token is told once, in the mail or the link; here only its hash is kept."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(role=Role.OWNER), name="nobody_is_invited_as_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.email or _('Link')} → {self.team}"

    def renew_token(self) -> str:
        """A new token, valid for a week; an earlier one no longer works. Not saved yet."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hash_of(token)
        self.expires_at = timezone.now() + VALID_FOR
        return token

    def accept(self, person: User) -> None:
        """Use it up."""
        self.accepted_by, self.accepted_at = person, timezone.now()
        self.save(update_fields=["accepted_by", "accepted_at"])

    def revoke(self) -> None:
        """Make it useless."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return self.accepted_at is None and self.revoked_at is None and not self.is_expired

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


def hash_of(token: str) -> str:
    """How a token is kept: it is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
