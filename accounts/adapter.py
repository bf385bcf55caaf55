"""How allauth behaves here: who may sign up, what proves an address, and that second factors are stored sealed."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts import crypto, devices, door_log, invitations
from accounts.texts import has_invisible, refuse_invisible


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open, for the invited, or closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By `SIGN_UP`; an open invitation opens it for its holder."""
        if settings.SIGN_UP == "invited":
            return invitations.remembered(request) is not None
        return settings.SIGN_UP == "open"

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever holds the token mailed to an address reads its mail."""
        invitation = invitations.remembered(request)
        if invitation and invitation.email and invitation.email == email.lower():
            return True
        return super().is_email_verified(request, email)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Who tries too often is written down."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            door_log.refused(request, credentials.get("email", ""), "too many tries")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Who is not let in is written down."""
        door_log.refused(request, credentials.get("email", ""), "wrong password")

    def clean_email(self, email: str) -> str:
        """Two addresses that look alike must be alike."""
        refuse_invisible(email)
        return super().clean_email(email)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep the name and the language of the page they signed up on."""
        user.name = form.cleaned_data.get("name", "")
        user.language = getattr(request, "LANGUAGE_CODE", "")
        return super().save_user(request, user, form, commit)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """An invited person goes on to their invitation."""
        return invitations.page_of(request) or super().get_signup_redirect_url(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """An invited person goes on to their invitation."""
        return invitations.page_of(request) or super().get_login_redirect_url(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under `SITE_URL` where it is set: a forged Host header must not lead people elsewhere."""
        return _at_home(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Under `SITE_URL` where it is set: a forged Host header must not lead people elsewhere."""
        return _at_home(super().get_email_confirmation_url(request, emailconfirmation))


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Who comes by the organisation's own sign-in. New people need sign-up to be open, or an invitation, as others do."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Keep the name they have there, and the language of the page they came by."""
        user = super().populate_user(request, sociallogin, data)
        names = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        user.name = "" if has_invisible(names) else names[:80]
        user.language = getattr(request, "LANGUAGE_CODE", "")
        return user


class FactorAdapter(DefaultMFAAdapter):
    """Seals what second factors keep. allauth does not tell for which row, so the place is the column alone."""

    PLACE = crypto.Place(table="mfa_authenticator", column="data", row="")

    def encrypt(self, text: str) -> str:
        """Sealed under the newest master key."""
        return crypto.seal(text, self.PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed."""
        return crypto.unseal(encrypted_text, self.PLACE)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The name a new passkey has until its person says another: that of the device in hand."""
        return devices.device_of(context.request.headers.get("User-Agent", "")) or gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as a browser names it when it asks for a passkey."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _at_home(url: str) -> str:
    if not settings.SITE_URL:
        return url
    return settings.SITE_URL.rstrip("/") + urlsplit(url)._replace(scheme="", netloc="").geturl()
