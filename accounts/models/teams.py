"""Teams and who belongs to them, in which role."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.texts import refuse_invisible

if TYPE_CHECKING:
    from accounts.models.keys import Key


class Role(models.TextChoices):
    """What a person may do in a team, from most to least. `access.py` says what each means."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")

    @property
    def rank(self) -> int:
        """Higher may more."""
        return -list(Role).index(self)


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, person: User) -> "TeamQuerySet":
        """The teams `person` belongs to."""
        return self.filter(memberships__user=person)


class Team(models.Model):
    """People who share keys, runs and saved requests."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, validators=[refuse_invisible])
    requires_second_factor = models.BooleanField(_("members need a second factor"), default=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[TeamQuerySet] = TeamQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    def role_of(self, person: User) -> Role | None:
        """The role of `person` here, or None; also None while they lack the second factor that the team requires."""
        role = Membership.objects.unlocked().filter(team=self, user=person).values_list("role", flat=True).first()
        return Role(role) if role else None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def marked_locked(self) -> "MembershipQuerySet":
        """With `is_locked`: the team requires a second factor and the person has set up none."""
        return self.annotate(is_locked=Q(team__requires_second_factor=True) & ~_has_second_factor())

    def unlocked(self) -> "MembershipQuerySet":
        """Those whose person has what the team requires."""
        return self.filter(Q(team__requires_second_factor=False) | _has_second_factor(), user__is_active=True)


class Membership(models.Model):
    """One person in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.MEMBER)
    chosen_key = models.ForeignKey("accounts.Key", models.SET_NULL, null=True, blank=True, related_name="+")
    joined = models.DateTimeField(default=timezone.now, editable=False)

    # Known only where it was asked for by `marked_locked()`.
    is_locked: bool

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.user} · {self.team} · {self.role}"

    def is_at_least(self, role: Role) -> bool:
        """Whether this membership may all that `role` may."""
        return Role(self.role).rank >= role.rank

    def choose(self, key: "Key | None") -> None:
        """Keep `key` as the one this person's calls go out with; None leaves it to the team's default."""
        self.chosen_key = key
        self.save(update_fields=["chosen_key"])


def _has_second_factor() -> Q:
    return Q(Exists(Authenticator.objects.filter(user=OuterRef("user"))))
