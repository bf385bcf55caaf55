"""Where somebody stands who comes by a socket: their person, their session, the team they work in, by two questions."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from accounts.access import chosen_membership
from accounts.kept_sessions import SessionStore
from accounts.models import Membership

Place = tuple[int, str, int]  # user, session key, team


def place_of(session_key: str | None) -> Place | None:
    """The place a session stands for; None when it has ended, or its person has no team to work in.

    It asks what Django's own `get_user` asks: the backend is ours, the person active, the password the same as at sign-in.
    """
    session = SessionStore(session_key)
    if session_key is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    own = Membership.objects.filter(user=session[SESSION_KEY], user__is_active=True)
    memberships = list(own.marked_locked().select_related("team", "user").order_by("joined", "id"))
    membership = chosen_membership(memberships, session)
    if membership is None or membership.is_locked:
        return None
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), membership.user.get_session_auth_hash()):
        return None
    return membership.user_id, session_key, membership.team_id
