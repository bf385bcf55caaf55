"""Sessions in the database, which end by themselves: a while after the last deed, and in any case after thirty days."""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.http import HttpRequest

BEGAN, SEEN = "began", "seen"
# How often within the time of idleness a deed is noted: each note is a write.
NOTES = 20


class SessionStore(db.SessionStore):
    """Django's, but the row says when the session is really over; pages and sockets both go by it."""

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        if BEGAN in data:
            row.expire_date = min(
                row.expire_date, _ends_at(data, closes_with_browser=self.get_expire_at_browser_close())
            )
        return row

    @classmethod
    def get_model_class(cls) -> Any:
        """The table that Django's own has."""
        return db.SessionStore.get_model_class()


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


def _ends_at(data: dict[str, Any], *, closes_with_browser: bool) -> datetime:
    end = data[BEGAN] + settings.SESSION_COOKIE_AGE
    if closes_with_browser and settings.SESSION_IDLE_HOURS:
        end = min(end, data[SEEN] + settings.SESSION_IDLE_HOURS * 3600)
    return datetime.fromtimestamp(end, UTC)
