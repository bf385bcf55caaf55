"""Refusals of the real vendors, for requests that ask for them with `X-Sandbox-Strict: 1`."""

from typing import Any

from .reading import table, tables
from .refusals import Refused


def chat(body: dict[str, Any]) -> None:
    """Refuse what chat completions refuse."""


__all__ = ["Refused", "chat", "table", "tables"]
