"""Save, open, send: what reaches the gateway is byte for byte what sending without saving would have sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts.demo import make_demo
from accounts.models import Gateway, Key
from playground import catalogue
from playground.models import SavedRun
from playground.saved.calls import start_of
from tests.people import PASSWORD, Person
from tests.saved.conftest import page_text
from tests.saved.test_saving import VALUES
from tests.upstream import Request, Upstream, chat, upstream

TRACED = ("x-trace", "x-other")
ODD = [
    '{"a":1.0,"b":1e5,\r\n\t"c":-0}',
    '{"\\u0061":"\\ud83d\\ude00\\u0000", "z" : [ ] }',
    '{ "客户" : "{{url}} {{key}}" }',
]


@pytest.fixture
def person(transactional_db: None, site: Any) -> Person:
    make_demo(PASSWORD)
    return Person(site.url)


@pytest.fixture
def gateway(person: Person) -> Iterator[Upstream]:
    """A gateway that tells what it was sent."""
    with upstream(chat("hello")) as there:
        Key.objects.update(gateway=Gateway.objects.create(name="Scripted", base_url=there.url, trusted=True))
        yield there


ROWS = some.lists(
    some.fixed_dictionaries(
        {
            "name": some.sampled_from(TRACED),
            "value": some.text("abc 1é~", max_size=9).map(str.strip),
            "sent": some.booleans(),
        }
    ),
    max_size=2,
    unique_by=lambda row: row["name"],
)
TEXTS = some.sampled_from(ODD) | some.dictionaries(some.text("ab\n客", max_size=3), VALUES, max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=False, indent=1)
)


@settings(max_examples=12, deadline=None)
@given(text=TEXTS, query=ROWS)
def test_a_saved_request_that_is_opened_and_sent_is_the_same_call(person: Person, gateway: Upstream, text, query):
    call = page_text(text, query=query, headers=[{"name": "x-trace", "value": "7", "sent": True}])
    saved = _save(person, call)

    opened = json.loads(person.http.get(f"/saved/{saved}/call.json").text)["call"]
    _told_by_socket(person, call)
    _told_by_socket(person, opened, saved=saved, variables={})

    plain, again = gateway.requests[-2:]
    assert opened == call
    assert again.body == text.encode()
    assert _told(again) == _told(plain)


def test_its_page_sends_the_same_call_too(person: Person, gateway: Upstream):
    for text in ODD:
        saved = _save(person, page_text(text))
        _told_by_socket(person, page_text(text))
        page = person.http.post(f"/saved/{saved}/run/", headers=_headers(person))
        person.watch(str(page.url).rstrip("/").rpartition("/")[2])

        plain, again = gateway.requests[-2:]
        assert again.body == text.encode()
        assert _told(again) == _told(plain)
    assert SavedRun.objects.count() == len(ODD)


def _save(person: Person, call: str) -> str:
    given = {"operation": "chat-stream", "name": "Kept", "call": call}
    headers = _headers(person) | {"Content-Type": "application/json"}
    return person.http.post("/saved/new/", content=json.dumps(given), headers=headers).json()["id"]


def _told_by_socket(person: Person, call: str, **more: Any) -> None:
    operation = catalogue.find("chat-stream")
    assert operation
    start = start_of(call, operation)
    seen = person.run(operation.id, start["call"], **more)
    assert seen.frames, seen.error


def _told(request: Request) -> tuple[Any, ...]:
    return (request.method, request.path, request.body, request.headers)


def _headers(person: Person) -> dict[str, str]:
    return {"Referer": person.url + "/", "X-CSRFToken": person.http.cookies["csrftoken"]}
