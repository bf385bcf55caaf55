"""Alerts by webhook: signed, tried again with growing pauses, never called inside."""

import base64
import hashlib
import hmac
import json
import os
import time as clock
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command

from playground.alerts import webhooks
from playground.models import WebhookDelivery
from tests.alerts.conftest import worked_off
from tests.alerts.told import read, until
from tests.upstream import upstream


def test_a_webhook_is_told_with_a_signature_that_its_secret_proves(poor, receiver, settings):
    with worked_off():
        read(poor)
        assert until(lambda: receiver.got)

    request = receiver.got[0]
    key = base64.b64decode(receiver.row.secret.reveal().removeprefix("whsec_"))
    signed = b".".join(
        (request.headers["webhook-id"].encode(), request.headers["webhook-timestamp"].encode(), request.body)
    )
    proof = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{proof}"
    assert abs(int(request.headers["webhook-timestamp"]) - clock.time()) < 120
    assert (request.method, request.path) == ("POST", "/hook?team=1")
    said = json.loads(request.body)
    assert (said["type"], said["data"]["key"]["id"], said["data"]["facts"]["left"]) == ("alert.low", str(poor.pk), "1")
    assert "sk-1234567890abcdef" not in request.body.decode()


def test_a_webhook_that_fails_is_tried_again_under_the_same_id_until_it_says_yes(poor, receiver, settings):
    settings.ALERT_RETRY_SECONDS = 0.1
    receiver.says = ["500 No", "302 Elsewhere", "202 Yes"]

    with worked_off():
        read(poor)
        assert until(lambda: WebhookDelivery.objects.filter(state="delivered").exists()), (
            WebhookDelivery.objects.values()
        )

    delivery = WebhookDelivery.objects.get()
    assert (delivery.tries, delivery.status, delivery.next_at) == (3, 202, None)
    assert len({request.headers["webhook-id"] for request in receiver.got}) == 1
    assert len(receiver.got) == 3


def test_a_webhook_that_never_says_yes_is_given_up_with_its_last_answer(poor, receiver, settings):
    settings.ALERT_RETRY_SECONDS = 0
    receiver.says = ["503 Down"]

    with worked_off():
        read(poor)
        assert until(lambda: WebhookDelivery.objects.filter(state="failed").exists())

    delivery = WebhookDelivery.objects.get()
    assert (delivery.tries, delivery.status, delivery.answer, len(receiver.got)) == (7, 503, "seen", 7)


def test_pauses_between_tries_grow(poor, receiver, settings):
    receiver.says = ["500 No"]
    read(poor)
    delivery, pauses = WebhookDelivery.objects.get(), []
    for _ in range(7):
        tried = async_to_sync(webhooks.attempt)(delivery.pk)
        pauses.append(round((tried.next_at - tried.tried_at).total_seconds()) if tried.next_at else None)

    assert pauses == [15, 60, 240, 960, 3840, 15360, None]


@pytest.mark.parametrize("networks", [[], ["10.0.0.0/8"]])
def test_a_webhook_inside_this_servers_network_is_never_called(poor, receiver, settings, networks):
    settings.GATEWAY_ALLOWED_NETWORKS, settings.ALERT_RETRY_SECONDS = networks, 0

    with worked_off():
        read(poor)
        assert until(lambda: WebhookDelivery.objects.filter(state="failed").exists())

    assert (WebhookDelivery.objects.get().code, receiver.got) == ("address_refused", [])


def test_an_answer_without_end_is_not_waited_for(poor, receiver, settings):
    async def endless(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 5000)
        await writer.drain()

    receiver.script = endless
    read(poor)
    with upstream(endless) as there:
        receiver.row.url = there.url
        receiver.row.save()
        tried = async_to_sync(webhooks.attempt)(WebhookDelivery.objects.get().pk)

    assert (tried.state, tried.answer) == ("delivered", "x" * 300)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nseen",
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nseen\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nseen",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nseen",
    ],
)
def test_a_yes_counts_whatever_becomes_of_its_body(poor, receiver, answer):
    async def odd(request, writer):
        writer.write(answer)
        await writer.drain()

    read(poor)
    with upstream(odd) as there:
        receiver.row.url = there.url
        receiver.row.save()
        tried = async_to_sync(webhooks.attempt)(WebhookDelivery.objects.get().pk)

    assert (tried.state, tried.status, tried.code) == ("delivered", int(answer[9:12]), "")


def test_webhook_secrets_are_sealed_anew_with_the_rest(receiver, settings):
    before = receiver.row.secret.reveal()
    newer = f"99:{base64.b64encode(os.urandom(32)).decode()}"
    settings.KEY_ENCRYPTION_KEYS = [newer, *settings.KEY_ENCRYPTION_KEYS]

    call_command("reseal", stdout=StringIO())

    settings.KEY_ENCRYPTION_KEYS = [newer]
    receiver.row.refresh_from_db()
    assert receiver.row.secret.reveal() == before
