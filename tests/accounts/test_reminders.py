"""Holders are told once before a key expires; secrets kept for a while are erased in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Key, User
from accounts.reminders import forget_former_secrets, remind_of_expiry


@pytest.mark.parametrize(
    ("expires_in", "remind", "told"), [(6, 7, 1), (8, 7, 0), (6, None, 0), (-1, 7, 0), (None, 7, 0), (29, 30, 1)]
)
def test_the_holder_is_told_within_the_days_they_chose_and_only_once(
    make_key: Any, owner: User, expires_in: int | None, remind: int | None, told: int
) -> None:
    expires = timezone.now() + timedelta(days=expires_in) if expires_in is not None else None
    make_key(name="Night", expires_at=expires, remind_days=remind)

    assert [remind_of_expiry(), remind_of_expiry()] == [told, 0]

    assert [message.to for message in mail.outbox] == [[owner.email]] * told
    assert all("Night" in message.subject and "sk-…cdef" in message.body for message in mail.outbox)


def test_a_key_without_a_holder_is_told_of_to_the_admins(make_key: Any, owner: User, member: User) -> None:
    make_key(owner=None, expires_at=timezone.now() + timedelta(days=1))

    remind_of_expiry()

    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_a_former_secret_is_erased_when_its_time_is_over(make_key: Any) -> None:
    kept, over = make_key(name="kept"), make_key(name="over")
    for key in (kept, over):
        key.replace_secret("sk-second-0123456789", timedelta(days=1))
    Key.objects.filter(pk=over.pk).update(former_until=timezone.now())

    assert forget_former_secrets() == 1

    assert Key.objects.get(pk=kept.pk).former_secret.reveal() == "sk-1234567890abcdef"
    assert (Key.objects.get(pk=over.pk).former_secret, Key.objects.get(pk=over.pk).former_mask) == (None, "")
