"""Every page on one screen."""

from django.urls import include, path
from django.views.i18n import set_language

from playground.views import health, texts

urlpatterns = [
    path("healthz", health.healthz),
    path("texts.js", texts.texts, name="texts"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]
