"""The dialect switch: a chat request as another dialect spells it, with what could not be carried."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from playground import catalogue
from playground.calls import BadCall
from playground.calls.json_text import read_json
from playground.catalogue import Operation
from playground.turning import DIALECTS, Turned, folded, turn
from playground.views.samples import not_found

# The operation that a turned request opens: one that answers at once, and one that streams.
TARGETS = {
    "openai-chat": ("chat-basic", "chat-stream"),
    "openai-responses": ("gpt51-thinking", "gpt51-thinking"),
    "anthropic-messages": ("claude-chat", "claude-stream"),
    "gemini": ("gemini-chat", "gemini-stream"),
}
LONGEST_VALUE = 60
# Headers that only Anthropic's own path understands.
OWN_HEADERS = "anthropic-"


@require_POST
@member_required
def turned(request: HttpRequest, id: str) -> JsonResponse:
    """The request in the dialect `to`, as an operation and its call. Nothing is sent or kept."""
    operation = catalogue.find(id)
    if operation is None or operation.dialect not in DIALECTS:
        return not_found()
    try:
        given = json.loads(request.body)
        target, call, text = given["to"], given["call"], given["call"]["body_text"]
    except RequestDataTooBig:
        return _refused("too_large", _("This request is too large to be switched."), 413)
    except (ValueError, KeyError, TypeError, RecursionError):
        target, call, text = None, {}, None
    if target not in DIALECTS or target == operation.dialect or not isinstance(text, str) or not isinstance(call, dict):
        return _refused("bad_message", _("Name a chat dialect and send the body as body_text."), 400)
    try:
        body = read_json(text)
    except BadCall as wrong:
        return _refused(wrong.reason, wrong.told(_), 422)
    model = _part(call, "path").get("model", "")
    streams = given.get("stream") is True or "stream" in (operation.path or "")
    return JsonResponse(
        _told(operation, target, call, body, turn(operation.dialect, target, body, model=str(model), streams=streams))
    )


def _told(operation: Operation, target: str, call: Mapping[str, Any], body: Any, done: Turned) -> dict[str, Any]:
    streams = done.streams or done.body.get("stream") is True
    found = catalogue.find(TARGETS[target][streams])
    assert found is not None
    headers = _part(call, "headers")
    kept = {name: value for name, value in headers.items() if not name.lower().startswith(OWN_HEADERS)}
    strange = [
        {"pointer": name, "value": str(value)[:LONGEST_VALUE], "why": _no_place()}
        for name, value in headers.items()
        if name not in kept
    ]
    strange += [
        {"pointer": f"?{name}", "value": str(value)[:LONGEST_VALUE], "why": _no_place()}
        for name, value in _part(call, "query").items()
    ]
    path = (
        {"path": {"model": done.model or found.path_values.get("model", "")}, "stream": streams}
        if target == "gemini"
        else {}
    )
    return {
        "operation": found.id,
        "title": found.title["en" if get_language() == "en" else "zh"],
        "call": {
            "path": {},
            "query": {},
            "headers": kept,
            "body_text": json.dumps(done.body, ensure_ascii=False, indent=2),
            **path,
        },
        "carried": len(done.carried),
        "left": [
            {"pointer": one.pointer or "/", "value": _short(body, one.pointer), "why": one.told(_)}
            for one in folded(done.left, done.carried)
        ]
        + strange,
        "added": [
            {"pointer": one.pointer, "value": _short(done.body, one.pointer), "why": one.told(_)} for one in done.added
        ],
    }


def _no_place() -> str:
    return _("The other dialect has no place for it.")


def _part(call: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = call.get(name)
    return part if isinstance(part, dict) else {}


def _short(body: Any, pointer: str) -> str:
    """The beginning of the value at a pointer, as JSON."""
    for name in pointer.split("/")[1:]:
        key = name.replace("~1", "/").replace("~0", "~")
        try:
            body = body[int(key)] if isinstance(body, list) else body[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return ""
    text = json.dumps(body, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _refused(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
