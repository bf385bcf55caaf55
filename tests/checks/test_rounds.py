"""Rounds of checks: run on the server, through to the end, never twice, seen by whom it concerns."""

import json
import re
import time
import uuid

import pytest
from django.db import connection

from accounts.demo import make_demo
from accounts.models import Team, User
from playground.checks import rounds
from playground.models import Check, CheckResult, CheckRound, Run, SavedRequest, SavedVersion, Visibility
from tests.people import MEMBER, OWNER, PASSWORD, STRANGER, Person

MOST_SECONDS = 60


def page_text(said, model="gpt-5.1:fast"):
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": said}]}
    return json.dumps({"text": json.dumps(body), "off": {}, "path": {}, "query": [], "headers": [], "stream": None})


def save(name, said="Hello", *, folder="Finance", model="gpt-5.1:fast", visibility=Visibility.TEAM, checks=()):
    owner = User.objects.get(email=OWNER)
    saved = SavedRequest.objects.create(
        team=owner.memberships.get().team, owner=owner, name=name, folder=folder, operation="chat-stream",
        visibility=visibility,
    )  # fmt: skip
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=page_text(said, model))
    for kind, expected in checks:
        Check.objects.create(request=saved, kind=kind, expected=expected)
    return saved


def post(person, path, **form):
    page = person.http.get("/checks/")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)[1]
    headers = {"X-CSRFToken": token, "Referer": person.url + "/"}
    return person.http.post(path, data=form, headers=headers, follow_redirects=False)


def ended(round_id):
    """The results of a round, once it is over."""
    until = time.monotonic() + MOST_SECONDS
    while not CheckRound.objects.get(pk=round_id).ended_at:
        assert time.monotonic() < until, "the round did not end"
        time.sleep(0.1)
    return {result.name: result for result in CheckResult.objects.filter(round=round_id)}


def round_of(answer):
    assert answer.status_code == 302, answer.text[:300]
    return uuid.UUID(answer.headers["location"].split("/")[-2])


@pytest.fixture
def demo(transactional_db):
    make_demo(PASSWORD)


@pytest.fixture
def owner(site, demo):
    return Person(site.url, OWNER)


def test_a_folder_is_run_and_each_answer_is_held_against_its_checks(owner):
    save("Good", "Refunds", checks=[("contains", "Refunds"), ("time", "600")])
    save("Bad", "Refunds", folder="Finance/EU", checks=[("contains", "Refunds"), ("contains", "no such words")])
    save("Gone", "Refunds", model="gpt-5.1:fault-server_error", checks=[("contains", "Refunds")])
    save("Elsewhere", folder="Other", checks=[("contains", "Hello")])

    made = round_of(post(owner, "/checks/run/", folder="Finance"))
    results = ended(made)

    assert {name: result.state for name, result in results.items()} == {
        "Good": "passed", "Bad": "failed", "Gone": "error",
    }  # fmt: skip
    assert [outcome["passed"] for outcome in results["Bad"].outcomes] == [True, False]
    assert {str(result.run) for result in results.values()} == {
        str(run) for run in Run.objects.values_list("uuid", flat=True)
    }
    assert "no such words" in owner.http.get(f"/checks/rounds/{made}/").text


def test_pressing_twice_begins_one_round_and_every_request_is_run_once(owner):
    save("Slow", model="gpt-5.1:slow", checks=[("contains", "Hello")])

    first, second = post(owner, "/checks/run/", folder="Finance"), post(owner, "/checks/run/", folder="Finance")
    assert round_of(first) == round_of(second)
    until = time.monotonic() + MOST_SECONDS
    while not Run.objects.filter(state="running").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    post(owner, f"/checks/rounds/{round_of(first)}/stop/")

    assert ended(round_of(first))["Slow"].state == "skipped"
    assert [run.state for run in Run.objects.all()] == ["stopped"]


def test_a_round_whose_process_died_is_ended_by_another_without_running_anything_twice(site, demo, owner):
    """As a killed server leaves it: one run over but not judged, one not begun."""
    save("One", checks=[("contains", "Hello")])
    save("Two", checks=[("contains", "Hello")])
    first = ended(round_of(post(owner, "/checks/run/", folder="Finance")))
    CheckResult.objects.update(state="running", outcomes=[], ended_at=None)
    CheckResult.objects.filter(name="Two").update(state="waiting", run=uuid.uuid4())
    CheckRound.objects.update(ended_at=None, owner=uuid.uuid4())

    results = ended(CheckRound.objects.get().pk)

    assert {result.state for result in results.values()} == {"passed"}
    assert results["One"].run == first["One"].run
    assert Run.objects.count() == 3


def test_two_processes_never_take_up_the_same_round(demo):
    owner = User.objects.get(email=OWNER)
    save("One", checks=[("contains", "Hello")])
    made = rounds.begin(owner, Team.objects.get(name="Demo team"), folder="Finance")

    mine, other = uuid.uuid4(), uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO playground_process (id, started_at, beat_at) VALUES (%s, now(), now())", [mine])

    assert rounds.take_up(mine) == made
    assert rounds.take_up(other) is None


def test_what_a_person_may_not_run_is_not_run_for_them(site, demo, owner):
    save("Mine alone", visibility=Visibility.ME, checks=[("contains", "Hello")])
    member, stranger = Person(site.url, MEMBER), Person(site.url, STRANGER)

    assert post(member, "/checks/run/", folder="Finance").headers["location"] == "/checks/"
    made = round_of(post(owner, "/checks/run/", folder="Finance"))
    ended(made)

    assert "Mine alone" in owner.http.get(f"/checks/rounds/{made}/").text
    assert "Mine alone" not in member.http.get(f"/checks/rounds/{made}/").text + member.http.get("/checks/").text
    assert stranger.http.get(f"/checks/rounds/{made}/").status_code == 404
    assert post(member, f"/checks/rounds/{made}/stop/").status_code == 404


def test_only_those_who_may_edit_a_request_change_its_checks(site, demo, owner):
    saved = save("Shared")
    member, stranger = Person(site.url, MEMBER), Person(site.url, STRANGER)
    form = {"kind": "contains", "expected": "Hello"}

    codes = [post(who, f"/checks/{saved.pk}/add/", **form).status_code for who in (owner, member, stranger)]

    assert codes == [302, 404, 404]
    check = saved.checks.get()
    assert post(member, f"/checks/{saved.pk}/{check.pk}/remove/").status_code == 404
    assert post(owner, f"/checks/{saved.pk}/add/", kind="schema", expected="{").status_code == 400
    assert post(owner, f"/checks/{saved.pk}/{check.pk}/remove/").status_code == 302
    assert saved.checks.count() == 0


@pytest.mark.parametrize(
    "form", [{"folder": "a\0b"}, {"folder": "x" * 10_000}, {"request": "x"}, {"request": str(uuid.UUID(int=1))}]
)
def test_what_is_not_there_is_not_run(owner, form):
    assert post(owner, "/checks/run/", **form).status_code in (302, 404)
    assert CheckRound.objects.count() == 0
