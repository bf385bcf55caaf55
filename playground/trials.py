"""Trying a gateway and a key, a step at a time: resolved, connected, TLS, models, balance."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.conf import settings

from accounts.models import Key
from playground import gateway
from playground.calls import BadCall, Call
from playground.gateway import GatewayError, Limits, Route
from playground.readings.asking import Outcome, Question, asker, limits
from playground.readings.keeping import keep

LARGEST = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `code` is empty where it went well; `facts` are for the sentence."""

    name: str
    ms: int = 0
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None


async def try_gateway(route: Route) -> AsyncIterator[Step]:
    """The steps that need no key. Ends with the first that fails."""
    networks, most = tuple(settings.GATEWAY_ALLOWED_NETWORKS), limits()
    began, name = time.monotonic(), "resolved"
    try:
        async for seen in gateway.look(route.base_url, route.trusted, most, networks):
            yield Step(seen.step, seen.ms, facts=seen.found)
            began, name = time.monotonic(), {"resolved": "connected"}.get(seen.step, "tls")
    except GatewayError as error:
        yield Step(name, _since(began), error.code, {"sentence": str(error)})


async def try_key(question: Question, key: Key | None = None) -> AsyncIterator[Step]:
    """All steps with a key; the balance of a `key` that is ours already is kept as a reading."""
    async for step in try_gateway(question.route):
        yield step
        if step.code:
            return
    models = await _models(question.route)
    yield models
    # An expired or used-up key may be refused its models and still be told why by its balance.
    if models.code in ("", "refused", "not_told"):
        yield await _balance(question, key)


async def _models(route: Route) -> Step:
    call = Call(operation="models", dialect="whole", auth="bearer", method="GET", path="/v1/models")
    began, door = time.monotonic(), gateway.Door(allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
    try:
        async with gateway.send(call, route, _large(limits()), door) as answer:
            body = b"".join([data async for data in answer.reads()])
    except GatewayError as error:
        return Step("models", _since(began), error.code, {"sentence": str(error)})
    except BadCall:
        return Step("models", _since(began), "refused")
    finally:
        await door.close()
    if answer.status in (401, 403):
        return Step("models", _since(began), "refused", {"status": answer.status})
    names = _names(body) if answer.status == 200 else None
    if names is None:
        return Step("models", _since(began), "not_told", {"status": answer.status})
    return Step("models", _since(began), facts={"names": names})


async def _balance(question: Question, key: Key | None) -> Step:
    began = time.monotonic()
    async with asker() as one:
        outcome = await one.balance(question)
    if key is not None:
        await database_sync_to_async(keep)(key.pk, outcome)
    return Step("balance", _since(began), outcome.code, outcome=outcome)


def _names(body: bytes) -> list[str] | None:
    """The ids of a list of models; None when the answer is none."""
    try:
        rows = orjson.loads(body)["data"]
        return [str(row["id"]) for row in rows]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _large(most: Limits) -> Limits:
    return Limits(most.lookup, most.connect, most.first_byte, most.silence, most.total, LARGEST, LARGEST)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
