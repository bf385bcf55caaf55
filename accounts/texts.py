"""What people may type into a name: one line, of letters that can be seen."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Format characters draw nothing and let two names look alike; joiners are needed inside emoji and some scripts, not here.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f"}


def has_invisible(text: str) -> bool:
    """Whether `text` holds control, zero-width or other letters that cannot be seen."""
    return any(letter in _BLANK or unicodedata.category(letter) in _INVISIBLE for letter in text)


def refuse_invisible(text: str) -> None:
    """A validator: one line, nothing that cannot be seen."""
    if any(letter in text for letter in "\r\n\u2028\u2029\x85"):
        raise ValidationError(_("This must be one line."), code="lines")
    if has_invisible(text):
        raise ValidationError(
            _("This holds characters that cannot be seen (control or zero-width ones). Type it again without them."),
            code="invisible",
        )


def refuse_unprintable(text: str) -> None:
    """A validator for longer texts: lines are welcome, control characters are not."""
    if has_invisible(text.replace("\r\n", "").replace("\n", "").replace("\t", "")):
        raise ValidationError(
            _("This holds characters that cannot be seen (control or zero-width ones). Type it again without them."),
            code="invisible",
        )
