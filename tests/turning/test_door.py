"""The door of the dialect switch: a request goes in as it was typed and comes back as another operation's."""

import json

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from playground.turning import ADDED, REASONS
from tests.views.conftest import *  # noqa: F403

CHAT = {
    "model": "gpt-5.1", "stream": True, "seed": 7, "user": "u",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "你好"}],
}  # fmt: skip


@pytest.fixture
def switched(client):
    """What the door answers: `switched("chat-stream", "gemini", body)`."""

    def _switched(operation, to, body, **more):
        text = body if isinstance(body, str) else json.dumps(body)
        call = {"path": {}, "query": {}, "headers": {}, "body_text": text, **more.pop("call", {})}
        given = {"to": to, "call": call, **more}
        return client.post(f"/operations/{operation}/turn/", json.dumps(given), content_type="application/json")

    return _switched


def test_a_chat_opens_as_a_message_with_all_that_was_carried_left_and_added(switched):
    told = switched("chat-stream", "anthropic-messages", CHAT).json()

    assert (told["operation"], told["title"], told["carried"]) == ("claude-stream", told["title"], 7)
    assert json.loads(told["call"]["body_text"]) == {
        "model": "gpt-5.1", "max_tokens": 4096, "stream": True, "system": "Be brief.", "metadata": {"user_id": "u"},
        "messages": [{"role": "user", "content": "你好"}],
    }  # fmt: skip
    assert told["left"] == [{"pointer": "/seed", "value": "7", "why": "The other dialect has no place for it."}]
    assert told["added"] == [
        {"pointer": "/max_tokens", "value": "4096", "why": "The other dialect needs a limit for the answer."}
    ]


def test_gemini_gets_model_and_stream_in_its_path_and_gives_them_back(switched):
    there = switched("chat-stream", "gemini", CHAT).json()

    assert (there["operation"], there["call"]["path"], there["call"]["stream"]) == (
        "gemini-stream",
        {"model": "gpt-5.1"},
        True,
    )
    back = switched(
        "gemini-chat", "openai-chat", there["call"]["body_text"], call={"path": {"model": "g"}}, stream=True
    ).json()
    body = json.loads(back["call"]["body_text"])
    assert (back["operation"], body["model"], body["stream"]) == ("chat-stream", "g", True)


def test_a_request_that_does_not_stream_opens_an_operation_that_answers_at_once(switched):
    assert switched("chat-basic", "gemini", {**CHAT, "stream": False}).json()["operation"] == "gemini-chat"


def test_headers_go_along_but_for_those_that_only_one_vendor_understands(switched):
    headers = {"anthropic-beta": "x", "X-Trace": "1"}

    told = switched(
        "claude-chat", "openai-chat", {"messages": []}, call={"headers": headers, "query": {"a": "b"}}
    ).json()

    assert told["call"]["headers"] == {"X-Trace": "1"}
    assert [(one["pointer"], one["value"]) for one in told["left"]][-2:] == [("anthropic-beta", "x"), ("?a", "b")]


@pytest.mark.parametrize(
    ("operation", "to", "body", "status"),
    [
        ("chat-stream", "openai-chat", "{}", 400),
        ("chat-stream", "midjourney", "{}", 400),
        ("chat-stream", "gemini", "{broken", 422),
        ("chat-stream", "gemini", "", 422),
        ("image-generate", "gemini", "{}", 404),
        ("nothing-like-it", "gemini", "{}", 404),
    ],
)
def test_what_cannot_be_switched_is_refused_with_a_sentence(switched, operation, to, body, status):
    answer = switched(operation, to, body)

    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)


@pytest.mark.parametrize("raw", ["", "[]", "null", '{"to": "gemini"}', '{"to": "gemini", "call": {"body_text": 5}}', '{"to": [], "call": {"body_text": "{}"}}'])  # fmt: skip
def test_a_message_that_is_none_is_refused(client, raw):
    assert client.post("/operations/chat-stream/turn/", raw, content_type="application/json").status_code == 400


@pytest.mark.parametrize("body", ["[]", "5", '"text"', "null", '{"messages": 5, "tools": {}, "tool_choice": []}'])
def test_a_body_that_is_no_request_is_told_as_left(switched, body):
    told = switched("chat-stream", "anthropic-messages", body).json()

    assert told["carried"] == 0 and told["left"]


def test_strangers_to_the_site_switch_nothing(db):
    assert Client().post("/operations/chat-stream/turn/", "{}", content_type="application/json").status_code in (
        302,
        401,
    )


@pytest.mark.parametrize("sentence", [*REASONS.values(), *ADDED.values()])
def test_every_reason_is_told_in_chinese_too(sentence):
    with override("zh-hans"):
        assert gettext(sentence) != sentence
