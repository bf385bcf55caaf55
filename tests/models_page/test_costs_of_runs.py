"""Runs that cost something: told at their end, kept, shown, and equal to what the gateway took."""

import json
import uuid
from decimal import Decimal as D

import httpx
import pytest
from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async

from accounts.models import Key
from playground.models import Run
from playground.models.shelf import Shelf, ShelfModel, forget_prices
from playground.shelf import read_shelf
from tests.people import chat
from tests.runs.conftest import *  # noqa: F403
from tests.upstream import Request, Script, says

COUNTED = {"stream_options": {"include_usage": True}}
MESSAGE = {"choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]}


def answer_json(value, headers: str = "") -> Script:
    body = json.dumps(value)
    return says(
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n{body}".encode()
    )


@pytest.fixture
def key(owner) -> Key:
    """The demo key with a secret, and so a quota, that nobody else spends."""
    forget_prices()
    key = Key.objects.get(team__name="Demo team")
    key.replace_secret(f"sk-costs-{uuid.uuid4().hex}")
    return key


def taken(site, key) -> int:
    """The quota units that the sandbox took off a key."""
    there = httpx.get(
        f"{site.url}/sandbox/api/usage/token/", headers={"Authorization": f"Bearer {key.secret.reveal()}"}
    )
    return there.json()["data"]["total_used"]


def test_a_run_tells_keeps_and_shows_what_the_gateway_took(site, owner, key):
    async_to_sync(read_shelf)(key.pk)

    seen = owner.run("chat-stream", chat("Hello there", "gpt-4o:fast", **COUNTED))

    run = Run.objects.get(uuid=seen.run)
    assert seen.metrics["currency"] == run.currency == "USD"
    assert D(repr(seen.metrics["cost"])) == run.cost > 0
    assert abs(run.cost * 500_000 - taken(site, key)) <= 1
    page = owner.http.get(f"/runs/{seen.run}/").text
    assert f"${run.cost:.4f}" in page
    again = owner.watch(seen.run)
    assert (again.metrics["cost"], again.metrics["currency"]) == (seen.metrics["cost"], "USD")


def test_a_picture_costs_its_price_by_the_call_times_their_number(site, owner, key):
    async_to_sync(read_shelf)(key.pk)

    seen = owner.run(
        "image-generate", {"body": {"model": "gpt-image-1", "prompt": "A boat", "n": 2, "size": "1024x1024"}}
    )

    assert (seen.state, seen.metrics["cost"], seen.metrics["currency"]) == ("succeeded", 0.08, "USD")
    assert taken(site, key) == 40_000


@pytest.mark.parametrize("model", ["gpt-4o:fast:fault-401", "nobody-knows-this:fast"])
def test_a_run_whose_cost_nobody_knows_has_none(site, owner, key, model):
    async_to_sync(read_shelf)(key.pk)

    seen = owner.run("chat-stream", chat("Hello", model, **COUNTED))

    assert (seen.metrics["cost"], seen.metrics["currency"]) == (None, "")
    assert Run.objects.values_list("cost", "currency").get(uuid=seen.run) == (None, "")


def test_without_a_price_list_the_cost_stays_unknown(site, owner, key):
    assert owner.run("chat-stream", chat("Hello", "gpt-4o:fast", **COUNTED)).metrics["cost"] is None


def test_what_openrouter_says_an_answer_cost_counts(owner, gateway):
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cost": 0.00123}
    gateway(answer_json({**MESSAGE, "usage": usage}))

    seen = owner.run("chat-basic", chat(stream=False))

    assert (seen.metrics["cost"], seen.metrics["currency"]) == (0.00123, "USD")


def test_what_litellm_says_in_a_header_counts_before_our_price_list(owner, gateway):
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    gateway(answer_json({**MESSAGE, "usage": usage}, headers="x-litellm-response-cost: 4.2e-05\r\n"))
    key = Key.objects.get(team__name="Demo team")
    shelf = Shelf.objects.create(key=key)
    ShelfModel.objects.create(
        shelf=shelf,
        name="gpt-4o-mini:fast",
        since="2026-01-01T00:00Z",
        price={"unit": "USD", "input": "1", "output": "1"},
    )
    forget_prices()

    assert owner.run("chat-basic", chat(stream=False)).metrics["cost"] == 0.000042


def test_the_price_at_the_start_is_the_price_of_the_run(owner, gateway):
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}

    async def tell(request: Request, writer) -> None:
        await dearer()
        await answer_json({**MESSAGE, "usage": usage})(request, writer)

    dearer = database_sync_to_async(
        lambda: ShelfModel.objects.update(price={"unit": "USD", "input": "9", "output": "9"})
    )
    gateway(tell)
    shelf = Shelf.objects.create(key=Key.objects.get(team__name="Demo team"))
    ShelfModel.objects.create(
        shelf=shelf,
        name="gpt-4o-mini:fast",
        since="2026-01-01T00:00Z",
        price={"unit": "CNY", "input": "2", "output": "8"},
    )
    forget_prices()

    seen = owner.run("chat-basic", chat(stream=False))

    assert (seen.metrics["cost"], seen.metrics["currency"]) == (2.0, "CNY")


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("chat-stream", {**chat("Hello " * 60, "gpt-4o:fast", prompt_cache_key="same", **COUNTED)["body"]}),
        ("full-messages", {"model": "claude-haiku-4-5:fast", "max_tokens": 50, "messages": [{"role": "user", "content": [
            {"type": "text", "text": "Hello " * 60, "cache_control": {"type": "ephemeral"}}]}]}),
        ("gpt51-thinking", {"model": "gpt-5.1:fast", "input": "Hello " * 60, "prompt_cache_key": "same"}),
        ("gemini-chat", {"contents": [{"parts": [{"text": "Hello " * 60}]}]}),
        ("embeddings", {"model": "text-embedding-3-small", "input": "Hello " * 600}),
    ],
)  # fmt: skip
def test_in_every_dialect_our_cost_is_what_the_gateway_took(site, owner, key, operation, body):
    async_to_sync(read_shelf)(key.pk)

    seen = owner.run(
        operation, {"path": {"model": "gemini-2.5-flash:fast"} if operation == "gemini-chat" else {}, "body": body}
    )

    assert (seen.state, seen.metrics["currency"]) == ("succeeded", "USD")
    assert abs(D(repr(seen.metrics["cost"])) * 500_000 - taken(site, key)) <= 1
