"""Importing and exporting, as the dialog and the menu ask for it."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Membership, Role, Team, User

pytestmark = pytest.mark.django_db

SECRET = "sk-canary0123456789abcdef"


@pytest.fixture
def member() -> Client:
    browser = Client()
    person = User.objects.create_user("member@example.com", password="x")
    Membership.objects.create(user=person, team=Team.objects.create(name="Ours"), role=Role.MEMBER)
    browser.force_login(person)
    return browser


def read(client: Client, text: Any, language: str = "en", **more: Any) -> HttpResponse:
    return client.post(
        "/import/",
        json.dumps({"text": text, **more}),
        content_type="application/json",
        headers={"Accept-Language": language},
    )


def export(client: Client, operation: str, kind: str, **message: Any) -> HttpResponse:
    return client.post(f"/operations/{operation}/export/{kind}", json.dumps(message), content_type="application/json")


def test_strangers_import_nothing() -> None:
    assert read(Client(), "curl https://x.example/v1/models").status_code == 302


def test_a_pasted_command_becomes_an_operation_and_its_call(member: Client) -> None:
    told = read(member, "curl https://x.example/v1/chat/completions -k -d '{\"model\": \"m\"}' -H 'X-A: b'").json()

    assert told == {
        "operation": "chat-basic",
        "title": "Basic request",
        "call": {"path": {}, "query": {}, "headers": {"X-A": "b"}, "body_text": '{"model": "m"}'},
        "left_out": [
            {
                "what": "-k",
                "reason": "never",
                "why": "The site opens connections by its own rules; this is never followed.",
            }
        ],
        "key_found": False,
        "key_mask": "",
    }


def test_a_pasted_key_goes_no_further_than_its_mask(member: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = read(member, f"curl https://x.example/v1/models -H 'Authorization: Bearer {SECRET}'")

    told = answer.json()
    assert (told["key_found"], told["key_mask"]) == (True, "sk-…cdef")
    assert SECRET not in answer.content.decode()
    assert SECRET not in caplog.text


def test_what_is_left_out_is_told_in_chinese(member: Client) -> None:
    told = read(member, "curl https://x.example/v1/models -b a=b", language="zh-hans").json()

    assert told["left_out"] == [{"what": "-b", "reason": "cookie", "why": "Cookie 绝不会发给网关。"}]


def test_an_unknown_path_is_told(member: Client) -> None:
    answer = read(member, "curl https://x.example/v2/nothing")

    assert answer.status_code == 422
    assert answer.json()["message"] == (
        "The catalogue has no operation for GET /v2/nothing. Compare the path with the catalogue."
    )


@pytest.mark.parametrize("text", [None, 1, []])
def test_what_is_no_text_is_refused(text: Any, member: Client) -> None:
    assert read(member, text).status_code == 400


@pytest.mark.parametrize("kind", ["curl", "har", "postman"])
def test_an_export_is_imported_as_the_same_call(kind: str, member: Client) -> None:
    call = {"path": {}, "query": {"a": "b c"}, "headers": {"X-A": "b"}, "body_text": '{"model": "m",  "n": 1.0}'}

    exported = export(member, "chat-tools", kind, call=call)

    assert exported["Content-Disposition"].startswith('attachment; filename="call.')
    told = read(member, exported.content.decode(), operation="chat-tools").json()
    assert (told["operation"], told["call"], told["key_found"]) == ("chat-tools", call, False)


def test_an_unknown_kind_of_file_is_missing(member: Client) -> None:
    assert export(member, "chat-basic", "word", call={"body": {}}).status_code == 404
