"""The one app of the project."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "playground"
