"""Drafts by JSON: what a person has written of a request, kept across refresh, sign-out and machines."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from playground import catalogue
from playground.models import Draft


@require_http_methods(["GET", "PUT", "POST", "DELETE"])
def draft(request: HttpRequest, operation: str) -> HttpResponse:
    """The draft of one operation: read it, save it over the version it was made from, or let it go.

    POST saves as PUT does, for a page that is being left and may only send a beacon.
    """
    if not request.user.is_authenticated or request.team is None:  # type: ignore[attr-defined]
        return JsonResponse({"code": "signed_out", "message": _("Sign in again to keep this draft.")}, status=401)
    if catalogue.find(operation) is None:
        return JsonResponse({"code": "not_found", "message": _("There is no such operation.")}, status=404)
    kept = Draft.objects.visible_to(request.user).filter(team=request.team, operation=operation)  # type: ignore[attr-defined]
    if request.method == "GET":
        return _told(kept.first())
    if request.method == "DELETE":
        kept.delete()
        return HttpResponse(status=204)
    return _save(request, operation, kept.first())


def _save(request: HttpRequest, operation: str, kept: Draft | None) -> HttpResponse:
    try:
        given = json.loads(request.body)
        version, call = given["version"], given["call"]
    except RequestDataTooBig:
        return JsonResponse({"code": "too_large", "message": _("This draft is too large to keep.")}, status=413)
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused()
    if type(version) is not int or not _can_be_kept(call):
        return _refused()
    if kept is None:
        return _begin(request, operation, call)
    if kept.call == call or kept.save_over(version, call):
        return JsonResponse({"version": kept.version, "updated": kept.updated.isoformat()})
    kept.refresh_from_db()
    return JsonResponse({"code": "changed_elsewhere", **_facts(kept)}, status=409)


def _begin(request: HttpRequest, operation: str, call: str) -> HttpResponse:
    try:
        with transaction.atomic():
            new = Draft.objects.create(user=request.user, team=request.team, operation=operation, call=call)  # type: ignore[attr-defined,misc]
    except IntegrityError:
        other = Draft.objects.get(user=request.user, team=request.team, operation=operation)  # type: ignore[attr-defined,misc]
        return JsonResponse({"code": "changed_elsewhere", **_facts(other)}, status=409)
    return JsonResponse({"version": new.version, "updated": new.updated.isoformat()}, status=201)


def _can_be_kept(call: Any) -> bool:
    """Whether Postgres can hold the text: pages write NUL and lone surrogates as JSON escapes."""
    if not isinstance(call, str) or "\x00" in call:
        return False
    try:
        call.encode()
    except UnicodeEncodeError:
        return False
    return True


def _told(kept: Draft | None) -> HttpResponse:
    response = JsonResponse(_facts(kept) if kept else {"version": 0, "call": None, "updated": None})
    response["Cache-Control"] = "no-store"
    return response


def _facts(kept: Draft) -> dict[str, Any]:
    return {"version": kept.version, "call": kept.call, "updated": kept.updated.isoformat()}


def _refused() -> HttpResponse:
    return JsonResponse({"code": "bad_draft", "message": _("A draft has a version and a call.")}, status=400)
