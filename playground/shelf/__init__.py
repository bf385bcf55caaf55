"""The story of a key's shelf: what its gateway offers is asked for, kept, and what is new or gone is noticed."""

from playground.shelf.refreshing import read_due, read_shelf

__all__ = ["read_due", "read_shelf"]
