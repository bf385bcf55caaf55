"""People, teams, gateways and keys: who may, and with what money."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Hear of people who come and go, and of passwords that were changed."""
        from allauth.account.signals import password_changed, password_reset, password_set
        from django.contrib.auth.signals import user_logged_in

        from accounts import door_log, session_ends
        from accounts.sessions import end_stale

        user_logged_in.connect(session_ends.begin)
        door_log.listen()
        for changed in (password_changed, password_set, password_reset):
            changed.connect(end_stale)
