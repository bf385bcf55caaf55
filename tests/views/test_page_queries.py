"""How often each main page asks the database: rarely, and not more often for much than for little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Key, Membership, User
from tests.views.runs_made import make_run

# Session, person, memberships, key and notices are asked for by every page.
MOST = {
    "/": 10,
    "/history/": 13,
    "/history/?state=failed&model=gpt-5.1": 13,
    "/runs/{run}/": 22,
    "/saved/": 12,
    "/models/": 11,
    "/keys/": 11,
    "/balances/": 12,
    "/balances/differences/": 12,
    "/team/": 9,
}


def asked(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def grow(team, owner):
    """A team with more of everything."""
    for number in range(12):
        person = User.objects.create(email=f"{number}@example.com", name=f"Person {number}")
        Membership.objects.create(team=team, user=person)
        key = Key.objects.filter(team=team).first()
        Key.objects.create(team=team, owner=person, gateway=key.gateway, name=f"Key {number}", secret="sk-1")
        make_run(team, person, model=f"model-{number}", minutes_ago=2 + number)


@pytest.mark.parametrize("path", MOST)
def test_a_page_asks_rarely_for_little_and_for_much(client, team, owner, path):
    address = path.format(run=make_run(team, owner).uuid)

    little = asked(client, address)
    grow(team, owner)
    much = asked(client, address)

    assert len(little) <= MOST[path], little
    assert len(much) <= MOST[path], much
