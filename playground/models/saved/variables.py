"""Values of variables: what stands for `{{name}}` when a request goes out. A person's own win over those of the team."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedText

LONGEST_NAME = 40
LONGEST_VALUE = 20_000


class VariableQuerySet(models.QuerySet["Variable"]):
    """Many values, spoken of together."""

    def known_to(self, person: Any, team: Any) -> "VariableQuerySet":
        """Those of the team and the person's own in it, theirs last: whoever reads them into a dict keeps theirs."""
        own = Q(owner=None) | Q(owner=person)
        return self.filter(own, team=team).order_by(F("owner").asc(nulls_first=True), "name")

    def secrets_of(self, team: Any) -> tuple[str, ...]:
        """Every secret value in a team, for masking what may repeat one."""
        return tuple(each.reveal() for each in self.filter(team=team, secret__isnull=False))


class Variable(models.Model):
    """One value under a name. A secret one is encrypted, goes out where it is named, and is shown to nobody again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="variables", db_index=False)
    # None: the team's.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="variables")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    value = models.TextField(_("value"), max_length=LONGEST_VALUE, blank=True, default="")
    secret = EncryptedText(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated = models.DateTimeField(default=timezone.now)

    objects: ClassVar[VariableQuerySet] = VariableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], condition=Q(owner=None), name="one_team_value_of_a_name"),
            models.UniqueConstraint(fields=["team", "owner", "name"], name="one_own_value_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_secret(self) -> bool:
        return self.secret is not None

    def reveal(self) -> str:
        """What stands for its name in a request that goes out."""
        return self.value if self.secret is None else self.secret.reveal()

    def become(self, value: str, *, is_secret: bool, by: Any) -> None:
        """Have another value; a secret one leaves nothing of it in the open."""
        self.value, self.secret = ("", value) if is_secret else (value, None)  # type: ignore[assignment]
        self.changed_by, self.updated = by, timezone.now()
        self.save()
