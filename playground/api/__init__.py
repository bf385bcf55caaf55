"""The JSON API: keys and balances to read, runs to start and follow, for programs that hold a personal token.

Described at `/api/openapi.json`; a page for people is at `/api/`.
"""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from playground.api import keys, problems, runs, saved
from playground.api.bodies import StrictBodies

api = NinjaAPI(
    title="Team Playground",
    version="1",
    description="Send a personal token as `Authorization: Bearer tp_…`. Lists are `{items, next}`; pass `next` as `after`.",
    urls_namespace="api",
    docs_url=None,
    parser=StrictBodies(),
)
api.add_router("/keys", keys.router)
api.add_router("/runs", runs.router)
api.add_router("/saved", saved.router)
problems.answer_with_sentences(api)


@csrf_exempt
def nothing(request: HttpRequest) -> JsonResponse:
    """What stands at any other address below `/api/`."""
    told = {"code": "not_found", "message": _("There is nothing at this address."), "field": ""}
    return JsonResponse(told, status=404)
