"""Keys that arrive as search words all the same, past the browser's own refusal: not searched, not shown, not kept."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from playground.search.pasted import holds_secret

# The fields of pages that people write words into; they stand in addresses.
WORDS = ("q", "tag")


class PastedKeysMiddleware:
    """Sends an address whose search words look like a key away to the same one without them, before any view sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.path.startswith(("/api/", "/sandbox/")):
            return self.get_response(request)
        bad = [name for name in WORDS if any(map(holds_secret, request.GET.getlist(name)))]
        if not bad:
            return self.get_response(request)
        messages.error(request, _("That looks like a key, so it was not searched for. It was not kept either."))
        return _away(request, bad)


def _away(request: HttpRequest, bad: list[str]) -> HttpResponse:
    rest = request.GET.copy()
    for name in bad:
        del rest[name]
    # Two slashes at the beginning would name another host.
    path = escape_leading_slashes(request.path)
    address = f"{path}?{rest.urlencode()}" if rest else path
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address, "HX-Push-Url": "false"})
    return redirect(address)
