"""The pages of runs that stand in a blind vote: closed to those who have yet to vote, every one of them at one door."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from playground.comparing.blind import hidden_from

# The voter's own page shows the pictures of an answer.
OPEN = ("run_picture",)


class BlindVotesMiddleware:
    """Sends whoever opens such a run to the vote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Nothing for a page that is no run's, and for a run that is not hidden."""
        asked, membership = request.resolver_match, request.membership  # type: ignore[attr-defined]
        if not asked or not asked.route.startswith("runs/<uuid:") or asked.url_name in OPEN or membership is None:
            return None
        vote = hidden_from(membership).votes.get(kwargs["uuid"])
        if vote is None:
            return None
        why = _("This run stands in a blind vote. Vote first; then it is shown.")
        if request.path.endswith(".json"):
            return JsonResponse({"code": "blind_vote", "message": why}, status=403)
        messages.info(request, why)
        return redirect("comparison", id=vote)
