"""What becomes due with keys: secrets kept for a while are erased."""

from accounts.models import Key


def forget_former_secrets() -> int:
    """Erase former secrets whose time is over; how many."""
    stale = list(Key.objects.with_stale_secrets())
    for key in stale:
        key.forget_former_secret()
    return len(stale)
