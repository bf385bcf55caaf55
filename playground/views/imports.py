"""Requests from elsewhere become a filled form, and a filled form becomes a file for elsewhere."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from playground import catalogue, exchange, samples
from playground.exchange import BadImport, Imported
from playground.views.samples import NotSaid, asked, not_found

FILES = {
    "curl": ("call.sh", "text/plain"),
    "har": ("call.har", "application/json"),
    "postman": ("call.json", "application/json"),
}


@require_POST
@member_required
@sensitive_variables("text")
def read(request: HttpRequest) -> JsonResponse:
    """What was pasted or dropped, as an operation and its call. A key in it is told by its mask and goes no further."""
    try:
        given = json.loads(request.body)
        text, hint = given["text"], str(given.get("operation", ""))
    except RequestDataTooBig:
        return JsonResponse({"code": "too_large", "message": _("This file is too large to import.")}, status=413)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        text, hint = None, ""
    if not isinstance(text, str):
        return JsonResponse({"code": "bad_message", "message": _("Send what was pasted as text.")}, status=400)
    try:
        return JsonResponse(_told(exchange.imported(exchange.read(text), hint)))
    except BadImport as refusal:
        return JsonResponse({"code": refusal.reason, "message": refusal.told(_)}, status=422)


@require_POST
@member_required
def export(request: HttpRequest, id: str, kind: str) -> HttpResponse:
    """The request as a file: a curl command, HAR 1.2 or a Postman collection 2.1."""
    operation = catalogue.find(id)
    if operation is None or operation.kind != "operation" or kind not in FILES:
        return not_found()
    try:
        call, base = asked(request, operation)
    except NotSaid as refusal:
        return refusal.response
    described = samples.request_of(call, base, samples.KEY_VARIABLE)
    title = operation.title["en" if get_language() == "en" else "zh"]
    texts = {
        "curl": lambda: samples.sample(call, "shell", base_url=base),
        "har": lambda: exchange.as_har(described, timezone.now().isoformat()),
        "postman": lambda: exchange.as_postman(described, title),
    }
    name, content_type = FILES[kind]
    response = HttpResponse(texts[kind](), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _told(found: Imported) -> dict[str, object]:
    return {
        "operation": found.operation.id,
        "title": found.operation.title["en" if get_language() == "en" else "zh"],
        "call": found.call,
        "left_out": [{"what": entry.what, "reason": entry.reason, "why": entry.told(_)} for entry in found.left_out],
        "key_found": bool(found.key_mask),
        "key_mask": found.key_mask,
    }
