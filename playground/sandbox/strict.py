"""Refusals of the real vendors, for requests that ask for them with `X-Sandbox-Strict: 1`."""

from typing import Any

from .refusals import Refused


def chat(body: dict[str, Any]) -> None:
    """Refuse what chat completions refuse."""


def responses(body: dict[str, Any]) -> None:
    """Refuse what the responses API refuses."""


def messages(body: dict[str, Any]) -> None:
    """Refuse what the messages API refuses."""


def gemini(body: dict[str, Any]) -> None:
    """Refuse what generateContent refuses."""


__all__ = ["Refused"]
