"""Sessions end by themselves: a while after the last deed, and in any case after thirty days."""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

BEGAN, SEEN = "began", "seen"
# How often within the time of idleness a deed is noted: each note is a write.
NOTES = 20


def ends_at(data: dict[str, Any], *, closes_with_browser: bool) -> datetime | None:
    """When the session of which these are the data is over; None before anybody has signed in."""
    if BEGAN not in data:
        return None
    end = data[BEGAN] + settings.SESSION_COOKIE_AGE
    if closes_with_browser and settings.SESSION_IDLE_HOURS:
        end = min(end, data[SEEN] + settings.SESSION_IDLE_HOURS * 3600)
    return datetime.fromtimestamp(end, UTC)


def begin(request: HttpRequest, **more: Any) -> None:
    """Remember when somebody signed in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def note(request: HttpRequest) -> None:
    """Somebody did something: their session ends that much later. What a page asks by itself is no deed."""
    session = request.session
    if SEEN not in session or not settings.SESSION_IDLE_HOURS or not _is_deed(request):
        return
    if time.time() - session[SEEN] > settings.SESSION_IDLE_HOURS * 3600 / NOTES:
        session[SEEN] = int(time.time())


def _is_deed(request: HttpRequest) -> bool:
    return request.method not in ("GET", "HEAD") or request.headers.get("sec-fetch-mode", "navigate") == "navigate"
