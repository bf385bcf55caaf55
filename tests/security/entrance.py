"""Coming in as anybody does: the addresses of the doors, and a browser without a session."""

from typing import Any

from django.test import Client

from accounts.demo import OWNER
from tests.people import PASSWORD

LOGIN, RESET, SIGN_UP = "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"
NOBODY = "nobody@example.com"


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def sign_in(client: Client, email: str = OWNER, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})
