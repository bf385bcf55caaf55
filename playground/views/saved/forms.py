"""What people type about a saved request."""

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.texts import refuse_invisible
from playground.models import SavedRequest
from playground.models.saved import LONGEST_TAG
from playground.saved.folders import NoFolder, tidied

MOST_TAGS = 20


def stamp_of(saved: SavedRequest) -> str:
    """Says which details a form was filled with, so that a stale one is noticed before it writes over others."""
    told = json.dumps([saved.name, saved.folder, saved.description, saved.tags])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class DetailsForm(forms.ModelForm):
    """Name, folder, description and tags."""

    tags = forms.CharField(required=False, max_length=1000)

    class Meta:
        model = SavedRequest
        fields = ("name", "folder", "description", "tags")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_folder(self) -> str:
        """`a / b/` and `a/b` are one folder."""
        try:
            return tidied(self.cleaned_data["folder"])
        except NoFolder as error:
            raise ValidationError(_("At most six folders within each other.")) from error

    def clean_tags(self) -> list[str]:
        """Tags parted by commas, each once."""
        tags = list(dict.fromkeys(tag.strip() for tag in self.cleaned_data["tags"].replace("，", ",").split(",")))
        tags = [tag for tag in tags if tag]
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("At most 20 tags of 40 letters each."))
        for tag in tags:
            refuse_invisible(tag)
        return tags

    def sentence(self) -> str:
        """The first thing that is wrong, for an answer in JSON."""
        errors: dict[str, Any] = self.errors
        for name, told in errors.items():
            field = self.fields.get(name)
            return f"{field.label}: {told[0]}" if field and field.label else str(told[0])
        return ""
