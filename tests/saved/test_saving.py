"""Saving a request loses nothing of it, keeps every version, and never writes over what somebody else saved."""

import json

from hypothesis import given, settings
from hypothesis import strategies as some

from playground import catalogue
from playground.calls import call_from
from playground.models import SavedRequest
from playground.saved.calls import start_of
from playground.saved.differences import compare
from tests.saved.conftest import BODY, page_text, save, save_version

NAMES = some.text(min_size=1, max_size=8).filter(lambda text: "\0" not in text)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
ROWS = some.lists(
    some.fixed_dictionaries({"name": NAMES, "value": some.text(max_size=12), "sent": some.booleans()}), max_size=4
)
CALLS = some.builds(
    lambda text, off, path, query, headers, stream: page_text(
        text, off=off, path=path, query=query, headers=headers, stream=stream
    ),
    some.dictionaries(some.text(max_size=6), VALUES, max_size=5).map(json.dumps) | some.text(max_size=40),
    some.dictionaries(some.just("/seed"), some.fixed_dictionaries({"valueText": some.text(max_size=9)})),
    some.dictionaries(NAMES, some.text(max_size=8), max_size=2),
    ROWS,
    ROWS,
    some.none() | some.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(call=CALLS)
def test_what_is_saved_opens_as_the_same_call(client, call):
    told = save(client, call).json()

    opened = client.get(f"/saved/{told['id']}/call.json").json()

    assert opened["call"] == call
    operation = catalogue.find(opened["operation"])
    assert start_of(opened["call"], operation) == start_of(call, operation)
    assert compare(call, opened["call"]).rows == []


def test_the_start_of_a_saved_request_sends_what_the_page_would_send(client):
    rows = [{"name": "x-trace", "value": "7", "sent": True}, {"name": "x-off", "value": "1", "sent": False}]
    operation = catalogue.find("chat-basic")

    start = start_of(page_text(headers=rows, stream=True), operation)

    assert start["call"] == {"path": {}, "query": {}, "headers": {"x-trace": "7"}, "body_text": BODY}
    assert start["stream"] is True
    assert call_from(operation, start["call"]).body == BODY.encode()


def test_what_is_no_request_is_not_saved(client):
    for call in ("", "[]", "{", '{"text": 1}', '{"query": [1]}', '{"headers": [{"name": 1}]}', 7, None, "\0"):
        given = {"operation": "chat-basic", "name": "x", "call": call}
        answer = client.post("/saved/new/", json.dumps(given), content_type="application/json")
        assert answer.status_code == 400, call
    assert not SavedRequest.objects.exists()


def test_a_name_is_needed_and_an_operation_that_exists(client):
    assert save(client, name="  ").status_code == 422
    assert save(client, operation="nothing").status_code == 400
    assert save(client, folder="a" * 201).status_code == 422


def test_versions_are_counted_and_the_newest_opens(client, saved):
    answer = save_version(client, saved, page_text('{"model": "gpt-5.2"}'), 1, note="Newer model")

    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    assert "gpt-5.2" in client.get(f"/saved/{saved.pk}/call.json").json()["call"]
    assert "gpt-5.1" in client.get(f"/saved/{saved.pk}/call.json?version=1").json()["call"]


def test_saving_over_a_version_that_somebody_else_saved_is_told_and_keeps_theirs(client, saved):
    save_version(client, saved, page_text('{"model": "gpt-5.1", "temperature": 2}'), 1)

    answer = save_version(client, saved, page_text('{"model": "gpt-5.1", "temperature": 3}'), 1)

    told = answer.json()
    assert (answer.status_code, told["code"], told["version"]) == (409, "changed_elsewhere", 2)
    assert told["differing"] == ["temperature"]
    assert saved.versions.count() == 2


def test_saving_the_same_once_more_makes_no_version(client, saved):
    assert save_version(client, saved, page_text(), 1).status_code == 200
    assert saved.versions.count() == 1


def test_an_earlier_version_comes_back_as_a_new_one(client, saved):
    save_version(client, saved, page_text("{}"), 1)

    client.post(f"/saved/{saved.pk}/restore/", {"version": "1", "after": "2"})

    saved.refresh_from_db()
    assert (saved.version, saved.current.call) == (3, page_text())


def test_differences_are_told_by_parameter_and_numbers_keep_their_spelling():
    before = page_text('{"a": 1.0, "b": {"c": true}, "long": "%s", "n": null}' % ("x\\n" * 50))
    after = page_text('{"a": 1, "b": {"c": true, "d": [2]}, "long": "%s"}' % ("x\\n" * 49 + "y"))

    compared = compare(before, after)

    rows = {row.name: (row.before, row.after) for row in compared.rows}
    assert rows["a"] == ("1.0", "1")
    assert rows["b.d[0]"] == (None, "2")
    assert rows["n"] == ("null", None)
    long = next(row for row in compared.rows if row.name == "long")
    assert [line.sign for line in long.lines][-2:] == ["-", "+"]
    assert compared.same == 1


def test_a_text_that_is_no_json_differs_as_a_whole():
    assert [row.name for row in compare(page_text("{"), page_text("{}")).rows] == ["body"]


def test_saving_needs_somebody_who_may_run(client_of, viewer):
    assert save(client_of(viewer.email)).status_code == 403


def test_tags_and_folders_are_tidied(client):
    told = save(client, tags="a, b，a, ", folder=" Finance / Q4 / ").json()

    saved = SavedRequest.objects.get(pk=told["id"])
    assert (saved.tags, saved.folder) == (["a", "b"], "Finance/Q4")
    assert client.get("/saved/folders.json").json() == {"folders": ["Finance/Q4"]}
