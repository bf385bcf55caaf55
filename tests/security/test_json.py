"""JSON that hurts its readers: deep, huge, ambiguous, half a character, not a number. No door answers it with an error of ours.

What the reader of calls refuses stands in `tests/calls`, what the socket refuses in `runs/test_socket.py`.
"""

import json
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.demo import OWNER
from accounts.models import Team, User
from playground.models import Comparison
from tests.comparing.conftest import a_document
from tests.saved.conftest import save
from tests.security.test_code import found
from tests.views.runs_made import make_run, spoken

HOSTILE = {
    "nothing": b"", "half": b'{"call":', "no object": b"[]", "null": b"null", "a text": b'"x"', "a number": b"7",
    "deep lists": b"[" * 100_000, "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep inside": b'{"call":' + b"[" * 5_000 + b"]" * 5_000 + b',"text":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "not a number": b'{"call":NaN,"version":NaN,"text":NaN,"url":NaN,"body_text":NaN}',
    "infinite": b'{"call":1e999,"version":1e999,"text":-Infinity,"url":Infinity}',
    "huge whole number": b'{"version":' + b"9" * 5_000 + b',"call":"x"}', "long number": b'{"version":9223372036854775808,"call":"x"}',
    "twice": b'{"call":"a","call":{"path":{}},"version":0,"version":[]}', "half a character": b'{"call":"\\ud800","version":0,"text":"\\udfff","url":"\\ud800","body_text":"\\ud800"}',
    "NUL": b'{"call":"\\u0000","version":0,"text":"\\u0000","url":"http://\\u0000/","body_text":"\\u0000"}', "no UTF-8": b'{"call":"\xff\xfe","version":0}',
    "UTF-16": '{"call":"x","version":0}'.encode("utf-16"), "a mark of order": b'\xef\xbb\xbf{"call":"x"}',
    "wrong kinds of other doors": b'{"call":{"body_text":"{}","path":[],"query":7},"to":[],"run":7,"is_shared":[],"is_blind":{},"title":7,"document":{},"after":"x","note":[],"name":{},"tags":7}',
    "texts of other doors": b'{"call":{"body_text":"{}"},"to":"\\ud800","run":"\\ud800","title":"\\ud800","document":"\\ud800","name":"\\u0000","text":"x"}',
    "wrong kinds": b'{"call":[],"version":{},"text":{},"url":[],"body_text":[],"operation":{},"key":[],"stream":"x"}',
    "wrong kinds inside": b'{"call":{"path":[[]],"query":7,"headers":{"a":{"b":1}},"body":{"messages":7}},"version":true,"operation":"chat-stream"}',
    "__proto__": b'{"__proto__":{"admin":true},"call":{"body":{"__proto__":{"x":1}}},"operation":"chat-stream"}',
    "many names": b"{" + b",".join(b'"a%d":1' % number for number in range(50_000)) + b"}",
}  # fmt: skip


class Doors(NamedTuple):
    """Every address that reads JSON, by the file that does."""

    at: dict[str, list[tuple[str, str]]]

    @property
    def all(self) -> list[tuple[str, str]]:
        return [door for doors in self.at.values() for door in doors]


@pytest.fixture
def doors(client_of, owner: User, team: Team) -> Doors:
    run = make_run(team, owner, key=team.keys.get(), frames=spoken("text", "x"))
    saved = save(client_of(OWNER)).json()["id"]
    document = json.dumps(a_document(runs={"c1/r1": str(run.uuid)}))
    compared = Comparison.objects.create(team=team, owner=owner, title="T", document=document).pk
    return Doors({
        "compare": [("put", f"/compare/{compared}/document.json"), ("post", "/compare/new/"),
                    ("post", f"/compare/{compared}/vote/"), ("post", f"/compare/{compared}/share/"),
                    ("post", f"/compare/{compared}/waiting.json")],
        "drafts": [("put", "/drafts/chat-stream/"), ("post", "/drafts/chat-stream/")],
        "imports": [("post", "/import/")],
        "operations": [("post", "/operations/chat-stream/problems")],
        "pictures": [("post", f"/runs/{run.uuid}/picture")],
        "samples": [("post", "/operations/chat-stream/samples/python"), ("post", "/operations/chat-stream/export/curl")],
        "saved/saving": [("post", "/saved/new/"), ("post", f"/saved/{saved}/versions/"),
                         ("post", f"/saved/{saved}/differences/"), ("post", f"/saved/{saved}/suggestions/")],
        "turning": [("post", "/operations/chat-stream/turn/")],
    })  # fmt: skip


def test_every_door_that_reads_json_is_tried(doors):
    reading = {
        line.partition(".py:")[0]
        for line in found(r"request\.(body|read)\b", "playground/views/**/*.py", "accounts/**/*.py")
    }

    assert reading == {f"playground/views/{file}" for file in doors.at}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_door_falls_over_hostile_json(client_of, doors, name):
    client, body = client_of(OWNER), HOSTILE[name]
    client.raise_request_exception = False

    answers = {}
    for method, path in doors.all:
        answer = getattr(client, method)(path, body, content_type="application/json")
        answers[method, path] = answer.status_code

    assert {door: status for door, status in answers.items() if status >= 500 and status != 502} == {}


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"__proto__"}))  # which is a name like any other
def test_programs_hear_what_is_wrong_with_hostile_json(demo, capsys, name):
    call_command("token", OWNER)
    program = Client(
        headers={"authorization": f"Bearer {capsys.readouterr().out.strip()}"}, raise_request_exception=False
    )

    answer = program.post("/api/runs", HOSTILE[name], content_type="application/json")

    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"code", "message", "field"}


def test_a_body_past_the_limit_is_refused_before_it_is_read(client_of, doors, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    client, large = client_of(OWNER), json.dumps({"call": "x" * 2**20, "version": 0})

    for method, path in doors.all:
        assert getattr(client, method)(path, large, content_type="application/json").status_code in (400, 405, 413), (
            path
        )


def test_a_form_of_too_many_fields_is_refused(client_of, demo):
    answer = client_of(OWNER).post("/team/rename/", {f"field{number}": "x" for number in range(1500)})

    assert answer.status_code == 400
