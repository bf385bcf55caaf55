"""The request as it stands now, written in the languages people program in."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import default_key
from accounts.doors import member_required
from accounts.models import Key
from playground import catalogue
from playground import samples as writing
from playground.calls import BadCall, Call
from playground.catalogue import Operation
from playground.samples.unsent import unsent
from playground.views.workbench import base_url


class NotSaid(Exception):
    """What was asked cannot be answered; it carries the answer to give."""

    def __init__(self, code: str, message: str, status: int) -> None:
        self.response = JsonResponse({"code": code, "message": message}, status=status)
        super().__init__(message)


@require_safe
@member_required
def languages(request: HttpRequest, id: str) -> HttpResponse:
    """What an operation can be written in."""
    operation = catalogue.find(id)
    if operation is None or operation.kind != "operation":
        return not_found()
    offered = [
        {"id": each.id, "name": each.name, "by": each.by, "file": each.file} for each in writing.languages(operation)
    ]
    return JsonResponse({"languages": offered, "key_variable": writing.KEY_VARIABLE})


@require_POST
@member_required
def sample(request: HttpRequest, id: str, language: str) -> HttpResponse:
    """The call in one language, as plain text."""
    operation = catalogue.find(id)
    if (
        operation is None
        or operation.kind != "operation"
        or language not in {each.id for each in writing.languages(operation)}
    ):
        return not_found()
    try:
        call, base = asked(request, operation)
        text = writing.sample(call, language, base_url=base)
    except NotSaid as refusal:
        return refusal.response
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def asked(request: HttpRequest, operation: Operation) -> tuple[Call, str]:
    """The call that a page describes with the fields of `start`, and where it would go. Raises NotSaid."""
    given = _body(request)
    stream = given.get("stream")
    try:
        call = unsent(operation, given["call"], stream if isinstance(stream, bool) else None)
    except BadCall as wrong:
        raise NotSaid(wrong.reason, wrong.told(_), 400) from None
    return call, _base_of(request, operation, given.get("key"), call.model)


def not_found() -> JsonResponse:
    return JsonResponse({"code": "not_found", "message": _("There is no such operation or language.")}, status=404)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("call"), dict):
        raise NotSaid("bad_message", _("Send the request as call."), 400)
    return given


def _base_of(request: HttpRequest, operation: Operation, key: Any, model: str) -> str:
    """The address of the chosen key's gateway; without a key the sandbox's."""
    usable = Key.objects.usable_by(request.user, request.team).select_related("gateway")  # type: ignore[attr-defined, arg-type]
    chosen = next((each for each in usable if str(each.pk) == key), None)
    chosen = chosen or default_key(request.user, request.team, operation.id, model)  # type: ignore[attr-defined, arg-type]
    return base_url(request, chosen.gateway) if chosen else request.build_absolute_uri("/sandbox")
