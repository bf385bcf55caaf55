"""People, teams, gateways and keys: who may, and with what money."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Hear of passwords that were changed."""
        from allauth.account.signals import password_changed, password_reset, password_set

        from accounts.sessions import end_stale

        for changed in (password_changed, password_set, password_reset):
            changed.connect(end_stale)
