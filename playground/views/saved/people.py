"""People as the pages of saved requests show them, and telling who could not be reached."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import MemberRequest
from playground.views.frame import avatar


def person_of(user: User | None) -> dict[str, Any]:
    """A person's name and picture."""
    name = user.display_name if user else _("someone who has left")
    return {"name": name, "avatar": avatar(name)}


def tell_unreached(request: MemberRequest, unreached: Sequence[User]) -> None:
    """Say to whom no mail could be sent."""
    if unreached:
        names = ", ".join(person.display_name for person in unreached[:10])
        messages.error(request, _("No mail could be sent to %(names)s; they see a notice here.") % {"names": names})
