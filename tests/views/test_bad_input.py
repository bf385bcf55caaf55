"""Whatever is typed, forged or guessed: every list answers plainly, asks the database no more often, and says nothing of others."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.demo import OWNER
from playground.models import Run
from playground.runs.wording import make_words
from tests.views.runs_made import make_run

TYPED = {
    "operators": "a & b | !c <-> d:* OR AND NOT NEAR(x)",
    "percent signs": "%%%%",
    "quotes": "'\"\\`“”『』«",
    "one quote": "'",
    "SQL": "'; DROP TABLE playground_run; --",
    "ten thousand letters": "x" * 10_000,
    "ten thousand characters": "紫薇花" * 3334,
    "ten thousand words": "ab " * 3333,
    "NUL": "a\0b",
    "only NUL": "\0",
    "punctuation": "。，！？…—·《》",
    "stars": "*** *a* abc***",
    "one character": "字",
    "half a surrogate's spelling": "\\ud800",
    "controls": "\x01\x1b[31m\u202e\ufeff\ufdd0",
    "the words of another team": "t:1 m:gpt-5 t:2:2026-11",
}
BOXES = (
    "/history/?q=", "/history/?model=", "/history/?tag=", "/history/?gateway=", "/history/?operation=", "/history/?person=",
    "/history/?key=", "/history/?tokens=", "/history/?cost=", "/history/?from=", "/history/?time=", "/history/?state=",
    "/history/?before=", "/history/?after=", "/history/news/?running=", "/history/news/?q=", "/history/export.csv?q=",
    "/history/export.csv?runs=", "/saved/?q=", "/keys/?q=", "/team/audit/?q=", "/palette.json?q=", "/models/?q=",
)  # fmt: skip


@pytest.fixture
def run(team, owner):
    made = make_run(team, owner, summary="abc still there 紫薇花 字")
    make_words([made.id])
    return made


def ask(client, box, typed):
    path, _, name = box.partition("?")
    return client.get(path, {name.rstrip("="): typed})


@pytest.mark.parametrize("box", BOXES)
def test_whatever_is_typed_into_a_box_is_answered(client, run, box):
    with CaptureQueriesContext(connection) as plainly:
        ask(client, box, "plain")

    for name, typed in TYPED.items():
        with CaptureQueriesContext(connection) as asked:
            answer = ask(client, box, typed)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200, (box, name)
        assert len(asked) <= len(plainly) + 12, (box, name, [each["sql"][:200] for each in asked])
        assert b"Traceback" not in (b"" if answer.streaming else answer.content), (box, name)


def test_programs_are_told_what_is_wrong_with_what_they_ask(run):
    out = StringIO()
    call_command("token", OWNER, stdout=out)
    program = Client(headers={"Authorization": f"Bearer {out.getvalue().strip()}"})

    for name in (
        "q",
        "model",
        "operation",
        "gateway",
        "key",
        "person",
        "state",
        "since",
        "cost",
        "tag",
        "after",
        "limit",
    ):
        for kind, typed in TYPED.items():
            answer = program.get("/api/runs", {name: typed})
            assert answer.status_code in (200, 400, 422), (name, kind, answer.content[:300])
            assert answer["Content-Type"].startswith("application/"), (name, kind)


def test_a_place_of_another_list_leads_into_no_other_list(client, stranger_client, team, owner, run):
    theirs = Run.objects.create(
        team=stranger_client.get("/history/").wsgi_request.team, user=None, operation="chat-stream", dialect="openai-chat",
        summary="secret plans", state="succeeded", started_at=run.started_at,
    )  # fmt: skip

    for name in ("before", "after"):
        for place in (theirs.id, theirs.id + 1, theirs.id - 1, run.id, 0, 2**63 - 1, 2**63, 10**30, -1):
            page = client.get("/history/", {name: place}).content.decode()
            assert "secret plans" not in page, (name, place)
            assert "secret plans" not in client.get("/history/", {name: place}, HTTP_HX_REQUEST="true").content.decode()


@pytest.mark.parametrize("door", ["/shared/{}/", "/shared/{}/call.json", "/team/join/{}/"])
def test_a_guessed_token_opens_nothing_and_each_guess_is_answered_alike(client, run, door):
    guesses = ["guessed", "x" * 43, "x" * 3000, "%00", "a%00b", "..", "%E7%B4%AB", "0" * 64, str(uuid4())]
    answers = {}
    for guess in guesses:
        with CaptureQueriesContext(connection) as asked:
            answers[guess] = client.get(door.format(guess))
        assert len(asked) < 12, guess

    assert {answer.status_code for answer in answers.values()} <= {404, 410}, {
        g: a.status_code for g, a in answers.items()
    }


@pytest.mark.parametrize("token", ["x", "x" * 9000, "\u00ff", "a b", "tp_" + "0" * 40])
def test_a_guessed_token_of_a_program_is_refused(run, token):
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/runs")

    assert answer.status_code == 401
    assert b"still there" not in answer.content
