"""People as the pages of saved requests show them."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from playground.views.frame import avatar


def person_of(user: User | None) -> dict[str, Any]:
    """A person's name and picture."""
    name = user.display_name if user else _("someone who has left")
    return {"name": name, "avatar": avatar(name)}
