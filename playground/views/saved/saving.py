"""Saving by JSON, as the workbench does it: a new request, a new version, and opening it again."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground import catalogue
from playground.models import ChangedElsewhere, Right, SavedRequest, SavedVersion, Visibility
from playground.saved.calls import read
from playground.saved.differences import Compared, compare
from playground.views.saved.finding import found
from playground.views.saved.forms import DetailsForm

MOST_NAMED = 10
MOST_ROWS = 60
MOST_LETTERS = 400


class Bad(Exception):
    """What was posted cannot be saved: a status, a code and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def answer(self) -> JsonResponse:
        return JsonResponse({"code": self.code, "message": str(self)}, status=self.status)


@require_POST
@member_required
def new(request: MemberRequest) -> HttpResponse:
    """Save a request under a name: `{operation, call, name, folder, description, tags, visibility}`."""
    try:
        given = given_in(request)
        return JsonResponse(_facts(_make(request, given)), status=201)
    except Bad as bad:
        return bad.answer()


@require_POST
@member_required
def version(request: MemberRequest, id: UUID) -> HttpResponse:
    """Save `{after, call, note}` as the next version; 409 tells what was saved since `after`."""
    saved, _right = found(request, id, Right.EDIT)
    try:
        given = given_in(request)
        after, note = given.get("after"), given.get("note", "")
        if type(after) is not int or not 0 < after < 2**31 or not isinstance(note, str) or "\0" in note:
            raise Bad(400, "bad_request", _("A version says which one it was made from."))
    except Bad as bad:
        return bad.answer()
    call = given["call"]
    if saved.version == after and saved.current.call == call:
        return JsonResponse(_facts(saved))
    try:
        saved.add_version(call, by=request.user, after=after, note=_plain(note))
    except ChangedElsewhere:
        saved.refresh_from_db()
        return JsonResponse(_conflict(saved, call), status=409)
    return JsonResponse(_facts(saved), status=201)


@never_cache
@require_safe
@member_required
def call(request: MemberRequest, id: UUID) -> JsonResponse:
    """The current version, or that of `?version=`, as the page wrote it."""
    saved, right = found(request, id)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else saved.version
    kept = saved.versions.filter(number=number).first() or saved.current
    return JsonResponse({**_facts(saved), "call": kept.call, "opened": kept.number, "right": right.value})


@never_cache
@require_safe
@member_required
def news(request: MemberRequest, id: UUID) -> JsonResponse:
    """Which version is current now, and whose: asked by pages that lie open."""
    saved, right = found(request, id)
    author = saved.current.author
    return JsonResponse(
        {
            **_facts(saved),
            "right": right.value,
            "author": author.display_name if author else "",
            "is_mine": author == request.user,
        }
    )


@require_POST
@member_required
def differences(request: MemberRequest, id: UUID) -> HttpResponse:
    """How `{call}`, which somebody is writing, differs from the current version."""
    saved, _right = found(request, id)
    try:
        given = given_in(request)
    except Bad as bad:
        return bad.answer()
    return JsonResponse({**_conflict(saved, given["call"]), "code": "compared"})


@never_cache
@require_safe
@member_required
def folders(request: HttpRequest) -> JsonResponse:
    """The folders that are in use, for choosing one."""
    seen = SavedRequest.objects.visible_to(request.user).filter(team=request.team)  # type: ignore[attr-defined]
    names = seen.exclude(folder="").order_by("folder").values_list("folder", flat=True).distinct()
    return JsonResponse({"folders": list(names[:500])})


def given_in(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
        read(given["call"])
    except RequestDataTooBig as error:
        raise Bad(413, "too_large", _("This request is too large to save.")) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Bad(400, "bad_request", _("This is no request that can be saved.")) from error
    return given


@transaction.atomic
def _make(request: MemberRequest, given: dict[str, Any]) -> SavedRequest:
    if not may(request.membership, "run", request.team):
        raise Bad(403, "forbidden", _("Viewers of a team save no requests."))
    operation = catalogue.find(given["operation"]) if isinstance(given.get("operation"), str) else None
    if operation is None or operation.kind != "operation":
        raise Bad(400, "bad_request", _("There is no such operation."))
    visibility = given.get("visibility", Visibility.ME)
    if visibility not in (Visibility.ME, Visibility.TEAM):
        raise Bad(400, "bad_request", _("Choose who sees it."))
    form = DetailsForm({name: given.get(name) or "" for name in ("name", "folder", "description", "tags")})
    if not form.is_valid():
        raise Bad(422, "bad_request", form.sentence())
    saved: SavedRequest = form.save(commit=False)
    saved.team, saved.owner, saved.operation, saved.visibility = request.team, request.user, operation.id, visibility
    saved.save()
    SavedVersion.objects.create(request=saved, number=1, author=request.user, call=given["call"])
    return saved


def _facts(saved: SavedRequest) -> dict[str, Any]:
    return {
        "id": str(saved.pk),
        "name": saved.name,
        "folder": saved.folder,
        "operation": saved.operation,
        "version": saved.version,
        "url": reverse("saved_request", args=[saved.pk]),
    }


def _conflict(saved: SavedRequest, mine: str) -> dict[str, Any]:
    """What stands there now, and in what it differs from what was to be saved."""
    current = saved.current
    differing = compare(mine, current.call).rows
    return {
        **_facts(saved),
        "code": "changed_elsewhere",
        "call": current.call,
        "author": current.author.display_name if current.author else "",
        "at": current.at.isoformat(),
        "differing": [row.name for row in differing[:MOST_NAMED]],
        "rows": told_rows(compare(current.call, mine)),
    }


def told_rows(compared: Compared) -> list[dict[str, Any]]:
    """A difference for a page's script: the name, what stands there, what would."""
    return [
        {
            "name": row.name,
            "before": row.before and row.before[:MOST_LETTERS],
            "after": row.after and row.after[:MOST_LETTERS],
        }
        for row in compared.rows[:MOST_ROWS]
    ]


def _plain(note: str) -> str:
    return " ".join(note.encode("utf-8", "replace").decode().split())
