"""Every kind of person there is, and the browser of each."""

from django.test import Client

from accounts.demo import MEMBER, OWNER, STRANGER
from accounts.models import (
    User,
)

EVERYBODY = ("signed out", "removed", "stranger", "viewer", "member", "admin", "owner")
OUTSIDERS = EVERYBODY[:3]
TEAM = EVERYBODY[3:]
WRITERS = ("member", "admin", "owner")
ADMINS = ("admin", "owner")
EMAILS = {
    "removed": "removed@example.com",
    "stranger": STRANGER,
    "viewer": "viewer@example.com",
    "member": MEMBER,
    "admin": "admin@example.com",
    "owner": OWNER,
}


def browser(who: str) -> Client:
    """The browser of that kind of person."""
    client = Client(headers={"accept-language": "en"})
    if who in EMAILS:
        person = User.objects.get(email=EMAILS[who])
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
