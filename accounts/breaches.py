"""Passwords that are known from breaches, looked up in a file of the operator's: no password leaves the site for it."""

import hashlib
import logging
import mmap
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

DIGITS = 40


class BreachedPasswordValidator:
    """Refuses what stands in the file `BREACHED_PASSWORDS`. A file that cannot be read refuses nobody; `doctor` tells of it."""

    def validate(self, password: str, user: Any = None) -> None:
        if not settings.BREACHED_PASSWORDS:
            return
        try:
            known = is_breached(password, Path(settings.BREACHED_PASSWORDS))
        except (OSError, ValueError) as error:
            logger.warning("passwords are not compared with breached ones: %s", type(error).__name__)
            return
        if known:
            raise ValidationError(
                _("This password is known from a breach of some site. Choose another one."), code="password_breached"
            )

    def get_help_text(self) -> str:
        """Nothing to be told before: it cannot be known."""
        return ""


def is_breached(password: str, path: Path) -> bool:
    """Whether the password stands in a file of SHA-1 digests in hexadecimal, one a line and sorted, as such lists come.

    What follows the digest, a colon and a count, does not matter. Read are some thirty places of it, however large it is.
    """
    # The lists' own digest. It guards nothing here.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        # Both are beginnings of lines, or the end of the file.
        low, high = 0, len(lines)
        while low < high:
            middle = (low + high) // 2
            begin = max(low, lines.rfind(b"\n", low, middle) + 1)
            digest = lines[begin : begin + DIGITS].upper()
            if digest == wanted:
                return True
            if digest > wanted:
                high = begin
            else:
                low = lines.find(b"\n", begin) + 1 or high
    return False
