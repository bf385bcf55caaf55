"""Several people at once, each in a browser of their own."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.conftest import Site


def page_of(browser: Browser, site: Site, email: str = "") -> Page:
    """A page in a context of its own, in English; signed in as `email`, if one is given."""
    context = browser.new_context(base_url=site.url, locale="en-US")
    cookies = {settings.LANGUAGE_COOKIE_NAME: "en"}
    if email:
        client = Client()
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
    return context.new_page()
