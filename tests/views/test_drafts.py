"""Drafts: what somebody is writing stays theirs, survives, and is never written over in silence."""

import json

import pytest
from django.test import Client

from accounts.demo import MEMBER, OWNER, STRANGER, make_demo
from accounts.models import User
from playground.models import Draft

pytestmark = pytest.mark.django_db
ADDRESS = "/drafts/full-chat/"
CALL = '{"text": "{\\"seed\\": 9007199254740993, \\"n\\": 1.0}", "off": {}}'


@pytest.fixture(autouse=True)
def demo(db: None) -> None:
    make_demo("a password nobody types")


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client


def save(client: Client, version: int, call: str = CALL):
    return client.put(ADDRESS, json.dumps({"version": version, "call": call}), content_type="application/json")


def test_there_is_no_draft_before_somebody_wrote_one():
    answer = signed_in(OWNER).get(ADDRESS)

    assert answer.json() == {"version": 0, "call": None, "updated": None}


def test_a_draft_comes_back_letter_by_letter_after_signing_in_again():
    assert save(signed_in(OWNER), 0).status_code == 201

    told = signed_in(OWNER).get(ADDRESS).json()

    assert (told["version"], told["call"]) == (1, CALL)


def test_each_saving_counts_one_version_further():
    client = signed_in(OWNER)
    save(client, 0)

    assert save(client, 1, '{"text": "2"}').json()["version"] == 2
    assert save(client, 2, '{"text": "3"}').json()["version"] == 3


def test_a_stale_tab_is_told_what_was_saved_elsewhere_and_writes_over_nothing():
    client = signed_in(OWNER)
    save(client, 0)
    save(client, 1, '{"text": "newer"}')

    answer = save(client, 1, '{"text": "stale"}')

    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["version"], told["call"]) == ("changed_elsewhere", 2, '{"text": "newer"}')
    assert client.get(ADDRESS).json()["call"] == '{"text": "newer"}'


def test_saving_the_same_words_twice_is_no_conflict():
    client = signed_in(OWNER)
    save(client, 0)

    answer = save(client, 0)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_a_draft_is_seen_by_nobody_else_not_even_in_the_same_team():
    save(signed_in(OWNER), 0)

    assert signed_in(MEMBER).get(ADDRESS).json()["call"] is None
    assert signed_in(STRANGER).get(ADDRESS).json()["call"] is None


def test_two_people_keep_a_draft_each_of_the_same_operation():
    save(signed_in(OWNER), 0)
    save(signed_in(MEMBER), 0, '{"text": "mine"}')

    assert signed_in(OWNER).get(ADDRESS).json()["call"] == CALL
    assert signed_in(MEMBER).get(ADDRESS).json()["call"] == '{"text": "mine"}'


def test_a_draft_that_is_let_go_is_gone():
    client = signed_in(OWNER)
    save(client, 0)

    assert client.delete(ADDRESS).status_code == 204
    assert client.get(ADDRESS).json()["call"] is None


def test_who_is_signed_out_is_told_so_and_nothing_is_kept():
    answer = save(Client(), 0)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert not Draft.objects.exists()


def test_an_operation_that_does_not_exist_has_no_draft():
    answer = signed_in(OWNER).get("/drafts/no-such-call/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"version": 0}',
        '{"version": "0", "call": "x"}',
        '{"version": true, "call": "x"}',
        '{"version": 0, "call": {}}',
        '{"version": 0, "call": "\\u0000"}',
        '{"version": 0, "call": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_a_saving_of_another_shape_is_refused_in_a_sentence(body):
    answer = signed_in(OWNER).put(ADDRESS, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_draft")
    assert answer.json()["message"]


def test_a_draft_past_the_sites_limit_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = save(signed_in(OWNER), 0, json.dumps("x" * 2000))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_saving_needs_the_pages_own_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(email=OWNER))

    assert save(client, 0).status_code == 403
