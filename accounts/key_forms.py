"""What people fill in about keys and gateways, and how pasted secrets are read."""

import fnmatch
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField
from accounts.gateways import root_of
from accounts.models import Gateway, Key, Membership, Team
from accounts.texts import has_invisible, refuse_invisible, refuse_unprintable

SHORTEST, LONGEST = 8, 4096
MOST_LISTED = 200
BEARER = re.compile(r"^(authorization:\s*)?bearer\s+", re.IGNORECASE)
REMINDERS = [("", _("No reminder")), ("1", _("1 day before")), ("7", _("7 days before")), ("30", _("30 days before"))]
INTERVALS = [
    ("", _("As usual on this site")), ("5", _("Every 5 minutes")), ("15", _("Every 15 minutes")), ("30", _("Every 30 minutes")),
    ("60", _("Every hour")), ("360", _("Every 6 hours")), ("1440", _("Once a day")),
]  # fmt: skip
OVERLAPS = [(0, _("Erase it at once")), (1, _("Keep it for a day")), (7, _("Keep it for a week"))]


class SecretField(forms.CharField):
    """A key's secret: typed once, never drawn again. What was pasted around it is left out, and `tidied` says so."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "data-secret": ""}
        super().__init__(label=_("Key"), strip=False, widget=forms.PasswordInput(attributes), **kwargs)
        self.tidied = False

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        secret = BEARER.sub("", text.strip(" \t\r\n\u3000\xa0\ufeff"))
        self.tidied = secret != text
        return secret

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            refuse_odd_secret(value)


def refuse_odd_secret(secret: str) -> None:
    """A validator: keys are one run of letters of the keyboard. The sentence never repeats the secret."""
    if has_invisible(secret):
        raise ValidationError(
            _(
                "The key holds characters that cannot be seen (control or zero-width ones). Copy it again from its source."
            )
        )
    if place := next((at for at, letter in enumerate(secret, 1) if not letter.isascii()), 0):
        name = unicodedata.name(secret[place - 1], "?").lower()
        raise ValidationError(
            _("Letter %(place)s of the key is no letter of a key but one that looks alike: %(name)s. Copy it again."),
            params={"place": place, "name": name},
        )
    if any(letter.isspace() for letter in secret):
        raise ValidationError(_("The key has a space in its middle. Copy it again in one piece."))
    if not SHORTEST <= len(secret) <= LONGEST:
        raise ValidationError(_("A key has from 8 to 4,096 characters."))


class ListField(forms.CharField):
    """Several words, parted by commas or lines."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(required=False, max_length=20_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split(r"[,，\n]", super().to_python(value) or "")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        for word in value:
            refuse_invisible(word)
            if len(word) > self.longest:
                raise ValidationError(_("“%(word)s…” is too long."), params={"word": word[:20]})
        if len(value) > MOST_LISTED:
            raise ValidationError(_("These are more than 200."))

    def run_validators(self, value: Any) -> None:
        """Each word was looked at already."""


