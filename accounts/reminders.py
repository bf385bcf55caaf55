"""What becomes due with keys: their holders are told before they expire, secrets kept for a while are erased."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Key, Role, User


def remind_of_expiry() -> int:
    """Mail the holders of keys that expire soon; how many keys those were. Each is told of once, by one process."""
    count = 0
    for key in Key.objects.to_remind().select_related("owner", "team"):
        if Key.objects.filter(pk=key.pk, reminded_at=None).update(reminded_at=timezone.now()):
            count += 1
            for person in _responsible(key):
                _mail(key, person)
    return count


def forget_former_secrets() -> int:
    """Erase former secrets whose time is over; how many."""
    stale = list(Key.objects.with_stale_secrets())
    for key in stale:
        key.forget_former_secret()
    return len(stale)


def _responsible(key: Key) -> list[User]:
    """Its holder, or the admins of its team once the holder has left."""
    if key.owner:
        return [key.owner]
    governing = key.team.memberships.filter(role__in=(Role.OWNER, Role.ADMIN), user__is_active=True)
    return [membership.user for membership in governing.select_related("user")]


def _mail(key: Key, person: User) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context: dict[str, Any] = {"key": key, "person": person, "day": f"{key.expires_at:%Y-%m-%d}"}
        subject = render_to_string("keys/email/expires_subject.txt", context).strip()
        send_mail(subject, render_to_string("keys/email/expires_message.txt", context), None, [person.email])
