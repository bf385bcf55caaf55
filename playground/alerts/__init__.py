"""Alerts: when a key's balance runs low, when it burns more than usual, expires soon or is refused, people are told once.

Whoever keeps a reading calls `look(key, Seen(…))`; the clock calls `look_at_expiry()`.
"""

from playground.alerts.crossings import Seen
from playground.alerts.telling import expires_of, look, look_at_expiry

__all__ = ["Seen", "expires_of", "look", "look_at_expiry"]
