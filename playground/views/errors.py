"""The page for what went wrong on our side. It asks the database nothing, for that may be what is missing."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from playground.runs.away import is_away, told

AGAIN_SECONDS = "5"


def went_wrong(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, for pages and for programs; all else is a mistake of ours."""
    error = sys.exc_info()[1]
    if not is_away(error):
        return server_error(request)
    code, sentence = told(error)
    response = _for_programs(code, sentence) if _is_asked_by_program(request) else _for_people(request, sentence)
    response["Retry-After"] = AGAIN_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def _is_asked_by_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or not request.accepts("text/html") or request.path.endswith(".json")


def _for_programs(code: str, sentence: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": sentence, "field": ""}, status=503)


def _for_people(request: HttpRequest, sentence: str) -> HttpResponse:
    facts = {
        "language": get_language(),
        "sentence": sentence,
        "again": request.get_full_path() if request.method == "GET" else "/",
        "title": _("This page cannot be shown now"),
    }
    return HttpResponse(loader.get_template("away.html").render(facts), status=503)
