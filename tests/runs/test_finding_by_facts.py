"""Lists narrowed by facts: whatever is combined, one index is read, and the rows are exactly those that fit."""

import random
from itertools import combinations

import pytest
from django.db import connection

from accounts.models import Gateway, Key, Membership, Team, User
from playground.models import Run, State
from playground.runs.finding import Filters, count, find, ids_of
from playground.runs.finding.facts import ByFacts
from tests.views.runs_made import make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Ours")


@pytest.fixture
def choices(team):
    """What runs are made of: the last two people have the same traits."""
    people = [User.objects.create(id=number, email=f"{number}@example.com") for number in (7001, 7002, 7001 + 4096)]
    for person in people:
        Membership.objects.create(team=team, user=person)
    gateway = Gateway.objects.create(name="Theirs", base_url="https://gateway.example")
    keys = [Key.objects.create(team=team, name=name, gateway=gateway, secret="sk-1") for name in "AB"]
    return {
        "operation": ["chat-stream", "embeddings"],
        "model": ["gpt-5", "it's one"],
        "state": [State.SUCCEEDED, State.FAILED, State.RUNNING],
        "person": [person.pk for person in people],
        "key": [str(key.pk) for key in keys],
        "gateway": ["Theirs", ""],
    }


def make_runs(team, choices, number):
    chance = random.Random(3)
    for age in range(number):
        chosen = {name: chance.choice(values) for name, values in choices.items()}
        make_run(
            team if age % 7 else Team.objects.get_or_create(name="Theirs")[0],
            User.objects.get(pk=chosen.pop("person")),
            key_id=chosen.pop("key"),
            gateway_name=chosen.pop("gateway"),
            minutes_ago=age,
            has_media=chance.random() < 0.3,
            is_starred=chance.random() < 0.3,
            tags=chance.choice(([], ["red"], ["red", "blue"])),
            input_tokens=chance.choice((None, 10, 1000)),
            **chosen,
        )


def expected(team, filters):
    return list(filters.narrow(team.runs.all()).newest_first().values_list("id", flat=True))


def combined(choices):
    """Filters of every set of facts, each with one of its values."""
    chance = random.Random(5)
    more = {**choices, "media": [True], "starred": [True], "tag": ["blue"]}
    for size in range(len(more) + 1):
        for names in combinations(more, size):
            given = {name: chance.choice(more[name]) for name in names}
            if given.get("gateway") != "" and not Filters(**given).needs_words:
                yield Filters(**given)


def test_every_combination_of_facts_finds_what_fits_and_nothing_else(team, choices):
    make_runs(team, choices, 90)

    for filters in combined(choices):
        fitting = expected(team, filters)
        assert list(ids_of(team, filters)) == fitting, filters
        page = find(team, filters, limit=5)
        assert [row["id"] for row in page.rows] == fitting[:5], filters
        assert count(team, filters, page) == (len(fitting), False), filters


def test_pages_are_full_though_others_have_the_same_traits(team, choices):
    first, _other, same = (User.objects.get(pk=person) for person in choices["person"])
    runs = [make_run(team, first, state=State.FAILED, minutes_ago=90 + age).id for age in range(4)]
    for age in range(9):
        make_run(team, same, state=State.FAILED, minutes_ago=1 + age)
    filters = Filters(person=first.pk, state=State.FAILED)

    assert list(ByFacts(team.pk, filters).ids(2**62, True, 2)) == runs
    page = find(team, filters, limit=3)
    assert ([row["id"] for row in page.rows], page.has_older) == (runs[:3], True)
    assert count(team, filters, page) == (4, False)


def test_traits_follow_what_a_run_becomes(team, choices):
    person = User.objects.get(pk=choices["person"][0])
    run = make_run(team, person, state=State.RUNNING, key_id=choices["key"][0])
    filters = Filters(person=person.pk, operation="chat-stream", key=choices["key"][0])

    Run.objects.filter(pk=run.pk).update(state=State.FAILED)
    assert find(team, Filters(person=person.pk, state=State.FAILED)).rows
    assert find(team, filters).rows
    person.delete()
    assert not find(team, filters).rows
    assert find(team, Filters(operation="chat-stream", key=choices["key"][0])).rows


def test_every_combination_of_facts_reads_one_index_and_no_row_that_is_not_shown(team, choices):
    make_runs(team, choices, 30)

    with connection.cursor() as cursor:
        # Few rows are read in any way that comes: here only reading an index alone is free.
        for way in ("seqscan", "bitmapscan", "indexscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        # As after a vacuum; else what other tests left in the statistics decides.
        cursor.execute("UPDATE pg_class SET relallvisible = 1000000 WHERE relname = 'playground_run'")
        for filters in combined(choices):
            if filters.starred or filters.tag:
                continue
            for plan in plans(cursor, ByFacts(team.pk, filters)):
                assert [each["Node Type"] for each in nodes(plan) if "fit" in each.get("Subplan Name", "")] == ["Limit"]
                assert "Index Only Scan" in [each["Node Type"] for each in nodes(plan)], (filters, plan)


def plans(cursor, runs):
    """How Postgres means to read a page of these runs, each way."""
    for beyond, order in (("<", "DESC"), (">", "ASC")):
        cursor.execute(
            "EXPLAIN (FORMAT json) WITH fit AS MATERIALIZED (SELECT id FROM playground_run"
            f" WHERE {runs._index.sql} AND id {beyond} %s ORDER BY id {order} LIMIT 51) SELECT * FROM fit",
            (*runs._index.parameters, 2**61),
        )
        yield cursor.fetchone()[0][0]["Plan"]


def nodes(plan):
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]
