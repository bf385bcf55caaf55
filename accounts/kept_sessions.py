"""Sessions in the database, as Django keeps them; every request reads one, so its SQL is worked out once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from accounts.prepared import Prepared


class SessionStore(db.SessionStore):
    """Django's own store."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        for session in _LIVE(key=self._session_key) if self._session_key else ():
            return session
        self._session_key = None
        return None


_LIVE = Prepared(lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()), key=str)
