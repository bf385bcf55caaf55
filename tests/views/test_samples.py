"""Code for the request as it stands, as the page asks for it."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Gateway, Key, Membership, Role, Team, User
from playground import samples

pytestmark = pytest.mark.django_db

SECRET = "sk-canary0123456789abcdef"
BODY = '{"model": "m",  "messages": [{"role": "user", "content": "it\'s 中文"}]}'


@pytest.fixture
def team() -> Team:
    return Team.objects.create(name="Ours")


@pytest.fixture
def key(team: Team) -> Key:
    gateway = Gateway.objects.create(team=team, name="G", base_url="https://gateway.example", kind="new-api")
    return Key.objects.create(team=team, gateway=gateway, name="Team key", secret=SECRET, shared_with="team")


@pytest.fixture
def member(team: Team) -> Client:
    browser = Client()
    person = User.objects.create_user("member@example.com", password="x")
    Membership.objects.create(user=person, team=team, role=Role.MEMBER)
    browser.force_login(person)
    return browser


def ask(client: Client, operation: str, language: str, **message: Any) -> HttpResponse:
    return client.post(
        f"/operations/{operation}/samples/{language}", json.dumps(message), content_type="application/json"
    )


def test_strangers_get_no_code() -> None:
    assert ask(Client(), "chat-basic", "shell", call={"body_text": BODY}).status_code == 302


def test_the_code_holds_the_body_as_it_was_typed(member: Client, key: Key) -> None:
    answer = ask(member, "chat-basic", "shell", call={"body_text": BODY}, key=str(key.pk))

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "curl --request POST 'https://gateway.example/v1/chat/completions' \\\n"
        '  --header "Authorization: Bearer $GATEWAY_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data-raw '{BODY.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'\n"
    )


@pytest.mark.parametrize("language", [each.id for each in samples.LANGUAGES])
def test_no_language_prints_the_key(language: str, member: Client, key: Key) -> None:
    answer = ask(member, "claude-chat", language, call={"body_text": BODY}, key=str(key.pk), stream=True)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert SECRET not in text
    assert "GATEWAY_KEY" in text


def test_a_stream_is_asked_for_where_the_page_asks(member: Client) -> None:
    answer = ask(member, "gemini-thinking", "shell", call={"body": {}, "path": {"model": "m"}}, stream=True)

    assert "/v1beta/models/m:streamGenerateContent?alt=sse" in answer.content.decode()
    assert "--no-buffer" in answer.content.decode()


def test_a_file_in_json_keeps_its_mark_and_a_remark_tells_it(member: Client) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": [{"image_url": {"url": "@file:cat.png"}}]}]}

    text = ask(member, "chat-basic", "python", call={"body": body}).content.decode()

    assert text.startswith("# Put the content of cat.png, as base64 or a data URL, in the place of @file:cat.png\n")
    assert '"url":"@file:cat.png"' in text


def test_a_call_that_cannot_be_made_says_why(member: Client) -> None:
    answer = ask(member, "chat-basic", "shell", call={"body_text": "{"})

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


@pytest.mark.parametrize("message", [{}, {"call": []}, {"call": "x"}])
def test_a_message_without_a_call_is_refused(message: dict[str, Any], member: Client) -> None:
    assert ask(member, "chat-basic", "shell", **message).status_code == 400


@pytest.mark.parametrize(
    ("operation", "language"), [("nothing", "shell"), ("chat-basic", "cobol"), ("use-in-codex", "shell")]
)
def test_unknown_operations_and_languages_are_missing(operation: str, language: str, member: Client) -> None:
    assert ask(member, operation, language, call={"body": {}}).status_code == 404


def test_an_operation_is_offered_its_vendors_library_too(member: Client) -> None:
    offered = [each["id"] for each in member.get("/operations/claude-chat/samples/").json()["languages"]]

    assert offered == [*(each.id for each in samples.LANGUAGES), "python-anthropic", "javascript-anthropic"]
