"""Who may come in at all: decorators for views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

View = Callable[..., HttpResponseBase]


def member_required(view: View) -> View:
    """Only for people signed in who work in a team: others sign in first, make a team, or set up a second factor."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        if request.locked_membership:  # type: ignore[attr-defined]
            return render(request, "team/locked.html", status=403)
        if request.team is None:  # type: ignore[attr-defined]
            return redirect("team_new")
        return view(request, *args, **kwargs)

    return guarded


def sign_in_required(view: View) -> View:
    """Only for people signed in, with or without a team."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_login(request)

    return guarded


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page cannot show the sign-in page: let the whole page go there.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    # What was posted is gone by then, so people come back to where they posted from.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
