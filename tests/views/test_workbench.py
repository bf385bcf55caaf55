"""The workbench as the server sends it: useful before a script runs, and with nothing in it that is nobody's business."""

import json
import re

import pytest
from django.test import Client

from accounts.demo import OWNER, STRANGER, make_demo
from accounts.models import Key, Membership, Role, User
from playground import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(db: None) -> None:
    make_demo("a password nobody types")


def signed_in(email: str, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email))
    client.cookies["django_language"] = language
    return client


def page(address: str = "/", email: str = OWNER, language: str = "en") -> str:
    answer = signed_in(email, language).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tree_holds_every_row_of_the_document_in_its_order():
    rows = re.findall(r'class="tree-leaf"[^>]*data-operation="([^"]+)"', page())

    assert rows == [operation.id for operation in catalogue.operations()]


def test_only_what_differs_is_marked():
    text = page()

    gets = sum(row.method == "GET" for row in catalogue.operations())
    streams = sum(row.streaming == "sse" for row in catalogue.operations())
    assert text.count('class="tree-get"') == gets
    assert text.count('class="tree-streams"') == streams


def test_the_operation_of_the_address_is_laid_out():
    text = page("/?operation=full-messages")

    assert 'data-operation="full-messages" data-owner' in text
    assert '<b data-part="path">/v1/messages</b>' in text
    assert '<h1 data-part="title">Claude format - messages</h1>' in text
    assert '<span class="param-name">max_tokens</span>' in text


def test_the_page_speaks_the_persons_language():
    text = page("/?operation=full-messages", language="zh-hans")

    assert '<h1 data-part="title">Claude对话格式 - messages</h1>' in text
    assert "高阶用法 / 对话完整传参示例" in text


def test_without_a_wish_the_last_draft_is_laid_out_else_the_full_example():
    client = signed_in(OWNER)
    assert 'data-operation="full-chat" data-owner' in client.get("/").content.decode()

    saved = json.dumps({"version": 0, "call": "{}"})
    client.put("/drafts/rerank/", saved, content_type="application/json")

    assert 'data-operation="rerank" data-owner' in client.get("/").content.decode()


def test_an_operation_that_does_not_exist_is_a_page_not_found():
    assert signed_in(OWNER).get("/?operation=no-such-call").status_code == 404


def test_the_keys_a_person_may_use_are_there_by_mask_only():
    text = page()
    told = json.loads(re.search(r'<script id="usable-keys"[^>]*>(.*?)</script>', text)[1])

    mine = Key.objects.get(pk=told[0]["id"])
    assert [set(key) for key in told] == [{"id", "name", "mask", "gateway", "base_url"}]
    assert mine.secret.reveal() not in text
    assert told[0]["base_url"] == "http://testserver/sandbox"


def test_keys_of_another_team_are_not_there():
    mine = json.loads(re.search(r'<script id="usable-keys"[^>]*>(.*?)</script>', page())[1])
    theirs = json.loads(re.search(r'<script id="usable-keys"[^>]*>(.*?)</script>', page(email=STRANGER))[1])

    assert {key["id"] for key in mine} & {key["id"] for key in theirs} == set()


def test_a_viewer_sees_the_page_but_cannot_send():
    Membership.objects.filter(user__email=OWNER).update(role=Role.VIEWER)

    text = page()

    assert 'data-may-run="no"' in text
    assert len(re.findall(r"<button[^>]*send-button[^>]*disabled", text)) == 2


def test_the_page_is_closed_to_who_is_signed_out():
    answer = Client().get("/?operation=full-chat")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_nothing_on_the_page_is_inline():
    text = page()

    assert not re.search(r'\sstyle="', text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"<script(?![^>]*(?:src|application/json))", text)
