"""`manage.py token EMAIL`: a personal token for programs, alone on stdout."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Membership, Scope
from accounts.tokens import LONGEST_DAYS, make_token


class Command(BaseCommand):
    help = "Makes a personal token for the JSON API and prints it; it is shown only this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--team", default="", help="the name of the team it works in; unset, the person's first")
        parser.add_argument("--name", default="manage.py token", help="by what its owner will know it")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="unset, all; may be repeated")
        parser.add_argument("--days", type=int, default=90, help="how long it works; 0 is for ever")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days is a number from 0 to {LONGEST_DAYS}")
        scopes = [Scope(name) for name in options["scope"] or Scope.values]
        membership = _membership(options["email"], options["team"])
        _token, text = make_token(membership, name=options["name"][:80], scopes=scopes, days=options["days"] or None)
        self.stdout.write(text)


def _membership(email: str, team: str) -> Membership:
    found = Membership.objects.select_related("user", "team").filter(user__email=email.lower()).order_by("joined", "id")
    membership = (found.filter(team__name=team) if team else found).first()
    if membership is None:
        raise CommandError(f"{email} belongs to no team" + (f" called {team!r}" if team else ""))
    return membership
