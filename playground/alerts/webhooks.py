"""Webhooks: what goes out, how it is signed, and how often it is tried. docs/alerts.md tells the receiving side.

Messages and signatures are those of Standard Webhooks (standardwebhooks.com), for which libraries exist.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from accounts.access import may
from accounts.models import Membership, Team
from accounts.models.audit import record
from accounts.teams import NotAllowed
from playground import gateway
from playground.addresses import BadAddress, parted
from playground.alerts.mails import page_of
from playground.alerts.words import words_of
from playground.calls import Call
from playground.gateway import GatewayError, Limits, Route
from playground.models import Alert, DeliveryState, Webhook, WebhookDelivery

PREFIX = "whsec_"
SECRET_BYTES = 32
# With pauses of 15 s and then four times as long each: a receiver may be away for four hours.
MOST_TRIES = 7
KEPT_BYTES = 2000


class NotDelivered(Exception):
    """The receiver did not say yes; it is tried again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the webhook did not answer with a 2xx")
        self.seconds = seconds


class Later(BaseRetryStrategy):
    """Try again when the error says."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The pause of a try that failed; any other error is a mistake in the code and ends it."""
        if not isinstance(exception, NotDelivered):
            return None
        return RetryDecision(retry_in={"milliseconds": int(exception.seconds * 1000)})


@dataclass(frozen=True, slots=True)
class Message:
    """All that goes out at one try."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the beginning of the body, or the code of why nothing did."""

    status: int | None = None
    text: str = ""
    code: str = ""

    @property
    def is_yes(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def new_secret() -> str:
    """A secret to sign with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def add(team: Team, url: str, *, by: Membership, address: str | None = None) -> Webhook:
    """A new webhook of the team, with a secret of its own."""
    _allow(by, team)
    webhook = Webhook(team=team, url=url)
    webhook.secret = new_secret()
    webhook.save()
    record("webhook.added", by=by.user, team=team, thing=webhook, address=address)
    return webhook


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: Membership, address: str | None = None) -> None:
    """Another secret; what is signed from now on is proven by it alone."""
    _allow(by, webhook.team)
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret", "mask"])
    record("webhook.renewed", by=by.user, team=webhook.team, thing=webhook, address=address)


@transaction.atomic
def delete(webhook: Webhook, *, by: Membership, address: str | None = None) -> None:
    """Tell it nothing any more."""
    _allow(by, webhook.team)
    record("webhook.deleted", by=by.user, team=webhook.team, thing=webhook, address=address)
    webhook.delete()


def _allow(by: Membership, team: Team) -> None:
    if not may(by, "set alerts", team):
        raise NotAllowed


def tell(webhook: Webhook, alert: Alert) -> WebhookDelivery:
    """Have `webhook` told of `alert` once the current transaction is stored."""
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, alert=alert, event=f"alert.{alert.kind}", body=json.dumps(body_of(alert), ensure_ascii=False)
    )
    deliver.defer(delivery=str(delivery.pk))
    return delivery


def test_of(webhook: Webhook) -> WebhookDelivery:
    """A message that tells of nothing, to see whether it arrives."""
    team = {"id": str(webhook.team.public_id), "name": webhook.team.name}
    body = {
        "type": "test", "timestamp": timezone.now().isoformat(timespec="seconds"),
        "text": f"Test of the webhook of the team {webhook.team.name}", "data": {"team": team},
    }  # fmt: skip
    return WebhookDelivery.objects.create(webhook=webhook, event="test", body=json.dumps(body, ensure_ascii=False))


def body_of(alert: Alert) -> dict[str, Any]:
    """What programs are told of an alert. Its sentence is English: a team has no language of its own."""
    key = alert.key
    with translation.override("en"):
        words = words_of(alert, ZoneInfo("UTC"))
    return {
        "type": f"alert.{alert.kind}",
        "timestamp": alert.at.isoformat(timespec="seconds"),
        "text": f"{words.title}. {words.detail}",
        "data": {
            "alert": alert.pk,
            "team": {"id": str(alert.team.public_id), "name": alert.team.name},
            "key": {
                "id": str(key.pk), "name": key.name, "mask": key.mask, "gateway": key.gateway.name,
                "holder": key.owner.email if key.owner else None,
            },
            "facts": alert.facts,
            "url": page_of(key.pk),
        },
    }  # fmt: skip


def signed(delivery: WebhookDelivery, now: float) -> Message:
    """The message of one try: the id stays the same at each, the time and with it the signature are new."""
    name, stamp = f"msg_{delivery.pk.hex}", str(int(now))
    signature = signature_of(delivery.webhook.secret.reveal(), name, stamp, delivery.body)
    headers = (
        ("Content-Type", "application/json; charset=utf-8"),
        ("User-Agent", "Team-Playground-Webhook/1"),
        ("webhook-id", name),
        ("webhook-timestamp", stamp),
        ("webhook-signature", f"v1,{signature}"),
    )
    return Message(delivery.webhook.url, headers, delivery.body.encode())


def signature_of(secret: str, name: str, stamp: str, body: str) -> str:
    """HMAC-SHA256 of id, time and body, parted by dots, in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, f"{name}.{stamp}.{body}".encode(), hashlib.sha256).digest()).decode()


