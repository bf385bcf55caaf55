"""What people fill in about alerts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import BalanceStanding
from accounts.texts import refuse_invisible
from playground.addresses import BadAddress, parted
from playground.models import AlertRule

UNITS = ("USD", "CNY", "units")


class RuleForm(forms.ModelForm):
    """When to tell. An empty field is a line that is not looked at."""

    low_unit = forms.ChoiceField(label=_("Unit"))

    class Meta:
        model = AlertRule
        fields = ["low_amount", "low_unit", "low_days", "spike_times", "expiry", "refused"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["low_unit"]
        chosen.choices = [(unit, _("units") if unit == "units" else unit) for unit in self._units()]
        for name in ("low_amount", "low_days", "spike_times"):
            self.fields[name].widget.attrs["placeholder"] = _("off")

    def _units(self) -> list[str]:
        """The currencies that most gateways tell, and whatever the team's own tell."""
        told = BalanceStanding.objects.filter(key__team=self.instance.team).exclude(reading=None)
        units = told.order_by().values_list("reading__unit", flat=True).distinct()
        return list(dict.fromkeys([*UNITS, *sorted(unit for unit in units if unit), self.instance.low_unit]))


class WebhookForm(forms.Form):
    """Where to post alerts to."""

    url = forms.CharField(
        label=_("Address"), max_length=500, validators=[refuse_invisible],
        widget=forms.TextInput({
            "inputmode": "url", "autocapitalize": "none", "spellcheck": "false", "placeholder": "https://hooks.example.com/…",
        }),
    )  # fmt: skip

    def clean_url(self) -> str:
        """A whole address without a password in it."""
        url = self.cleaned_data["url"]
        if "#" in url:
            raise ValidationError(_("The address must hold no user, password or #."))
        try:
            parted(url)
        except BadAddress:
            raise ValidationError(_("This is no address. It looks like https://hooks.example.com/alerts.")) from None
        return url
