"""Comments under saved requests and runs: written, reworded, taken away, and who has seen them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from accounts.prepared import Prepared
from accounts.requests import MemberRequest
from playground.models import Comment, Run, SavedRequest
from playground.models.comments import LONGEST_COMMENT
from playground.saved import talking
from playground.saved.telling import address_of
from playground.views.saved.finding import found
from playground.views.saved.people import person_of

MOST_SHOWN = 300


@require_POST
@member_required
def on_request(request: MemberRequest, id: UUID) -> HttpResponse:
    """Say something under a saved request."""
    saved, _right = found(request, id)
    return _said(request, saved)


@require_POST
@member_required
def on_run(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Say something under a run."""
    return _said(request, get_object_or_404(Run.objects.select_related("user"), team=request.team, uuid=uuid))


@require_POST
@member_required
def reword(request: MemberRequest, number: int) -> HttpResponse:
    """Let one's own comment say something else."""
    comment, thing = _own(request, number)
    if text := _text(request):
        talking.reword(request, comment, text)
    return redirect(f"{address_of(thing)}#comments")


@require_POST
@member_required
def remove(request: MemberRequest, number: int) -> HttpResponse:
    """Take one's own comment away."""
    comment, thing = _own(request, number)
    comment.delete()
    messages.success(request, _("The comment was deleted"))
    return redirect(f"{address_of(thing)}#comments")


def shown(request: MemberRequest, thing: SavedRequest | Run) -> dict[str, Any]:
    """What a page shows: the comments, who has seen each, and whom one can mention."""
    people = talking.members_of(request.team, thing)
    newest = _newest_on(thing)
    sightings = talking.sightings_of(thing) if newest else {}
    rows = [
        {
            "comment": each,
            "person": person_of(each.author),
            "pieces": talking.pieces_of(each.text, people),
            "is_mine": each.author_id == request.user.pk,
            "seen_by": [
                person.display_name
                for person in people
                if person.pk != each.author_id and person.pk in sightings and sightings[person.pk] >= each.at
            ],
        }
        for each in reversed(newest)
    ]
    return {
        "comments": rows,
        "mentionable": [person.display_name for person in people if person.pk != request.user.pk],
        "longest_comment": LONGEST_COMMENT,
    }


def _newest_on(thing: SavedRequest | Run) -> list[Comment]:
    if isinstance(thing, Run):
        return _ON_RUN(run=thing.pk)
    return list(Comment.objects.on(thing).select_related("author").reverse()[:MOST_SHOWN])


_ON_RUN = Prepared(
    lambda run: Comment.objects.filter(run=run).select_related("author").order_by("-id")[:MOST_SHOWN], run=int
)


def _said(request: MemberRequest, thing: SavedRequest | Run) -> HttpResponse:
    text = _text(request)
    if text:
        talking.say(request, thing, text)
    else:
        messages.error(request, _("An empty comment says nothing."))
    return redirect(f"{address_of(thing)}#comments")


def _own(request: MemberRequest, number: int) -> tuple[Comment, SavedRequest | Run]:
    """A comment of the person's own on what they still see; what is not for them is missing."""
    comment = get_object_or_404(
        Comment.objects.select_related("request__team", "run"), team=request.team, author=request.user, pk=number
    )
    thing = comment.run or comment.request
    if thing is None or (isinstance(thing, SavedRequest) and thing.right_of(request.user) is None):
        raise Http404
    return comment, thing


def _text(request: MemberRequest) -> str:
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
    return text.encode("utf-8", "replace").decode()[:LONGEST_COMMENT]
