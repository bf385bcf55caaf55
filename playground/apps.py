"""The one app of the project."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class PlaygroundConfig(AppConfig):
    name = "playground"

    def ready(self) -> None:
        """Let migrations take the time they need."""
        pre_migrate.connect(_without_limit, sender=self)
        post_migrate.connect(_with_limit, sender=self)


def _without_limit(using: str, **more: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")


def _with_limit(using: str, **more: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")
