"""Bodies as programs send them, read as strictly as those of the page."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from playground.api.problems import Problem
from playground.calls import BadCall
from playground.calls.json_text import read_json

LARGEST = 33 * 2**20


class StrictBodies(Parser):
    """Reads JSON with the reader of calls: no duplicate names, no halves of characters, limits of depth and size."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body's object. Raises Problem."""
        try:
            value = read_json(request.body.decode("utf-8"), LARGEST)
        except UnicodeDecodeError:
            raise Problem(422, "bad_request", _("The body is not UTF-8.")) from None
        except BadCall as error:
            raise Problem(422, "bad_request", error.told(_)) from error
        if not isinstance(value, dict):
            raise Problem(422, "bad_request", _("The body must be a JSON object."))
        return cast("dict[str, Any]", value)
