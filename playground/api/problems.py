"""What a program is told when something is not as it should be: a code, one sentence, and the field where there is one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError


class ProblemShape(Schema):
    """A refusal."""

    code: str
    message: str
    field: str = ""


class Problem(Exception):
    """A refusal: its HTTP status, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.field = status, code, field


def not_found(message: str) -> Problem:
    """What is missing and what belongs to others is answered alike."""
    return Problem(404, "not_found", message)


def refusals(*statuses: int) -> dict[int, type[Schema]]:
    """The refusals of an operation, for its description."""
    return dict.fromkeys((401, 403, 422, *statuses), ProblemShape)


def answer_with_sentences(api: NinjaAPI) -> None:
    """Let every refusal of `api` be of one shape."""

    @api.exception_handler(Problem)
    def told(request: HttpRequest, problem: Problem) -> HttpResponse:
        return _answer(api, request, problem)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        sentence = _("Send a valid personal token as “Authorization: Bearer …”. Make one on the page of your account.")
        answer = _answer(api, request, Problem(401, "unauthorized", sentence))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(ValidationError)
    def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return _answer(api, request, _misshapen(error.errors[0] if error.errors else {}))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, Problem):
            return _answer(api, request, error.__cause__)
        status = 422 if error.status_code == 400 else error.status_code
        return _answer(api, request, Problem(status, "bad_request", str(error)))


def _answer(api: NinjaAPI, request: HttpRequest, problem: Problem) -> HttpResponse:
    told = {"code": problem.code, "message": str(problem), "field": problem.field}
    return api.create_response(request, told, status=problem.status)


def _misshapen(error: Mapping[str, Any]) -> Problem:
    """The first thing wrong with a request, in a sentence that names the field."""
    place = [str(part) for part in error.get("loc", ())][1:]
    field = ".".join(part for part in place if part != "given")
    kind = str(error.get("type", ""))
    if kind == "missing":
        sentence = _("“%(field)s” is missing.")
    elif kind.startswith("uuid"):
        sentence = _("“%(field)s” must be a UUID.")
    elif kind in ("extra_forbidden",):
        sentence = _("There is no field “%(field)s”.")
    elif kind.startswith(("int", "greater", "less")):
        sentence = _("“%(field)s” is not a number that is allowed here.")
    else:
        sentence = _("“%(field)s” has the wrong type or a value that is not allowed.")
    return Problem(422, "bad_request", sentence % {"field": field[:80]}, field[:80])
