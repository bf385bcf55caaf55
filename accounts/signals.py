"""What other rooms may want to hear from accounts."""

from django.dispatch import Signal

# Somebody's right in a team became less or ended: sent with `team` and `user`, after the change is stored.
# What it had opened closes: sockets, downloads, shares to that person.
rights_changed = Signal()
