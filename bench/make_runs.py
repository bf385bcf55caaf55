"""`python -m bench.make_runs 1000000`: that many runs more in the database of `DATA_DIR` or `DATABASE_URL`.

Nine of ten belong to the demo team, which grows by some people; the others to the strangers' team.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from accounts.demo import OWNER, STRANGER  # noqa: E402
from accounts.models import Membership, Role, Team, User  # noqa: E402
from bench.rows import Crowd, Rows, write  # noqa: E402
from playground.management.commands.serve import database  # noqa: E402

PEOPLE = 18


def make_runs(count: int) -> None:
    """Put `count` runs into the database, the newest of them of this moment."""
    ours, theirs = team_of(OWNER), team_of(STRANGER)
    invite_people(ours)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        write(cursor, Rows(crowd(ours), crowd(theirs), count, time.time_ns() // 1_000_000))
        cursor.execute("VACUUM (ANALYZE) playground_run, playground_run_words")


def team_of(email: str) -> Team:
    """The demo's team of this person."""
    return Team.objects.get(memberships__user__email=email)


def invite_people(team: Team) -> None:
    """A team of twenty."""
    for number in range(PEOPLE):
        person, _ = User.objects.get_or_create(
            email=f"person{number}@example.com", defaults={"name": f"Person {number}", "password": "!"}
        )
        Membership.objects.get_or_create(team=team, user=person, defaults={"role": Role.MEMBER})


def crowd(team: Team) -> Crowd:
    """The people of a team and its first key."""
    key = team.keys.select_related("gateway").oldest_first()[0]
    users = list(team.memberships.values_list("user_id", flat=True))
    return Crowd(team.pk, users, (str(key.pk), key.name, key.mask, key.gateway.name))


if __name__ == "__main__":
    with database():
        make_runs(int(sys.argv[1]))
