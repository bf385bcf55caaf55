"""The pages for what is not there and for what went wrong on our side. They ask the database nothing: it may be what is missing."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from playground.runs.away import is_away, told

AGAIN_SECONDS = "5"


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what never was, what is gone, and what others keep are told in the same words."""
    sentence = _(
        "It was deleted, its team no longer keeps it, or it was never yours to see. Or the address has a slip in it."
    )
    if _is_asked_by_program(request):
        return _for_programs("not_found", sentence, 404)
    return _page(404, title=_("Nothing is here"), sentence=sentence, address="/history/", way=_("Open the history"))


def went_wrong(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, for pages and for programs; all else is a mistake of ours."""
    error = sys.exc_info()[1]
    if not is_away(error):
        return server_error(request)
    code, sentence = told(error)
    response = _for_programs(code, sentence, 503) if _is_asked_by_program(request) else _for_people(request, sentence)
    response["Retry-After"] = AGAIN_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def _is_asked_by_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or not request.accepts("text/html") or request.path.endswith(".json")


def _for_programs(code: str, sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "message": sentence, "field": ""}, status=status)


def _for_people(request: HttpRequest, sentence: str) -> HttpResponse:
    return _page(
        503,
        title=_("This page cannot be shown now"),
        sentence=sentence,
        more=_("The fault is on our side. Runs go on meanwhile, and what they say is kept."),
        address=request.get_full_path() if request.method == "GET" else "/",
        way=_("Try again"),
    )


def _page(status: int, **told: str) -> HttpResponse:
    page = loader.get_template("away.html").render({"language": get_language(), **told})
    return HttpResponse(page, status=status)
