"""Sessions in the database, as Django keeps them; every request reads one, so its SQL is worked out once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from accounts.prepared import Prepared
from accounts.session_ends import ends_at


class SessionStore(db.SessionStore):
    """Django's own store, but the row says when the session is really over; pages and sockets both go by it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        end = ends_at(data, closes_with_browser=self.get_expire_at_browser_close())
        row.expire_date = min(row.expire_date, end) if end else row.expire_date
        return row

    def _get_session_from_db(self) -> Session | None:
        for session in _LIVE(key=self._session_key) if self._session_key else ():
            return session
        self._session_key = None
        return None


_LIVE = Prepared(lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()), key=str)
