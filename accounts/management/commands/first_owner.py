"""`manage.py first_owner EMAIL`: the first person of an install without a demo team."""

import secrets
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.gateways import operators_gateway
from accounts.models import Membership, Role, Team, User


class Command(BaseCommand):
    help = "Makes a person who owns a new team, and prints a password for them once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--team", default="Team", help="the name of the new team")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        email = _checked(options["email"])
        password = secrets.token_urlsafe(12)
        owner = User.objects.create_user(email, password)
        EmailAddress.objects.create(user=owner, email=email, verified=True, primary=True)
        team = Team.objects.create(name=options["team"])
        Membership.objects.create(team=team, user=owner, role=Role.OWNER)
        operators_gateway(settings)
        self.stdout.write(f"{email} owns {team.name}. Password, shown only now: {password}")


def _checked(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is no e-mail address") from error
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"{email} has an account already")
    return email.lower()
