"""Saved requests: kept under a name, in versions that are never written over, and shown to whom their owner says."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role, User
from accounts.texts import refuse_invisible, refuse_unprintable

LONGEST_TAG = 40


class Right(models.TextChoices):
    """What somebody may do with a saved request; each includes those before it."""

    VIEW = "view", _("Can view")
    RUN = "run", _("Can run")
    EDIT = "edit", _("Can edit")

    @property
    def rank(self) -> int:
        """Higher may more."""
        return list(Right).index(self)


class Visibility(models.TextChoices):
    """Who sees a saved request besides its owner."""

    ME = "me", _("Only me")
    PEOPLE = "people", _("Named people")
    TEAM = "team", _("The whole team")


class ChangedElsewhere(Exception):
    """Somebody has saved a version since the one that was changed."""


class SavedRequestQuerySet(models.QuerySet["SavedRequest"]):
    """Many saved requests, spoken of together."""

    def visible_to(self, person: Any) -> "SavedRequestQuerySet":
        """One's own, those of the team, and those one is named for, while one belongs to their team."""
        named = SavedShare.objects.filter(request=OuterRef("pk"), user=person)
        member = Membership.objects.unlocked().filter(team=OuterRef("team"), user=person)
        seen = Q(owner=person) | Q(visibility=Visibility.TEAM) | (Q(visibility=Visibility.PEOPLE) & Exists(named))
        return self.filter(seen, Exists(member))


class SavedRequest(models.Model):
    """A request under a name. What it sends stands in its versions; here is the number of the current one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="saved_requests")
    # None: the owner's account is gone.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="saved_requests")
    folder = models.CharField(_("folder"), max_length=200, blank=True, validators=[refuse_invisible])
    name = models.CharField(_("name"), max_length=120, validators=[refuse_invisible])
    description = models.TextField(_("description"), max_length=4000, blank=True, validators=[refuse_unprintable])
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG, validators=[refuse_invisible]), default=list, blank=True)
    operation = models.CharField(max_length=80)
    visibility = models.CharField(_("who sees it"), max_length=8, choices=Visibility, default=Visibility.ME)
    team_right = models.CharField(max_length=4, choices=Right, default=Right.RUN)
    version = models.PositiveIntegerField(default=1)
    forked_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="forks")
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[SavedRequestQuerySet] = SavedRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["team", "folder", "name"], name="saved_by_folder")]

    def __str__(self) -> str:
        return self.name

    def right_of(self, person: User) -> Right | None:
        """What `person` may do with it now; None when it does not exist for them. Viewers of a team only look."""
        role = self.team.role_of(person)
        given = self._given_to(person) if role else None
        return Right.VIEW if given and role is Role.VIEWER else given

    def _given_to(self, person: User) -> Right | None:
        if self.owner_id == person.pk:
            return Right.EDIT
        if self.visibility == Visibility.TEAM:
            return Right(self.team_right)
        if self.visibility == Visibility.PEOPLE:
            right = self.shares.filter(user=person).values_list("right", flat=True).first()
            return Right(right) if right else None
        return None

    @property
    def current(self) -> "SavedVersion":
        """The version that is opened and run."""
        return self.versions.get(number=self.version)

    @transaction.atomic
    def add_version(self, call: str, *, by: User, after: int, note: str = "") -> "SavedVersion":
        """Keep `call` as the next version, when `after` is still the current one. Raises ChangedElsewhere."""
        moved = SavedRequest.objects.filter(pk=self.pk, version=after)
        if not moved.update(version=after + 1, updated=timezone.now()):
            raise ChangedElsewhere
        self.version = after + 1
        return self.versions.create(number=self.version, author=by, call=call, note=note[:200])


class SavedVersion(models.Model):
    """What was saved once. `call` is the page's own text of the request, kept letter by letter."""

    request = models.ForeignKey(SavedRequest, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True, default="")
    call = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"v{self.number}"


class SavedShare(models.Model):
    """One person a request is shared with, and what they may do with it."""

    request = models.ForeignKey(SavedRequest, models.CASCADE, related_name="shares", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_shares")
    right = models.CharField(max_length=4, choices=Right, default=Right.RUN)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="one_share_per_person")]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.user_id} · {self.right}"


class SavedRun(models.Model):
    """That a run was started from a saved request."""

    run = models.OneToOneField(
        "playground.Run", models.CASCADE, primary_key=True, related_name="saved_from", db_constraint=False
    )
    request = models.ForeignKey(SavedRequest, models.CASCADE, related_name="runs", db_index=False)
    version = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["request", "-run"], name="saved_newest_run")]
