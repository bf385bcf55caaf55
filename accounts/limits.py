"""How much one person may ask of the site."""

import hashlib
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import ngettext

from accounts.requests import address_of

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60


class RequestsMiddleware:
    """Answers 429 to whoever asks for more than `REQUESTS_PER_MINUTE`: one person, one program, else one network address.

    A token that is refused counts for the address it came from, so that another made-up one is no new start.
    Counted in the cache, so for all server processes together where there is Redis. A cache that is away or hangs stops nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        left = _seconds_to_wait(_name(request))
        if left is not None:
            return _refusal(request, left)
        response = self.get_response(request)
        if response.status_code == 401 and _token(request):
            left = _seconds_to_wait(_address(request))
        return response if left is None else _refusal(request, left)


def _seconds_to_wait(name: str) -> int | None:
    now = int(time.time())
    count = _counted(name, now // WINDOW_SECONDS)
    return WINDOW_SECONDS - now % WINDOW_SECONDS if count > settings.REQUESTS_PER_MINUTE else None


def _name(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    token = _token(request)
    return f"token:{hashlib.sha256(token.encode()).hexdigest()}" if token else _address(request)


def _token(request: HttpRequest) -> str:
    """What a program shows at the one place where it is looked at."""
    return request.headers.get("authorization", "") if request.path.startswith("/api/") else ""


def _address(request: HttpRequest) -> str:
    return f"address:{address_of(request)}"


def _counted(name: str, window: int) -> int:
    key = f"requests:{window}:{name}"
    try:
        if cache.add(key, 1, 2 * WINDOW_SECONDS):
            return 1
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
    except Exception as error:  # the libraries behind a cache have no error in common
        logger.warning("requests are not counted: %s", type(error).__name__)
        return 1


def _refusal(request: HttpRequest, seconds: int) -> HttpResponse:
    sentence = ngettext(
        "More than %(count)s requests in one minute. Go on in %(seconds)s second.",
        "More than %(count)s requests in one minute. Go on in %(seconds)s seconds.",
        seconds,
    ) % {"count": settings.REQUESTS_PER_MINUTE, "seconds": seconds}
    headers = {"Retry-After": str(seconds)}
    if request.path.startswith("/api/") or "json" in request.headers.get("accept", ""):
        told = {"code": "too_many", "message": sentence, "field": ""}
        return JsonResponse(told, status=429, headers=headers)
    return HttpResponse(sentence, status=429, headers=headers, content_type="text/plain; charset=utf-8")
