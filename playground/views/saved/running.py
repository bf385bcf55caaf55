"""Running a saved request from its page: its variables in a small form, one press, then the run's page."""

import json
import uuid
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from accounts.models import Key
from accounts.requests import MemberRequest
from playground import catalogue
from playground.calls.variables import names_in
from playground.models import Right, SavedRequest, Variable
from playground.runs.begin import Refused
from playground.runs.start import own_address, start
from playground.saved.calls import start_of
from playground.views.saved.finding import found

FIELD = "variable-"


@require_POST
@member_required
def run(request: MemberRequest, id: UUID) -> HttpResponse:
    """Start the current version with what was typed; `key` names a key, empty is the default one."""
    saved, right = found(request, id)
    operation = catalogue.find(saved.operation)
    if operation is None or right is Right.VIEW:
        messages.error(request, _("You may look at this saved request but not run it. Ask its owner."))
        return redirect("saved_request", id=id)
    message = {
        **start_of(saved.current.call, operation),
        "run": str(uuid.uuid4()),
        "saved": str(saved.pk),
        "variables": _typed(request),
    }
    if request.POST.get("key"):
        message["key"] = request.POST["key"]
    return begin(request, message, back=redirect("saved_request", id=id))


def begin(request: MemberRequest, message: dict[str, Any], back: HttpResponse) -> HttpResponse:
    """Start what the message describes and go to the run's page; or back, with why not."""
    try:
        own = own_address(request.scope)  # type: ignore[attr-defined]
        # On the server's loop: this thread works for it.
        async_to_sync(start)(message, user_id=request.user.pk, team_id=request.team.pk, own_address=own)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    return redirect("run", uuid=message["run"])


def shown(request: MemberRequest, saved: SavedRequest) -> dict[str, Any]:
    """What the small form shows: a field for each variable, with what stands for it if nothing is typed; the keys."""
    operation = catalogue.find(saved.operation)
    call = saved.current.call
    names = names_in(start_of(call, operation)["call"]) if operation else []
    known = {each.name: each for each in Variable.objects.known_to(request.user, request.team)} if names else {}
    defaults = json.loads(call).get("variables")
    defaults = defaults if isinstance(defaults, dict) else {}
    keys = Key.objects.usable_by(request.user, request.team).oldest_first()
    return {
        "fields": [_field(name, known.get(name), defaults.get(name)) for name in names],
        "keys": [{"id": str(key.pk), "name": key.name, "mask": key.mask} for key in keys],
    }


def _field(name: str, variable: Variable | None, default: Any) -> dict[str, Any]:
    """A field; `whose` is where its value comes from if nothing is typed: mine, team, default or nowhere."""
    field = {"name": name, "id": FIELD + name, "whose": "", "value": "", "is_secret": False}
    if variable:
        whose = "team" if variable.owner_id is None else "mine"
        return field | {"whose": whose, "value": variable.value, "is_secret": variable.is_secret}
    return field | {"whose": "default", "value": default} if isinstance(default, str) else field


def _typed(request: MemberRequest) -> dict[str, str]:
    return {
        name.removeprefix(FIELD): str(value) for name, value in request.POST.items() if name.startswith(FIELD) and value
    }
