"""Personal tokens: with one a program works in a person's name, in one team."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.teams import Team
from accounts.texts import refuse_invisible

# Tells what it is to whoever finds one, and to programs that search code for secrets.
PREFIX = "tp_"


class Scope(models.TextChoices):
    """What a token may be used for. Each may what those before it may not: none includes another."""

    READ = "read", _("Read keys, balances and runs")
    RUN = "run", _("Start and stop runs")


class TokenQuerySet(models.QuerySet["PersonalToken"]):
    def usable(self) -> "TokenQuerySet":
        """Those neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def shown(self) -> "TokenQuerySet":
        """Those not revoked, expired ones included, newest first."""
        return self.filter(revoked_at=None).order_by("-id")

    def by_token(self, token: str) -> "TokenQuerySet":
        return self.filter(token_hash=hash_of(token))


class PersonalToken(models.Model):
    """One token. It is told once; here only its hash is kept, and its end, by which its owner knows it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    team = models.ForeignKey(Team, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80, validators=[refuse_invisible])
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(max_length=4, editable=False)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope), default=list)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[TokenQuerySet] = TokenQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.name} ({PREFIX}…{self.ending})"

    @classmethod
    def make(
        cls, user: User, team: Team, *, name: str, scopes: list[Scope], expires_at: datetime | None
    ) -> "tuple[PersonalToken, str]":
        """A new token and its text, which is told only now."""
        text = PREFIX + secrets.token_urlsafe(32)
        made = cls.objects.create(
            user=user,
            team=team,
            name=name,
            token_hash=hash_of(text),
            ending=text[-4:],
            scopes=[scope.value for scope in scopes],
            expires_at=expires_at,
        )
        return made, text

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def allows(self, scope: Scope) -> bool:
        """Whether it may be used for `scope`."""
        return scope.value in self.scopes

    def revoke(self) -> None:
        """Make it useless."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

    def mark_used(self) -> None:
        """Keep that it was used; exact to a minute, which saves most of the writing."""
        now = timezone.now()
        if self.last_used_at is None or (now - self.last_used_at).total_seconds() > 60:
            PersonalToken.objects.filter(pk=self.pk).update(last_used_at=now)


def hash_of(token: str) -> str:
    """How a token is kept: it is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
