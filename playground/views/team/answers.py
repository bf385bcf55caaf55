"""What a refused wish is answered with: a sentence, in place."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import invitations, teams


@contextmanager
def answered(request: HttpRequest) -> Iterator[None]:
    """Turns what accounts refuses into a message on the next page."""
    try:
        yield
    except teams.NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
    except teams.LastOwner:
        messages.error(request, _("A team needs an owner. Make somebody else an owner first."))
    except teams.NameDiffers:
        messages.error(request, _("The name typed is not the team's. Nothing was deleted."))
    except invitations.Refused as refusal:
        messages.error(request, str(refusal))
