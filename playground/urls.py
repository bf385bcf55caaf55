"""Every page on one screen."""

from django.urls import include, path
from django.views.i18n import set_language

from playground.views import health, operations, texts

urlpatterns = [
    path("healthz", health.healthz),
    path("operations.json", operations.tree, name="operations"),
    path("operations/<str:id>.json", operations.operation, name="operation"),
    path("operations/<str:id>/problems", operations.body_problems, name="operation_problems"),
    path("texts.js", texts.texts, name="texts"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]
