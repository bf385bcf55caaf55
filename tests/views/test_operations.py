"""The catalogue as pages ask for it."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from playground import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """Somebody who is not signed in."""
    return Client()


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(User.objects.create_user("member@example.com", password="x"))
    return client


def ask(client: Client, id: str, text: Any, language: str = "en") -> HttpResponse:
    return client.post(
        f"/operations/{id}/problems",
        json.dumps({"body_text": text}),
        content_type="application/json",
        headers={"Accept-Language": language},
    )


@pytest.mark.parametrize("path", ["/operations.json", "/operations/chat-basic.json"])
def test_the_catalogue_is_closed_to_strangers(client: Client, path: str):
    assert client.get(path).status_code == 302


def test_a_body_is_not_checked_for_strangers(client: Client):
    assert ask(client, "chat-basic", "{}").status_code == 302


def test_the_tree_holds_every_row_with_what_the_filter_looks_into(member: Client):
    rows = member.get("/operations.json").json()["operations"]

    assert [row["id"] for row in rows] == [row.id for row in catalogue.operations()]
    assert rows[2] == {
        "id": "embeddings",
        "kind": "operation",
        "title": {"en": "Embeddings", "zh": "文本嵌入"},
        "section": {"en": ["Common requests", "Embeddings"], "zh": ["常用请求", "文本嵌入"]},
        "method": "POST",
        "path": "/v1/embeddings",
        "dialect": "openai-embeddings",
        "streaming": "none",
        "models": ["text-embedding-3-small", "text-embedding-ada-002", "text-embedding-3-large"],
        "parameters": ["input", "model", "dimensions", "encoding_format", "user"],
    }


def test_an_operation_comes_with_its_table_in_both_languages(member: Client):
    page = member.get("/operations/claude-thinking.json").json()

    parameters = {parameter["name"]: parameter for parameter in page["table"]["parameters"]}
    assert page["operation"]["example"] == catalogue.find("claude-thinking").example
    assert page["operation"]["models"] == ["claude-sonnet-4-5-20250929"]
    assert parameters["max_tokens"]["zh"] == "输出词元上限，含思考；0 表示只预热缓存"
    assert page["table"]["objects"]["thinking_config_disabled"]["discriminator"] == {"type": "disabled"}


def test_what_must_not_be_sent_comes_with_its_reason(member: Client):
    page = member.get("/operations/full-chat.json").json()

    assert page["operation"]["drop_before_sending"][0] == {
        "paths": ["max_tokens"],
        "reason": {
            "en": "Contradicts max_completion_tokens, which limits the same thing and which reasoning models require.",
            "zh": "与 max_completion_tokens 冲突：两者限制同一件事，推理模型只认后者。",
        },
    }


def test_a_default_of_null_or_false_is_told(member: Client):
    table = member.get("/operations/chat-basic.json").json()["table"]

    defaults = {p["name"]: p.get("default", "none") for p in table["parameters"]}
    assert [defaults[name] for name in ("logprobs", "frequency_penalty", "seed")] == [False, 0, "none"]


@pytest.mark.parametrize("row", catalogue.operations(), ids=lambda row: row.id)
def test_every_row_can_be_asked_for(member: Client, row: catalogue.Operation):
    assert member.get(f"/operations/{row.id}.json").json()["operation"]["title"] == row.title


def test_an_unknown_row_is_not_found(member: Client):
    assert member.get("/operations/nothing.json").status_code == 404
    assert ask(member, "nothing", "{}").status_code == 404


def test_a_browser_keeps_the_catalogue_and_asks_whether_it_changed(member: Client):
    first = member.get("/operations/chat-basic.json")

    again = member.get("/operations/chat-basic.json", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, max-age=300"


def test_the_catalogue_travels_compressed_where_that_is_read(member: Client):
    packed = member.get("/operations.json", headers={"Accept-Encoding": "br, gzip"})
    plain = member.get("/operations.json")

    assert packed["Content-Encoding"] == "gzip"
    assert not plain.has_header("Content-Encoding")
    assert len(packed.content) * 8 < len(plain.content)


def test_problems_of_a_body_are_told_field_by_field(member: Client):
    text = '{"model": "m", "messages": [{"role": "usr"}], "top_q": 1}'

    assert ask(member, "chat-basic", text).json() == {
        "problems": [
            {
                "pointer": "/messages/0/role",
                "name": "messages[0].role",
                "code": "enum",
                "level": "error",
                "message": "messages[0].role must be one of: developer, system, user, assistant, tool, function.",
            },
            {
                "pointer": "/top_q",
                "name": "top_q",
                "code": "unknown",
                "level": "hint",
                "message": "top_q is not in the document. It is sent as it stands.",
            },
        ]
    }


def test_problems_are_told_in_chinese_to_who_reads_chinese(member: Client):
    assert ask(member, "chat-basic", '{"messages": []}', "zh-hans").json()["problems"][1]["message"] == "缺少 model。"


def test_a_text_that_is_no_json_is_one_problem_of_the_whole_body(member: Client):
    assert ask(member, "chat-basic", '{"a": }').json() == {
        "problems": [
            {
                "pointer": "",
                "name": "",
                "code": "not_json",
                "level": "error",
                "message": "The body is not valid JSON near line 1, column 7. "
                "Look there for a missing comma, quote or bracket.",
            }
        ]
    }


def test_a_good_body_has_no_problems(member: Client):
    example = json.dumps(catalogue.find("full-responses").example)

    assert ask(member, "full-responses", example).json() == {"problems": []}


@pytest.mark.parametrize("message", [b"", b"[]", b'{"body_text": 1}', b"[" * 100_000])
def test_a_question_without_a_body_text_is_refused(member: Client, message: bytes):
    answer = member.post("/operations/chat-basic/problems", message, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")