async def post(message: Message) -> Answer:
    """Send one message. Addresses inside are refused, redirects not followed, and nothing is raised for what a receiver does."""
    try:
        root, path = parted(message.url)
    except BadAddress:
        return Answer(code="address_refused")
    call = Call(
        operation="alert", dialect="whole", auth="none", method="POST", path=path, headers=message.headers, body=message.body
    )  # fmt: skip
    # The quicker transport reads head and body in one go, and takes a 204 with a body for no answer at all.
    door = gateway.Door(transport="httpx", allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
    status, body = None, bytearray()
    try:
        async with gateway.send(call, Route(root, "", trusted=False), _limits(), door) as answer:
            status = answer.status
            await _read_beginning(answer, body)
    except GatewayError as error:
        # The status is the answer. What breaks off behind it takes nothing back: a 204 with a body is a yes all the same.
        if status is None:
            return Answer(code=error.code)
    finally:
        await door.close()
    return Answer(status, _printable(bytes(body[:KEPT_BYTES])))


async def _read_beginning(answer: gateway.Answer, body: bytearray) -> None:
    """Add to `body` what is kept of an answer's; the rest is not waited for."""
    async for data in answer.reads():
        body += data
        if len(body) >= KEPT_BYTES:
            return


async def attempt(delivery_id: uuid.UUID) -> WebhookDelivery | None:
    """One try, its answer kept. None when the delivery is gone, or over."""
    found = await database_sync_to_async(_waiting)(delivery_id)
    if found is None:
        return None
    delivery, message = found
    return await database_sync_to_async(_kept)(delivery, await post(message))


@app.task(retry=Later(), pass_context=False)
async def deliver(delivery: str) -> None:
    """Tell a webhook; when it does not say yes, again after a pause that grows."""
    tried = await attempt(uuid.UUID(delivery))
    if tried and tried.state == DeliveryState.WAITING:
        raise NotDelivered(_pause(tried.tries))


def _waiting(delivery_id: uuid.UUID) -> tuple[WebhookDelivery, Message] | None:
    waiting = WebhookDelivery.objects.select_related("webhook").filter(state=DeliveryState.WAITING)
    delivery = waiting.filter(pk=delivery_id).first()
    return (delivery, signed(delivery, time.time())) if delivery else None


def _kept(delivery: WebhookDelivery, answer: Answer) -> WebhookDelivery:
    is_last = delivery.alert_id is None or delivery.tries + 1 >= MOST_TRIES
    state, next_at = DeliveryState.DELIVERED if answer.is_yes else DeliveryState.FAILED, None
    if not answer.is_yes and not is_last:
        state, next_at = DeliveryState.WAITING, timezone.now() + timedelta(seconds=_pause(delivery.tries + 1))
    delivery.keep_answer(status=answer.status, answer=answer.text, code=answer.code, state=state, next_at=next_at)
    return delivery


def _pause(tries: int) -> float:
    """The seconds after so many tries."""
    return settings.ALERT_RETRY_SECONDS * 4 ** (tries - 1)


def _limits() -> Limits:
    seconds = settings.ALERT_ANSWER_SECONDS
    return Limits(
        lookup=min(5, seconds), connect=min(5, seconds), first_byte=seconds, silence=seconds, total=seconds
    )  # fmt: skip


def _printable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:300]
