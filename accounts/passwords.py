"""What a password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext


class LongEnough(MinimumLengthValidator):
    """As Django's, with a sentence that is translated."""

    def get_error_message(self) -> str:
        """What is said to somebody whose password is too short."""
        return gettext("This password is too short: it needs at least %(count)d letters.") % {"count": self.min_length}
