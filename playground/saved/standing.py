"""Whether somebody can really run a saved request: the right is one thing, a key they may use another."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.access import default_key, may
from accounts.models import Key, User
from playground import catalogue
from playground.models import Right, SavedRequest
from playground.saved.calls import model_of


@dataclass(frozen=True)
class Standing:
    """Whether a person can run a request now, and the sentence that says why or why not."""

    can_run: bool
    why: str


def standing_of(request: SavedRequest, person: User, right: Right | None, model: str | None = None) -> Standing:
    """How `person`, who has or would have `right`, stands to `request`. `model`: what it asks for, where known already."""
    if request.team.role_of(person) is None:
        return Standing(False, _("no longer in this team"))
    if not may(person, "run", request.team):
        return Standing(False, _("viewers of a team start no runs"))
    if right is None:
        return Standing(False, _("does not see it"))
    if right is Right.VIEW:
        return Standing(False, _("may look, not run"))
    operation = catalogue.find(request.operation)
    if operation is None or operation.kind != "operation":
        return Standing(False, _("this operation is no longer in the catalogue"))
    model = model_of(request.current.call) if model is None else model
    key = default_key(person, request.team, operation.id, model)
    if key is None:
        return Standing(False, _("has no key for %(what)s") % {"what": model or operation.id})
    if key.shared_with == Key.Sharing.TEAM:
        return Standing(True, _("can run it with %(key)s") % {"key": key.name})
    return Standing(True, _("can run it with a key of their own"))
