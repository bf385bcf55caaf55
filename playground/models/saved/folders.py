"""Folders of saved requests. A request names its folder; a row here keeps one that may be empty."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.texts import refuse_invisible

LONGEST_PATH = 200


class SavedFolder(models.Model):
    """A folder that somebody made, by its whole path: `Finance/Q4`."""

    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="saved_folders", db_index=False)
    path = models.CharField(_("folder"), max_length=LONGEST_PATH, validators=[refuse_invisible])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "path"], name="one_folder_of_a_path")]

    def __str__(self) -> str:
        return self.path


def below(path: str, field: str = "folder") -> Q:
    """What stands in the folder `path` or in one within it."""
    return Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}/"})
