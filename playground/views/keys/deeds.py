"""What is done to a key by one button each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import keys as story
from accounts.access import SESSION_TEAM
from accounts.doors import member_required
from accounts.key_forms import MoveForm, ReplaceForm, TypedNameForm
from accounts.models import Key, Team
from accounts.requests import MemberRequest, address_of
from playground.jobs.balances import read_balance
from playground.views.keys.pages import key_of
from playground.views.team.answers import answered

Deed = Callable[[MemberRequest, Key], HttpResponse | None]


def _deed(act: Deed) -> Any:
    """A view that does `act` to a key and leads back to its page; what is refused is told there."""

    @require_POST
    @member_required
    def view(request: MemberRequest, id: UUID) -> HttpResponse:
        key, leads = key_of(request, id), None
        with answered(request):
            leads = act(request, key)
        return leads or redirect("key", id)

    return view


def _switch_off(request: MemberRequest, key: Key) -> None:
    story.switch(key, False, by=request.membership, address=address_of(request))
    messages.success(request, _("%(key)s was switched off: calls with it are refused from now on") % {"key": key})


def _switch_on(request: MemberRequest, key: Key) -> None:
    story.switch(key, True, by=request.membership, address=address_of(request))
    messages.success(request, _("%(key)s was switched on") % {"key": key})


def _make_default(request: MemberRequest, key: Key) -> None:
    story.make_default(key, by=request.membership, address=address_of(request))
    messages.success(request, _("%(key)s is now the team's default") % {"key": key})


def _choose(request: MemberRequest, key: Key) -> HttpResponse:
    story.choose(key, by=request.membership)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/key_chip.html")
    messages.success(request, _("Your calls now go out with %(key)s") % {"key": key})
    return redirect("keys")


def _replace(request: MemberRequest, key: Key) -> None:
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        _tell_errors(request, form)
        return
    story.replace(
        key, form.cleaned_data["secret"], form.days_kept, by=request.membership, address=address_of(request)
    )  # fmt: skip
    read_balance.defer(key=str(key.pk))
    messages.success(request, _("The secret of %(key)s was replaced") % {"key": key})


def _bring_back(request: MemberRequest, key: Key) -> None:
    story.bring_back(key, by=request.membership, address=address_of(request))
    messages.success(request, _("%(key)s is used with its former secret again") % {"key": key})


def _move(request: MemberRequest, key: Key) -> HttpResponse | None:
    form = MoveForm(request.POST, teams=Team.objects.of(request.user).exclude(pk=request.team.pk))
    if not form.is_valid():
        _tell_errors(request, form)
        return None
    team = form.cleaned_data["team"]
    story.move(key, team, by=request.membership, address=address_of(request))
    request.session[SESSION_TEAM] = team.pk
    messages.success(
        request, _("%(key)s now belongs to %(team)s; there only you may use it") % {"key": key, "team": team}
    )
    return redirect("key", key.pk)


def _delete(request: MemberRequest, key: Key) -> HttpResponse | None:
    form = TypedNameForm(request.POST, wanted=key.name)
    if not form.is_valid():
        _tell_errors(request, form)
        return None
    name = str(key)
    story.delete(key, by=request.membership, address=address_of(request))
    messages.success(request, _("%(key)s was deleted") % {"key": name})
    return redirect("keys")


def _tell_errors(request: MemberRequest, form: Any) -> None:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))


switch_off, switch_on, make_default, choose = map(_deed, (_switch_off, _switch_on, _make_default, _choose))
replace, bring_back, move, delete = map(_deed, (_replace, _bring_back, _move, _delete))
