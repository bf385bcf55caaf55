"""Saved requests: listed, and run with a key of the token's person."""

import uuid
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from playground import catalogue
from playground.api import door
from playground.api.door import ProgramRequest
from playground.api.problems import Problem, not_found, refusals
from playground.api.runs import WholeRunShape, start_and_tell
from playground.models import Right, SavedRequest
from playground.saved.calls import start_of

router = Router(tags=["saved"])


class SavedShape(Schema):
    """A saved request as the token's person sees it. `right` is what they may do with it."""

    id: UUID
    name: str
    folder: str
    description: str
    tags: list[str]
    operation: str
    version: int
    right: Right
    owner: str
    changed_at: datetime
    url: str


class SavedListShape(Schema):
    """Saved requests in the order of their ids; `next` is the `after` of the next page."""

    items: list[SavedShape]
    next: str | None


class Asked(Schema):
    """What a list is narrowed to."""

    folder: Annotated[str, Field(max_length=200)] = ""
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class RunGiven(Schema):
    """`run` is the run's name, chosen by the program: the same one twice starts it once. Without `key`: the default one.

    `variables` are values for the request's variables; those left out are filled in from the person's values, the team's
    and the request's own.
    """

    run: UUID | None = None
    key: UUID | None = None
    variables: dict[str, str] = {}


@router.get("", response={200: SavedListShape, **refusals()}, auth=door.reads, summary="Saved requests")
def saved_requests(request: ProgramRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Those that the token's person may see."""
    if "\0" in asked.folder:
        raise Problem(422, "bad_request", _("Text with a NUL character is found nowhere."))
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team).select_related("team", "owner")
    if asked.folder:
        seen = seen.filter(folder=asked.folder)
    if asked.after:
        seen = seen.filter(pk__gt=asked.after)
    found = list(seen.order_by("pk")[: asked.limit + 1])
    shown = found[: asked.limit]
    return {
        "items": [_told(request, saved) for saved in shown],
        "next": str(shown[-1].pk) if len(found) > len(shown) else None,
    }


@router.post(
    "/{uuid:id}/run", response={201: WholeRunShape, 200: WholeRunShape, **refusals(404, 413, 429, 503)}, auth=door.runs,
    summary="Run a saved request",
)  # fmt: skip
def run_saved(request: ProgramRequest, id: UUID, given: RunGiven) -> Status:
    """Start its current version and return at once; ask for the run to see what it answers."""
    saved = SavedRequest.objects.visible_to(request.user).filter(team=request.team, pk=id).first()
    operation = catalogue.find(saved.operation) if saved else None
    if saved is None or operation is None:
        raise not_found(_("There is no such saved request."))
    start = {**start_of(saved.current.call, operation), "run": str(given.run or uuid.uuid4()), "saved": str(id)}
    start["variables"] = given.variables
    return start_and_tell(request, start | ({"key": str(given.key)} if given.key else {}))


def _told(request: ProgramRequest, saved: SavedRequest) -> dict[str, Any]:
    return {
        "id": saved.pk,
        "name": saved.name,
        "folder": saved.folder,
        "description": saved.description,
        "tags": saved.tags,
        "operation": saved.operation,
        "version": saved.version,
        "right": saved.right_of(request.user) or Right.VIEW,
        "owner": saved.owner.display_name if saved.owner else "",
        "changed_at": saved.updated,
        "url": reverse("saved_request", args=[saved.pk]),
    }
