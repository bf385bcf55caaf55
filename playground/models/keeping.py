"""What a team keeps of its runs, and for how long."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared


class Keeping(models.Model):
    """A team's rule. Without a row everything is kept for ever."""

    class What(models.TextChoices):
        EVERYTHING = "everything", _("Everything")
        FIGURES = "figures", _("Figures only")

    team = models.OneToOneField("accounts.Team", models.CASCADE, primary_key=True, related_name="keeping")
    what = models.CharField(max_length=12, choices=What, default=What.EVERYTHING)
    days = models.PositiveIntegerField(null=True, blank=True)
    mebibytes = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.team_id}: {self.what}, {self.days} days, {self.mebibytes} MiB"

    @classmethod
    def of(cls, team_id: int) -> "Keeping":
        """The team's rule, also when it never made one."""
        return next(iter(_RULE(team=team_id)), None) or cls(team_id=team_id)

    @property
    def keeps_texts(self) -> bool:
        return self.what == Keeping.What.EVERYTHING

    @property
    def is_for_ever(self) -> bool:
        return self.days is None and self.mebibytes is None


_RULE = Prepared(lambda team: Keeping.objects.filter(team=team), team=int)
