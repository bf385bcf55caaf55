"""The form that makes an account, as allauth shows it. What it asks beside address and password is in `accounts.forms`."""

from typing import Any

from allauth.account.forms import SignupForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import invitations


class SignUpForm(SignupForm):
    """Where only the invited come in, an invitation by mail makes an account for its own address and tells of no other."""

    # Not asked here: allauth takes it out of each form.
    username = forms.CharField(max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invitation = invitations.remembered(context.request)
        self._invited = invitation.email if invitation else ""
        if self._invited:
            self.initial.setdefault("email", self._invited)

    def clean_email(self) -> str:
        """The address; whether somebody has it is asked last."""
        if settings.SIGN_UP == "invited" and self._invited not in ("", self.cleaned_data["email"].lower()):
            raise forms.ValidationError(
                _("This invitation is for %(email)s: make the account with that address.") % {"email": self._invited}
            )
        return str(super().clean_email())
