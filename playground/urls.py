"""Every page on one screen."""

from django.urls import include, path

from playground.views import health

urlpatterns = [
    path("healthz", health.healthz),
    path("accounts/", include("allauth.urls")),
]
