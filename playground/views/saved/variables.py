"""Values of variables: the page where the team's and one's own are kept, and what the small form before sending asks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.models.audit import record
from accounts.requests import MemberRequest, address_of
from accounts.texts import has_invisible
from playground.calls.variables import is_name
from playground.models import Variable
from playground.models.saved.variables import LONGEST_VALUE
from playground.views.saved.people import person_of

SHORTEST_SECRET = 8
MOST_VALUES = 500


@require_safe
@never_cache
@member_required
def variables(request: MemberRequest) -> HttpResponse:
    """The values of the team and the person's own; secret ones say only that they are there."""
    known = Variable.objects.known_to(request.user, request.team).select_related("changed_by")
    own = [_row(each) for each in known if each.owner_id is not None]
    teams = [_row(each) for each in known if each.owner_id is None]
    context = {
        "lists": [
            (own, _("Yours"), _("Values kept here are for you alone.")),
            (teams, _("The team's"), _("Values kept for the team stand in for everybody who has none of their own.")),
        ],
        "may_keep": may(request.membership, "run", request.team),
        "name": request.GET.get("name", "") if is_name(request.GET.get("name", "")) else "",
    }
    return render(request, "saved/variables.html", context)


@require_safe
@never_cache
@member_required
def known(request: MemberRequest) -> JsonResponse:
    """What is known of each name: whose value it is, and the value where it is no secret."""
    found = Variable.objects.known_to(request.user, request.team)
    return JsonResponse({"known": {each.name: _told(each) for each in found}})


@require_POST
@member_required
def keep(request: MemberRequest) -> HttpResponse:
    """Keep `value` for `name`, for oneself or (`whose=team`) for the team; `secret=on` hides it for good."""
    name, is_secret = request.POST.get("name", "").strip(), request.POST.get("secret") == "on"
    value = request.POST.get("value", "").replace("\r\n", "\n")
    problem = _problem(request, name, value, is_secret)
    if problem:
        messages.error(request, problem)
        return redirect("saved_variables")
    owner = None if request.POST.get("whose") == "team" else request.user
    try:
        with transaction.atomic():
            variable = Variable.objects.filter(team=request.team, owner=owner, name=name).first()
            variable = variable or Variable(team=request.team, owner=owner, name=name)
            variable.become(value, is_secret=is_secret, by=request.user)
    except IntegrityError:
        messages.error(request, _("Somebody has just kept a value of this name. Look at it first."))
        return redirect("saved_variables")
    if owner is None:
        record("variable.kept", by=request.user, team=request.team, thing=variable, address=address_of(request))
    messages.success(request, _("The value of %(name)s was kept") % {"name": name})
    return redirect("saved_variables")


@require_POST
@member_required
def forget(request: MemberRequest, id: UUID) -> HttpResponse:
    """Forget a value: one's own, or one of the team."""
    variable = get_object_or_404(Variable.objects.known_to(request.user, request.team), pk=id)
    if variable.owner_id is None and not may(request.membership, "run", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("saved_variables")
    if variable.owner_id is None:
        record("variable.forgotten", by=request.user, team=request.team, thing=variable, address=address_of(request))
    variable.delete()
    messages.success(request, _("The value of %(name)s was forgotten") % {"name": variable.name})
    return redirect("saved_variables")


def _row(variable: Variable) -> dict[str, Any]:
    return {"variable": variable, "person": person_of(variable.changed_by)}


def _told(variable: Variable) -> dict[str, Any]:
    whose = "team" if variable.owner_id is None else "mine"
    return {"whose": whose, "secret": variable.is_secret, "value": None if variable.is_secret else variable.value}


def _problem(request: MemberRequest, name: str, value: str, is_secret: bool) -> str:
    """Why nothing is kept; empty when it can be."""
    if not may(request.membership, "run", request.team):
        return _("Your role does not allow this. Nothing was changed.")
    if not is_name(name):
        return _(
            "A name begins with a letter and holds letters, digits, _ and -, at most 40; “url” and “key” are taken."
        )
    if not value or len(value) > LONGEST_VALUE or "\0" in value:
        return _("The value of “%(name)s” must be a text of up to 20,000 letters.") % {"name": name}
    if is_secret and (len(value) < SHORTEST_SECRET or has_invisible(value)):
        return _(
            "A secret value is one line of at least 8 letters that can be seen: a shorter one could not be hidden in answers."
        )
    if Variable.objects.filter(team=request.team).count() >= MOST_VALUES:
        return _("A team keeps at most 500 values.")
    return ""
