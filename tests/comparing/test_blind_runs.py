"""The runs of a blind vote: found by no door by whoever has yet to vote, and by everybody else as ever."""

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.demo import MEMBER
from accounts.models import Role
from playground.consumers.runs import waits_for_a_vote
from playground.models import Comparison, RunShare
from tests.comparing.conftest import a_document
from tests.comparing.test_pages import vote
from tests.views.runs_made import make_run

MODEL = "planted-model-7"
LISTS = ("/history/", "/history/?q=rate", f"/history/?model={MODEL}", "/history/export.csv", "/history/export.jsonl")


@pytest.fixture
def runs(team, owner):
    return [make_run(team, owner, model=f"{MODEL}{letter}", minutes_ago=2 + at) for at, letter in enumerate("ab")]


@pytest.fixture
def blind(team, owner, runs):
    """The owner's blind comparison of two runs, shared with the team."""
    places = {f"c{at}/r1": str(run.uuid) for at, run in enumerate(runs, 1)}
    document = json.dumps(a_document(runs=places, blind=True))
    return Comparison.objects.create(team=team, owner=owner, document=document, is_shared=True)


def doors(client, runs):
    """Everything the lists tell, and the answers of a run's own addresses."""
    listed = [client.get(path) for path in LISTS]
    listed.append(client.get(f"/history/export.csv?runs={runs[0].uuid}"))
    listed.append(client.get(f"/history/news/?running={runs[0].uuid}"))
    listed.append(client.get("/palette.json?q=rate"))
    told = "".join((b"".join(each.streaming_content) if each.streaming else each.content).decode() for each in listed)
    page = reverse("run", args=[runs[0].uuid])
    codes = [client.get(page).status_code, client.get(f"{page}request.json").status_code]
    codes.append(client.get(f"/compare/new/?run={runs[0].uuid}").status_code)
    return told, codes


def rows_of(told):
    return told.count(f"{MODEL}a")


def test_who_has_yet_to_vote_finds_the_runs_by_no_door_and_after_the_vote_by_all(client, client_of, blind, runs):
    mate = client_of(MEMBER)

    told, codes = doors(mate, runs)
    assert str(runs[0].uuid) not in told
    assert codes == [302, 403, 404]
    assert mate.get(reverse("run", args=[runs[0].uuid]))["Location"] == reverse("comparison", args=[blind.pk])
    mate.post(reverse("share_run", args=[runs[0].uuid]), {"audience": "team", "days": "7"})
    mate.post(reverse("run_again", args=[runs[0].uuid]))
    mate.post(reverse("comparison_fork", args=[blind.pk]))
    assert (RunShare.objects.count(), Comparison.objects.count(), len(runs[0].team.runs.all())) == (0, 1, 2)

    assert not vote(mate, blind, "c1/r1").json()["is_blinded"]
    told, codes = doors(mate, runs)
    assert str(runs[0].uuid) in told
    assert codes == [200, 200, 200]


def test_owners_of_the_vote_those_who_ran_and_admins_see_them_all_along(client, client_of, team, member, blind, runs):
    assert doors(client, runs)[1] == [200, 200, 200]
    team.memberships.filter(user=member).update(role=Role.ADMIN)
    assert doors(client_of(MEMBER), runs)[1] == [200, 200, 200]
    team.memberships.filter(user=member).update(role=Role.MEMBER)
    team.runs.update(user=member)
    assert doors(client_of(MEMBER), runs)[1] == [200, 200, 200]


def test_a_vote_that_is_blind_no_more_or_shared_no_more_hides_nothing(client_of, blind, runs):
    mate = client_of(MEMBER)
    blind.save_over(1, "", blind.document.replace('"blind": true', '"blind": false'))
    assert doors(mate, runs)[1] == [200, 200, 200]
    Comparison.objects.update(is_blind=True, is_shared=False)
    assert doors(mate, runs)[1] == [200, 200, 200]


def test_programs_and_raw_events_tell_nothing_before_the_vote(client_of, member, owner, team, blind, runs):
    out = io.StringIO()
    call_command("token", MEMBER, stdout=out)
    program = Client(headers={"Authorization": f"Bearer {out.getvalue().strip()}"})

    assert program.get("/api/runs").json()["items"] == []
    assert program.get(f"/api/runs/{runs[0].uuid}").status_code == 403
    assert waits_for_a_vote(member.pk, team.pk, str(runs[0].uuid))
    assert not waits_for_a_vote(owner.pk, team.pk, str(runs[0].uuid))

    vote(client_of(MEMBER), blind, "c2/r1")
    assert len(program.get("/api/runs").json()["items"]) == 2
    assert not waits_for_a_vote(member.pk, team.pk, str(runs[0].uuid))