class KeyForm(forms.ModelForm):
    """All of a key but its secret."""

    name = NameField(label=_("Name"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, validators=[refuse_unprintable],
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    tags = ListField(label=_("Tags"), longest=40)
    shared_with = forms.ChoiceField(
        label=_("Who may use it"), choices=Key.Sharing.choices, widget=forms.RadioSelect, initial=Key.Sharing.ME,
        help_text=_("They can run with it; they never see it and cannot pass it on."),
    )  # fmt: skip
    members = forms.ModelMultipleChoiceField(
        label=_("Named members"), queryset=Membership.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    allowed_models = ListField(
        label=_("Models it may be used for"), longest=200, help_text=_("Empty is all. gpt-5* means all that begin so.")
    )
    allowed_operations = ListField(
        label=_("Operations it may be used for"),
        longest=100,
        help_text=_("Empty is all. Ids of the catalogue, such as chat-*."),
    )
    expires_at = forms.DateField(
        label=_("Expires"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    remind_days = forms.TypedChoiceField(
        label=_("Reminder"), choices=REMINDERS, required=False, coerce=int, empty_value=None, initial=7
    )
    read_minutes = forms.TypedChoiceField(
        label=_("Balance is read"), choices=INTERVALS, required=False, coerce=int, empty_value=None,
        help_text=_("And after each run. A gateway that wants to be asked less often is."),
    )  # fmt: skip

    class Meta:
        model = Key
        fields = [
            "name", "note", "tags", "allowed_models", "allowed_operations", "expires_at", "remind_days", "read_minutes",
        ]  # fmt: skip

    def __init__(
        self, *args: Any, team: Team, may_share: bool = True, operations: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._operations = operations
        self.initial.setdefault("shared_with", self.instance.shared_with)
        if not may_share:
            del self.fields["shared_with"], self.fields["members"]
            return
        others = team.memberships.select_related("user").exclude(user=self.instance.owner).order_by("joined", "id")
        members: Any = self.fields["members"]
        members.queryset = others
        members.label_from_instance = lambda member: f"{member.user.display_name} · {member.user.email}"
        if not self.instance._state.adding:
            self.initial["members"] = list(self.instance.members.values_list("pk", flat=True))

    def clean_allowed_operations(self) -> list[str]:
        asked = self.cleaned_data["allowed_operations"]
        for pattern in asked:
            if self._operations and not fnmatch.filter(self._operations, pattern.replace("[", "[[]")):
                raise ValidationError(
                    _("There is no operation “%(id)s” in the catalogue."), params={"id": pattern[:80]}
                )
        return asked

    def clean_expires_at(self) -> datetime | None:
        """The end of the day that was chosen."""
        day: date | None = self.cleaned_data["expires_at"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("shared_with") == Key.Sharing.MEMBERS and not given.get("members"):
            self.add_error("members", _("Choose at least one member, or keep the key to yourself."))
        return given


class NewKeyForm(KeyForm):
    """A new key, its secret typed once."""

    secret = SecretField(
        help_text=_("Typed only here and stored encrypted. Afterwards everybody, you too, sees only its end.")
    )
    gateway = forms.ModelChoiceField(label=_("Gateway"), queryset=Gateway.objects.none(), empty_label=None)
    field_order = ["name", "gateway", "secret"]

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        gateway: Any = self.fields["gateway"]
        gateway.queryset = Gateway.objects.open_to(team).order_by("created", "id")


class SecretForm(forms.Form):
    """A secret to try before it is kept."""

    secret = SecretField()
    gateway = forms.ModelChoiceField(queryset=Gateway.objects.none())
    allowed_models = ListField(longest=200)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gateway"].queryset = Gateway.objects.open_to(team)  # type: ignore[attr-defined]


class ReplaceForm(forms.Form):
    """Another secret in the place of the one before."""

    secret = SecretField()
    overlap = forms.TypedChoiceField(
        label=_("The old one"), choices=OVERLAPS, coerce=int, initial=1,
        help_text=_("While it is kept you can bring it back with one click."),
    )  # fmt: skip

    @property
    def days_kept(self) -> timedelta | None:
        return timedelta(days=self.cleaned_data["overlap"]) or None


class MoveForm(forms.Form):
    """Another of the person's teams."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), to_field_name="public_id", empty_label=None
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class TypedNameForm(forms.Form):
    """The name of what is to be deleted, typed as a proof that it is meant."""

    name = forms.CharField(max_length=200)

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip() != self.wanted.strip():
            raise ValidationError(_("The name typed is another one. Nothing was deleted."))
        return self.cleaned_data["name"]


class GatewayForm(forms.ModelForm):
    """A gateway's name and root."""

    name = NameField(label=_("Name"))
    base_url = forms.CharField(
        label=_("Base URL"), max_length=500, help_text=_("Its root, such as https://api.example.com; a /v1 at the end is left out."),
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip

    class Meta:
        model = Gateway
        fields = ["name", "base_url"]

    def clean_base_url(self) -> str:
        url = self.cleaned_data["base_url"]
        refuse_invisible(url)
        root = root_of(url)
        try:
            place = urlsplit(root)
            odd = place.query or place.fragment or place.username is not None or place.password is not None
            place.port  # noqa: B018  reading it checks it
        except ValueError:
            raise ValidationError(_("This is no address. It looks like https://api.example.com.")) from None
        if place.scheme not in ("http", "https") or not place.hostname or " " in root or not root.isascii():
            raise ValidationError(_("This is no address. It looks like https://api.example.com."))
        if odd:
            raise ValidationError(_("The address must hold no user, password, question mark or #."))
        return root
