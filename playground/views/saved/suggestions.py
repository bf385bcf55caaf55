"""Suggested changes: made in the workbench, accepted or declined on the saved request's page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground.models import ChangedElsewhere, Notice, Right, SavedRequest, Suggestion
from playground.models.saved.suggestions import LONGEST_MESSAGE
from playground.saved import suggesting, telling
from playground.saved.differences import compare
from playground.views.saved.finding import found
from playground.views.saved.people import person_of
from playground.views.saved.saving import Bad, given_in

LONGEST_WORD = 400


@require_POST
@member_required
def suggest(request: MemberRequest, id: UUID) -> HttpResponse:
    """Suggest `{after, call, message}` to those who may edit it."""
    saved, _right = found(request, id)
    try:
        given = given_in(request)
        after, message = given.get("after"), _message(given.get("message"))
        if not may(request.membership, "run", request.team):
            raise Bad(403, "forbidden", _("Viewers of a team save no requests."))
        if type(after) is not int or not 0 < after <= saved.version:
            raise Bad(400, "bad_request", _("A version says which one it was made from."))
        if not compare(saved.current.call, given["call"]).rows:
            raise Bad(422, "no_change", _("Nothing differs from the current version."))
        suggesting.suggest(saved, by=request.user, call=given["call"], after=after, message=message)
    except Bad as bad:
        return bad.answer()
    except suggesting.TooMany:
        return Bad(429, "too_many", _("Too many suggestions wait for an answer already.")).answer()
    telling.tell(request, suggesting.editors_of(saved), Notice.Kind.SUGGESTED, saved, message)
    return JsonResponse({"url": reverse("saved_request", args=[saved.pk])}, status=201)


@require_POST
@member_required
def accept(request: MemberRequest, id: UUID, number: int) -> HttpResponse:
    """Make a suggestion the next version, in its author's name."""
    saved, suggestion = _found(request, id, number)
    after = request.POST.get("after", "")
    try:
        version = suggesting.accept(
            suggestion, by=request.user, after=int(after) if after.isdecimal() and len(after) < 10 else 0
        )
    except suggesting.Decided:
        messages.error(request, _("Somebody has answered this suggestion already."))
    except ChangedElsewhere:
        messages.error(request, _("Somebody has saved a newer version meanwhile. Look at it first."))
    else:
        messages.success(request, _("The change was accepted: it is v%(number)s now") % {"number": version.number})
        _tell_author(request, saved, suggestion, Notice.Kind.ACCEPTED, suggestion.message)
    return redirect("saved_request", id=id)


@require_POST
@member_required
def decline(request: MemberRequest, id: UUID, number: int) -> HttpResponse:
    """Decline a suggestion with a word; who made it may take it back so too."""
    saved, suggestion = _found(request, id, number, or_author=True)
    word = " ".join(request.POST.get("word", "").replace("\0", "").split())[:LONGEST_WORD]
    try:
        suggesting.decline(suggestion, by=request.user, word=word)
    except suggesting.Decided:
        messages.error(request, _("Somebody has answered this suggestion already."))
    else:
        messages.success(request, _("The change was declined"))
        _tell_author(request, saved, suggestion, Notice.Kind.DECLINED, word)
    return redirect("saved_request", id=id)


def shown(request: MemberRequest, saved: SavedRequest, right: Right) -> dict[str, Any]:
    """What the page shows of them: those that wait with their difference, and the last ones answered."""
    found = saved.suggestions.select_related("author", "decided_by")
    waiting = found.filter(state=Suggestion.State.OPEN).order_by("id")
    answered = found.exclude(state=Suggestion.State.OPEN).order_by("-decided_at").defer("call")[:5]
    current = saved.current.call
    return {
        "waiting": [
            {
                "suggestion": each,
                "person": person_of(each.author),
                "compared": compare(current, each.call),
                "is_mine": each.author_id == request.user.pk,
                "may_decide": right is Right.EDIT,
            }
            for each in waiting
        ],
        "answered": [
            {"suggestion": each, "person": person_of(each.author), "by": person_of(each.decided_by)}
            for each in answered
        ],
    }


def _found(request: MemberRequest, id: UUID, number: int, or_author: bool = False) -> tuple[SavedRequest, Suggestion]:
    """A suggestion for somebody who may answer it; what is not for them is missing."""
    saved, right = found(request, id)
    suggestion = saved.suggestions.select_related("author").filter(pk=number).first()
    is_theirs = or_author and suggestion is not None and suggestion.author_id == request.user.pk
    if suggestion is None or not (right is Right.EDIT or is_theirs):
        raise Http404
    return saved, suggestion


def _tell_author(
    request: MemberRequest, saved: SavedRequest, suggestion: Suggestion, kind: Notice.Kind, words: str
) -> None:
    author = suggestion.author
    if author is not None and saved.right_of(author) is not None:
        telling.tell(request, [author], kind, saved, words)


def _message(given: Any) -> str:
    message = given.replace("\0", "").strip() if isinstance(given, str) else ""
    if not message:
        raise Bad(422, "bad_request", _("Say in a few words what you would change and why."))
    return message.encode("utf-8", "replace").decode()[:LONGEST_MESSAGE]
