"""What happens at the door stands in the log: who came in and by what, who was refused and why, what guards an account changed.

Names of people are no part of it: a person is a number, which the team's audit and the database resolve; what was typed for
an address by mistake may be a password, so it is not repeated.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from accounts.models import User
from accounts.requests import address_of

logger = logging.getLogger(__name__)


def listen() -> None:
    """Write from now on. Called once, when the site starts."""
    account.user_logged_in.connect(_came_in)
    user_logged_out.connect(_left)
    factors.authentication_failed.connect(_wrong_factor)
    for signal, what in _CHANGES.items():
        signal.connect(_Change(what), weak=False)


def refused(request: HttpRequest, email: str, why: str) -> None:
    """Somebody was not let in."""
    person = User.objects.filter(email=email.strip().lower()).first() if email else None
    _write("sign-in refused", request, person, f", {why}", grave=True)


def _came_in(request: HttpRequest, user: User, **more: Any) -> None:
    by = [record.get("type") or record.get("method", "") for record in get_authentication_records(request, user)]
    _write("signed in", request, user, f", by {' and '.join(by) or 'a link'}")


def _left(request: HttpRequest, user: User | None, **more: Any) -> None:
    if user:
        _write("signed out", request, user)


def _wrong_factor(
    request: HttpRequest, user: User, authenticator: Any, reauthentication: bool = False, **more: Any
) -> None:
    what = "asked again" if reauthentication else "sign-in refused"
    _write(what, request, user, f", wrong {authenticator.type}", grave=True)


class _Change:
    """Writes that something which guards an account is another now."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __call__(self, request: HttpRequest, user: User, **more: Any) -> None:
        factor = more.get("authenticator")
        _write(self.what, request, user, f", {factor.type}" if factor else "")


_CHANGES = {
    account.password_changed: "password changed",
    account.password_set: "password set",
    account.password_reset: "password reset by mail",
    account.email_changed: "address changed",
    factors.authenticator_added: "factor added",
    factors.authenticator_removed: "factor removed",
    factors.authenticator_reset: "factor made anew",
}


def _write(what: str, request: HttpRequest, person: User | None, more: str = "", grave: bool = False) -> None:
    who = f"person {person.pk}" if person else "nobody known"
    logger.log(logging.WARNING if grave else logging.INFO, "%s: %s from %s%s", what, who, address_of(request), more)
