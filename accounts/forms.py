"""What people fill in about themselves and their teams."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import may_grant
from accounts.models import Role, Scope, Team, User
from accounts.texts import refuse_invisible


@cache
def _timezones() -> list[tuple[str, Any]]:
    places = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
    )
    return [("", _("Like the device")), ("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


class NameField(forms.CharField):
    """One line of letters that can be seen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 80, "validators": [refuse_invisible], **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # The field says what is wrong with a long text; a browser that cuts it would say nothing.
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class SignUpFields(forms.Form):
    """What sign-up asks beside address and password."""

    name = NameField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """The adapter keeps the name."""


class ProfileForm(forms.ModelForm):
    """A person's own settings."""

    name = NameField(label=_("Name"), required=False, help_text=_("How others in your teams see you."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_timezones)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Between these hours mail of alerts waits; notices on the site do not."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ["name", "language", "theme", "timezone", "quiet_from", "quiet_until"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("quiet_from"), given.get("quiet_until")
        if (start is None) != (end is None) and not self.errors:
            self.add_error(
                "quiet_until" if end is None else "quiet_from", _("Quiet hours need a beginning and an end.")
            )
        if start and end and not given.get("timezone"):
            self.add_error("timezone", _("Choose your time zone, so that the quiet hours are yours."))
        return given


class TeamForm(forms.ModelForm):
    """A team's name."""

    name = NameField(label=_("Team name"))

    class Meta:
        model = Team
        fields = ["name"]


class RoleForm(forms.Form):
    """A role that the giver may hand out."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, giver: Role, offer_owner: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [role for role in Role if may_grant(giver, role) and (offer_owner or role is not Role.OWNER)]
        self.fields["role"].choices = [(role.value, role.label) for role in offered]  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    """Whom to invite, as what. Without an address it makes a link."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        validators=[refuse_invisible],
        help_text=_("Leave it empty to make a link instead, good for one person."),
    )
    field_order = ["email", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, offer_owner=False, **kwargs)
        self.fields["role"].initial = Role.MEMBER


class DeleteTeamForm(forms.Form):
    """The name, typed as a proof that it is meant."""

    name = forms.CharField(label=_("Type the team's name to confirm"), max_length=200)


class TokenForm(forms.Form):
    """A personal token: what it is for, what it may, how long."""

    name = NameField(label=_("Name"), help_text=_("By what you will know it, such as the program's name."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ]
    )
    days = forms.TypedChoiceField(
        label=_("It works for"),
        coerce=int,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
        initial=90,
    )
