"""The demo team that a fresh install starts with: three people to sign in as, and a key that works at once."""

import secrets
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.gateways import operators_gateway
from accounts.models import Gateway, Key, Membership, Role, Team, User

OWNER, MEMBER, STRANGER = "owner@example.com", "member@example.com", "stranger@example.com"
SANDBOX_SECRET = "sk-sandbox-demo"  # noqa: S105  any sk-… works at the sandbox
_NAMES = {OWNER: "Olivia Owner", MEMBER: "Max Member", STRANGER: "Sam Stranger"}
_TEAMS = {"Demo team": {OWNER: Role.OWNER, MEMBER: Role.MEMBER}, "Strangers": {STRANGER: Role.OWNER}}
_LOCK = 0x64656D6F  # any number that nobody else locks: two servers may start at once


def demo_wanted(settings: Any) -> bool:
    """Whether this install has a demo team: where the database is our own, or where it was asked for."""
    return bool(settings.DEMO)


@transaction.atomic
def make_demo(password: str | None = None) -> str | None:
    """Make the demo in an empty database and return its password. A demo made earlier follows the settings:
    its gateway and keys change with `GATEWAY_URL` and `GATEWAY_KEY`, a given password works again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if User.objects.filter(email=OWNER).exists():
        _follow(password)
        return None
    if User.objects.exists():
        return None
    return _make(password or secrets.token_urlsafe(9))


def _make(password: str) -> str:
    hashed, gateway = make_password(password), operators_gateway(settings)
    for name, people in _TEAMS.items():
        team = Team.objects.create(name=name)
        for email, role in people.items():
            Membership.objects.create(team=team, user=_person(email, hashed), role=role)
        _make_key(team, gateway)
    return password


def _person(email: str, hashed: str) -> User:
    person = User.objects.create(email=email, name=_NAMES[email], password=hashed)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _make_key(team: Team, gateway: Gateway) -> None:
    Key.objects.create(
        id=_key_id(team.name),
        team=team,
        owner=team.memberships.get(role=Role.OWNER).user,
        gateway=gateway,
        name="Demo key",
        secret=_secret(),
        shared_with=Key.Sharing.TEAM,
        is_default=True,
    )


def _follow(password: str | None) -> None:
    gateway = operators_gateway(settings)
    for key in Key.objects.filter(pk__in=[_key_id(name) for name in _TEAMS]):
        if key.gateway_id != gateway.pk or key.secret.reveal() != _secret():
            key.gateway, key.secret = gateway, _secret()
            key.save(update_fields=["gateway", "secret", "mask"])
    if password:
        _let_in(password)


def _let_in(password: str) -> None:
    # The three share one hash, so that a start checks it once: a check takes a third of a second.
    people = list(User.objects.filter(email__in=_NAMES))
    known = {person.password for person in people}
    if len(known) == 1 and people[0].check_password(password):
        return
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=make_password(password))


def _secret() -> str:
    return settings.GATEWAY_KEY or SANDBOX_SECRET


def _key_id(team: str) -> uuid.UUID:
    """The demo keys have known ids, by which they are found again, whatever they were renamed to."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/team-playground/demo/{team}")
