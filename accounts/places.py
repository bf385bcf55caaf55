"""Where people stand who come by sockets: their person, their session, the team they work in. Two questions for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from accounts.access import chosen_membership
from accounts.kept_sessions import SessionStore
from accounts.models import Membership

Place = tuple[int, str, int]  # user, session key, team


def places_of(session_keys: Iterable[str]) -> dict[str, Place]:
    """The places these sessions stand for, without those that have ended or whose person has no team to work in.

    It asks what Django's own `get_user` asks: the backend is ours, the person active, the password the same as at sign-in.
    """
    sessions = _sessions(session_keys)
    memberships = _memberships(int(session[SESSION_KEY]) for session in sessions.values())
    places = {key: _place(key, session, memberships[int(session[SESSION_KEY])]) for key, session in sessions.items()}
    return {key: place for key, place in places.items() if place}


def _sessions(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the living sessions of these keys hold."""
    # A key is what a cookie says: what could be no key would spoil the question for all others.
    asked = [key for key in keys if key.isascii() and key.isalnum()]
    rows = Session.objects.filter(session_key__in=asked, expire_date__gt=Now()) if asked else ()
    told = {row.session_key: SessionStore().decode(row.session_data) for row in rows}
    return {
        key: data for key, data in told.items() if data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    }


def _memberships(people: Iterable[int]) -> Mapping[int, list[Membership]]:
    """Of each person, by their id, the memberships from the oldest on."""
    found: defaultdict[int, list[Membership]] = defaultdict(list)
    if asked := set(people):
        own = Membership.objects.filter(user__in=asked, user__is_active=True).marked_locked()
        for membership in own.select_related("team", "user").order_by("joined", "id"):
            found[membership.user_id].append(membership)
    return found


def _place(key: str, session: Mapping[str, Any], memberships: list[Membership]) -> Place | None:
    membership = chosen_membership(memberships, session)
    if membership is None or membership.is_locked:
        return None
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), membership.user.get_session_auth_hash()):
        return None
    return membership.user_id, key, membership.team_id
