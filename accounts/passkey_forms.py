"""The forms that allauth shows for passkeys, in the words of this site, and safe from what is no passkey at all."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField

# What the libraries below raise, each in its own way, when bytes are not what they should be.
_BROKEN = (
    ValueError, TypeError, LookupError, AttributeError, struct.error, InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip


@contextmanager
def _read_with_care() -> Iterator[None]:
    """What cannot be read is an error of the form, whoever sent it, and none of the site."""
    try:
        yield
    except _BROKEN as error:
        raise forms.ValidationError(_("The passkey could not be read. Try again, or take another way.")) from error


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. It is kept as it came, so it may not be longer than any browser makes it."""

    MOST_LETTERS = 16 * 1024

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)
        # Not given to the field above, which would count the names in the object instead.
        self.max_length = self.MOST_LETTERS

    def to_python(self, value: Any) -> Any:
        """The object, where it is short enough."""
        if isinstance(value, str) and len(value) > self.MOST_LETTERS:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid", {"value": ""})
        return super().to_python(value)


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey. It opens the account by itself unless somebody wants it only after the password."""

    name = NameField(label=_("Name"), required=False, help_text=_("So that you know it again in the list."))
    credential = CredentialField()
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("A few older security keys cannot do that: then leave this out."),
    )

    def clean(self) -> dict[str, Any]:
        """The passkey, proved."""
        try:
            with _read_with_care():
                return super().clean()
        except forms.ValidationError as error:
            self.add_error("credential", error)
            return self.cleaned_data


class SecondFactorPasskeyForm(AuthenticateWebAuthnForm):
    """A passkey after the password."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The passkey it is."""
        with _read_with_care():
            return super().clean_credential()


class ConfirmPasskeyForm(ReauthenticateWebAuthnForm):
    """A passkey that says once more who is there."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The passkey it is."""
        with _read_with_care():
            return super().clean_credential()


class SignInPasskeyForm(LoginWebAuthnForm):
    """A passkey in place of address and password."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The passkey it is; whatever is wrong with it is said in one sentence that tells nobody what exists."""
        try:
            with _read_with_care():
                return super().clean_credential()
        except forms.ValidationError as error:
            raise forms.ValidationError(_("This passkey does not open any account here.")) from error


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = NameField(label=_("Name"))
