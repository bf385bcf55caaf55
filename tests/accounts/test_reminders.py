"""Secrets kept for a while are erased in time."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Key
from accounts.reminders import forget_former_secrets


def test_a_former_secret_is_erased_when_its_time_is_over(make_key: Any) -> None:
    kept, over = make_key(name="kept"), make_key(name="over")
    for key in (kept, over):
        key.replace_secret("sk-second-0123456789", timedelta(days=1))
    Key.objects.filter(pk=over.pk).update(former_until=timezone.now())

    assert forget_former_secrets() == 1

    assert Key.objects.get(pk=kept.pk).former_secret.reveal() == "sk-1234567890abcdef"
    assert (Key.objects.get(pk=over.pk).former_secret, Key.objects.get(pk=over.pk).former_mask) == (None, "")
