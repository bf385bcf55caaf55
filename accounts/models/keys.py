"""Keys: secrets that people may use together and nobody can read."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedText
from accounts.models.gateways import Gateway
from accounts.models.people import User
from accounts.models.teams import Membership, Role, Team
from accounts.texts import refuse_invisible, refuse_unprintable


class KeyQuerySet(models.QuerySet["Key"]):
    def live(self) -> "KeyQuerySet":
        """Keys that are neither switched off nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), switched_off_at=None)

    def usable_by(self, user: User | int, team: Team | int) -> "KeyQuerySet":
        """The team's live keys that `user` may send calls with: theirs, those shared with them, those of the team."""
        return self.filter(team=team).live().filter(_shared_with(user), _works_in_team(user))

    def visible_to(self, user: User | int, team: Team | int) -> "KeyQuerySet":
        """The team's keys whose names `user` may see, live or not: admins all, others what is theirs or shared."""
        governs = _membership(user).filter(role__in=(Role.OWNER, Role.ADMIN))
        belongs = Exists(_membership(user))
        return self.filter(team=team).filter(belongs, Q(Exists(governs)) | _shared_with(user))

    def with_stale_secrets(self) -> "KeyQuerySet":
        """Those whose former secret has been kept long enough."""
        return self.filter(former_until__lte=timezone.now())

    def oldest_first(self) -> "KeyQuerySet":
        return self.order_by("created", "id")


class Key(models.Model):
    """A secret at one gateway. Its owner decides who may use it; it is never shown again after it was typed."""

    class Sharing(models.TextChoices):
        ME = "me", _("Only me")
        MEMBERS = "members", _("Named members")
        TEAM = "team", _("The whole team")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="keys")
    # None: the owner has left, the key is the team's.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="keys")
    gateway = models.ForeignKey(Gateway, models.RESTRICT, related_name="keys")
    name = models.CharField(_("name"), max_length=80, validators=[refuse_invisible])
    note = models.TextField(_("note"), max_length=2000, blank=True, validators=[refuse_unprintable])
    tags = ArrayField(models.CharField(max_length=40, validators=[refuse_invisible]), default=list, blank=True)
    mask = models.CharField(max_length=24, editable=False)
    secret = EncryptedText(mask="mask")
    shared_with = models.CharField(_("who may use it"), max_length=8, choices=Sharing, default=Sharing.ME)
    members = models.ManyToManyField(Membership, blank=True, related_name="shared_keys")
    # Empty lists allow everything; `*` stands for any letters, as in `gpt-5*`.
    allowed_models = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    allowed_operations = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_default = models.BooleanField(default=False, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    switched_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How many days before it expires people are told; None: not at all.
    remind_days = models.PositiveSmallIntegerField(_("reminder"), null=True, blank=True, default=7)
    # How many minutes lie between two readings of its balance; None: as many as the site's settings say.
    read_minutes = models.PositiveSmallIntegerField(_("Balance is read"), null=True, blank=True)
    # The secret before the last one, kept for a while so that a replacement that fails can be taken back.
    former_mask = models.CharField(max_length=24, blank=True, editable=False)
    former_secret = EncryptedText(mask="former_mask", null=True)
    former_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    last_used_for = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[KeyQuerySet] = KeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=Q(is_default=True), name="one_default_key_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.mask})"

    @property
    def is_switched_off(self) -> bool:
        return self.switched_off_at is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        """Whether calls may go out with it at all."""
        return not self.is_switched_off and not self.is_expired

    def allows(self, operation: str, model: str = "") -> bool:
        """Whether its owner lets it be used for `operation`, and for `model` where the call names one."""
        return _is_listed(operation, self.allowed_operations) and (not model or self.allows_model(model))

    def allows_model(self, model: str) -> bool:
        """Whether its owner lets it be used for `model`."""
        return _is_listed(model, self.allowed_models)

    def is_usable_by(self, user: User) -> bool:
        """Whether `user` may send calls with it now."""
        return Key.objects.usable_by(user, self.team).filter(pk=self.pk).exists()

    def switch_off(self) -> None:
        """Refuse it from now on."""
        self.switched_off_at = timezone.now()
        self.save(update_fields=["switched_off_at"])

    def switch_on(self) -> None:
        """Let it be used again."""
        self.switched_off_at = None
        self.save(update_fields=["switched_off_at"])

    @property
    def has_former_secret(self) -> bool:
        """Whether the secret before this one can still be brought back."""
        return self.former_until is not None and self.former_until > timezone.now()

    def replace_secret(self, secret: str, overlap: timedelta | None = None) -> None:
        """Keep another secret under the same name, sharing and history. For `overlap` the old one can be brought back."""
        if overlap:
            self.former_secret, self.former_until = self.secret.reveal(), timezone.now() + overlap
            self.secret = secret
            self.save(update_fields=["secret", "mask", *_FORMER])
        else:
            self.secret = secret
            self.save(update_fields=["secret", "mask"])
            self.forget_former_secret()

    def bring_back_secret(self) -> None:
        """Use the secret before this one again; this one is kept in its place until the same time."""
        if self.has_former_secret and self.former_secret:
            now, before = self.secret.reveal(), self.former_secret.reveal()
            self.secret, self.former_secret = before, now
            self.save(update_fields=["secret", "mask", *_FORMER])

    def forget_former_secret(self) -> None:
        """Erase the secret before this one."""
        self.former_secret, self.former_mask, self.former_until = None, "", None  # type: ignore[assignment]
        self.save(update_fields=_FORMER)

    def make_default(self) -> None:
        """Let the team's calls go out with it where a person chose none."""
        with transaction.atomic():
            Key.objects.filter(team_id=self.team_id, is_default=True).update(is_default=False)
            self.is_default = True
            self.save(update_fields=["is_default"])

    def mark_used(self) -> None:
        """Keep that a call went out with it now."""
        Key.objects.filter(pk=self.pk).update(last_used_at=timezone.now())


_FORMER = ["former_secret", "former_mask", "former_until"]


def _is_listed(name: str, allowed: list[str]) -> bool:
    return not allowed or any(_fits(name, pattern) for pattern in allowed)


def _fits(name: str, pattern: str) -> bool:
    """Whether `name` is `pattern`, in which `*` stands for any letters: `gpt-5*`.

    Each piece is looked for once, from left to right. As a regular expression, twenty stars would keep a process busy for hours.
    """
    first, *pieces = pattern.split("*")
    if not pieces:
        return name == first
    *middle, last = pieces
    at, end = len(first), len(name) - len(last)
    if not (name.startswith(first) and name.endswith(last)) or end < at:
        return False
    for piece in middle:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _membership(user: User | int) -> models.QuerySet[Membership]:
    return Membership.objects.unlocked().filter(team=OuterRef("team"), user=user)


def _works_in_team(user: User | int) -> Exists:
    return Exists(_membership(user).exclude(role=Role.VIEWER))


def _shared_with(user: User | int) -> Q:
    named = Key.members.through.objects.filter(key=OuterRef("pk"), membership__user=user)
    return Q(shared_with=Key.Sharing.TEAM) | Q(owner=user) | (Q(shared_with=Key.Sharing.MEMBERS) & Q(Exists(named)))
