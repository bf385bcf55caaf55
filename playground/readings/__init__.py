"""The story of refreshing balances: the gateway is asked, what it tells is kept, and how each key stands is known.

standing = await balance_of(key, newer_than_seconds=2)
"""

from playground.readings.keeping import pause_of
from playground.readings.refreshing import balance_of, read_due, read_keys, refresh
from playground.readings.states import KeyState, ends_at, state_of

__all__ = ["KeyState", "balance_of", "ends_at", "pause_of", "read_due", "read_keys", "refresh", "state_of"]
