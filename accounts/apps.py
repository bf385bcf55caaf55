"""People, teams, gateways and keys: who may, and with what money."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
