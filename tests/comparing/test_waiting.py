"""Answers that wait for their turn begin on the server: no page needs to lie open, nothing is asked twice."""

import json
import re
import time
import uuid

import pytest

from accounts.demo import make_demo
from accounts.models import Role, Team, User
from playground.comparing import waiting
from playground.models import Comparison, Run, WaitingAnswer
from tests.comparing.conftest import a_document
from tests.people import MEMBER, OWNER, PASSWORD, Person, chat

MOST_SECONDS = 120


def until(holds):
    limit = time.monotonic() + MOST_SECONDS
    while not (found := holds()):
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.05)
    return found


def start_of(run, said="Hello", model="gpt-5.1:fast"):
    call = {"path": {}, "query": {}, "headers": {}, "body_text": json.dumps(chat(said, model)["body"])}
    return {"type": "start", "run": run, "operation": "chat-stream", "key": None, "call": call, "variables": {}}


def compared(count, owner=OWNER):
    """A comparison whose document names so many runs; those."""
    runs = [str(uuid.uuid4()) for _ in range(count)]
    person = User.objects.get(email=owner)
    document = a_document(runs={f"c1/r{place}": run for place, run in enumerate(runs)})
    made = Comparison.objects.create(team=person.memberships.get().team, owner=person, document=json.dumps(document))
    return made, runs


def tell(person, comparison, method="POST", **given):
    page = person.http.get("/compare/")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)[1]
    headers = {"X-CSRFToken": token, "Referer": person.url + "/"}
    return person.http.request(method, f"/compare/{comparison.pk}/waiting.json", json=given, headers=headers)


@pytest.fixture
def people(transactional_db):
    make_demo(PASSWORD)


@pytest.fixture
def olivia(site, people):
    return Person(site.url, OWNER)


def test_every_answer_that_was_promised_comes_though_nobody_looks_on(olivia):
    comparison, runs = compared(20)

    answer = tell(olivia, comparison, starts=[start_of(run, f"Refund {place}") for place, run in enumerate(runs)])

    assert answer.status_code == 202
    until(lambda: Run.objects.filter(state="succeeded").count() == 20)
    said = {str(run.uuid): run.summary for run in Run.objects.all()}
    assert said == {run: f"Refund {place}" for place, run in enumerate(runs)}
    until(lambda: not WaitingAnswer.objects.exists())
    assert tell(olivia, comparison, "GET").json() == {"waiting": {}}


def test_a_person_has_eight_under_way_and_taking_the_others_back_begins_none_of_them(olivia):
    comparison, runs = compared(12)
    tell(olivia, comparison, starts=[start_of(run, model="gpt-5.1:slow") for run in runs])
    until(lambda: Run.objects.filter(state="running").count() == waiting.AT_ONCE)
    left = tell(olivia, comparison, "GET").json()["waiting"]

    assert tell(olivia, comparison, "DELETE").json() == {"waiting": {}}

    assert set(left) == set(runs[waiting.AT_ONCE :])
    begun = set(map(str, Run.objects.values_list("uuid", flat=True)))
    assert begun == set(runs[: waiting.AT_ONCE])


def test_what_cannot_be_begun_says_why_and_holds_nobody_up(olivia):
    comparison, (bad, good) = compared(2)
    refused = start_of(bad) | {"operation": "no such operation"}

    tell(olivia, comparison, starts=[refused, start_of(good)])

    until(lambda: Run.objects.filter(uuid=good, state="succeeded").exists())
    told = until(lambda: tell(olivia, comparison, "GET").json()["waiting"].get(bad))
    assert "no such operation" in told
    assert Run.objects.count() == 1


def test_an_answer_whose_column_was_removed_meanwhile_is_not_asked(people):
    comparison, runs = compared(2)
    waiting.ask(comparison, comparison.owner, [start_of(run) for run in runs])
    Comparison.objects.update(document=json.dumps(a_document(runs={"c1/r0": runs[0]})))

    found = [waiting.start_of(each.pk) for each in WaitingAnswer.objects.all()]

    assert [each and each["message"]["run"] for each in found] == [runs[0], None]
    assert list(waiting.standing(comparison)) == [runs[0]]


def test_two_processes_never_begin_the_same_answer(people):
    comparison, runs = compared(3)
    waiting.ask(comparison, comparison.owner, [start_of(run) for run in runs])
    mine, other = uuid.uuid4(), uuid.uuid4()
    _living(mine)

    claimed, waits = waiting.claim(mine, lambda user_id: 0)

    assert (len(claimed), waits) == (3, False)
    assert waiting.claim(other, lambda user_id: 0) == ([], False)


def test_what_a_process_that_died_had_claimed_is_begun_by_another(people):
    comparison, runs = compared(1)
    waiting.ask(comparison, comparison.owner, [start_of(runs[0])])
    waiting.claim(uuid.uuid4(), lambda user_id: 0)  # of a process that beats no longer

    claimed, _waits = waiting.claim(uuid.uuid4(), lambda user_id: 0)

    assert len(claimed) == 1


def _living(process):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO playground_process (id, started_at, beat_at) VALUES (%s, now(), now())", [process])


@pytest.mark.parametrize(
    "start",
    [
        5, {}, {"run": "x"}, {"call": []}, {"call": {"query": "x"}}, {"call": {"body_text": 5}}, {"operation": 5},
        {"variables": []}, {"stream": 1}, {"run": str(uuid.UUID(int=1))},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_start_of_this_comparison_is_refused(client, comparison, start):
    run = json.loads(comparison.document)["runs"]["c1/r1"]
    given = start_of(run) | start if isinstance(start, dict) and start else start

    answer = client.post(
        f"/compare/{comparison.pk}/waiting.json", json.dumps({"starts": [given]}), content_type="application/json"
    )

    assert (answer.status_code, WaitingAnswer.objects.count()) == (400, 0)


def test_only_its_owner_lets_answers_wait_and_takes_them_back(site, people, olivia):
    comparison, runs = compared(1)
    mate = Person(site.url, MEMBER)
    assert tell(mate, comparison, starts=[start_of(runs[0])]).status_code == 404
    Comparison.objects.update(is_shared=True)

    codes = [
        tell(mate, comparison, method, starts=[start_of(runs[0])]).status_code for method in ("GET", "POST", "DELETE")
    ]

    assert codes == [200, 403, 403]
    assert Run.objects.count() == 0


def test_who_became_a_viewer_meanwhile_starts_nothing(olivia):
    comparison, runs = compared(1)
    Team.objects.get(name="Demo team").memberships.filter(user=comparison.owner).update(role=Role.VIEWER)

    waiting.ask(comparison, comparison.owner, [start_of(runs[0])])

    until(lambda: waiting.standing(comparison).get(runs[0]))
    assert Run.objects.count() == 0
