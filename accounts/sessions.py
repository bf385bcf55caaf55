"""Sessions end when what opened them changes."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User


def end_stale(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    """After another password: sessions of the one before are deleted, so that the sockets they opened close too.

    Pages notice by themselves, because a session holds a hash of the password; a socket only asks whether it still exists.
    """
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key or ""):
        session.purge()
