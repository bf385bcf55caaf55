"""A crossing is told once, to those it concerns: on the site, by mail and by webhook."""

import json
import subprocess
import sys
import threading
import time as clock
from datetime import timedelta
from decimal import Decimal as D

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site_settings
from django.core import mail
from django.db import close_old_connections, connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Key, Membership
from playground import alerts, readings
from playground.alerts import mails
from playground.models import Alert, AlertNotice, AlertRule, WebhookDelivery
from tests.alerts.conftest import worked_off
from tests.balances.gateways import STATUS, USAGE, refused, status, usage

RICH, POOR = usage(total_available=5_000_000), usage(total_available=500_000)


def at(answer):
    return {USAGE: answer, STATUS: status()}


def read(key, gateway=None, answer=None):
    if gateway:
        gateway.site = at(answer)
    return async_to_sync(readings.read_keys)([key.pk])[key.pk]


def until(holds, seconds=180):
    limit = clock.monotonic() + seconds
    while not holds() and clock.monotonic() < limit:
        clock.sleep(0.1)
    return bool(holds())


def opened(key):
    return list(Alert.objects.filter(key=key).order_by("id").values_list("kind", flat=True))


@pytest.fixture
def below_two(team):
    """The team wants to know when less than two dollars are left."""
    return AlertRule.objects.create(team=team, low_amount=D(2))


@pytest.fixture
def poor(scripted, key_at, below_two):
    """A key that is told to have one dollar."""
    return key_at(scripted(at(POOR), kind="new-api"), shared_with="team")


def test_a_crossing_is_told_once_to_holder_and_admins_however_often_it_is_read(
    scripted, key_at, below_two, owner, member, join
):
    admin, viewer = join("admin"), join("viewer")
    key = key_at(scripted(at(POOR), kind="new-api"), owner=member)

    for _ in range(3):
        read(key)

    assert opened(key) == ["low"]
    told = set(AlertNotice.objects.values_list("person__email", flat=True))
    assert told == {owner.email, member.email, admin.email}
    assert viewer.email not in told


def test_a_line_is_crossed_anew_only_after_the_balance_rose_well_above_it(scripted, key_at, below_two):
    gateway = scripted(at(POOR), kind="new-api")
    key = key_at(gateway)
    just_above = usage(total_available=1_050_000)

    for answer in (POOR, just_above, POOR, RICH, POOR):
        read(key, gateway, answer)

    assert opened(key) == ["low", "low"]
    assert Alert.objects.filter(key=key).open().count() == 1


def test_the_facts_tell_what_was_seen_and_the_line(poor):
    read(poor)

    assert Alert.objects.get().facts == {"left": "1", "unit": "USD", "below": "2", "days": 3}


def test_two_threads_that_see_a_crossing_at_once_open_one_alert(poor, receiver):
    key = Key.objects.select_related("team", "owner", "gateway").get(pk=poor.pk)
    seen = alerts.Seen(told=True, left=D(1), unit="USD", code="", blocked=True)
    start, opened_by = threading.Barrier(8), []

    def process():
        start.wait()
        opened_by.append(len(alerts.look(key, seen)))
        connections.close_all()

    threads = [threading.Thread(target=process) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(opened_by) == 2
    assert sorted(opened(key)) == ["low", "refused"]
    assert AlertNotice.objects.count() == 2
    assert WebhookDelivery.objects.count() == 2
    close_old_connections()


def test_processes_that_see_a_crossing_at_once_open_one_alert(poor, receiver):
    database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    command = [sys.executable, "-m", "tests.alerts.looking", json.dumps(database), str(poor.pk)]
    looking = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=site_settings.BASE_DIR)
        for _ in range(2)
    ]
    for process in looking:
        assert process.stdout.readline() == "ready\n"

    for process in looking:
        process.stdin.write("go\n")
        process.stdin.flush()
    opened_by = [int(process.communicate(timeout=180)[0]) for process in looking]

    assert sum(opened_by) == 2
    assert sorted(opened(poor)) == ["low", "refused"]
    assert (AlertNotice.objects.count(), WebhookDelivery.objects.count()) == (2, 2)


def test_readings_of_one_key_at_once_in_threads_tell_of_it_once(poor, receiver):
    threads = [threading.Thread(target=lambda: (read(poor), connections.close_all())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened(poor) == ["low"]
    assert WebhookDelivery.objects.count() == 1


def test_a_key_with_a_rule_of_its_own_follows_no_other(poor, team):
    AlertRule.objects.create(team=team, key=poor, low_amount=D("0.5"))

    read(poor)

    assert opened(poor) == []


def test_a_refused_key_is_told_and_ends_once_it_is_accepted(scripted, key_at):
    gateway = scripted(at(refused()), kind="new-api")
    key = key_at(gateway)

    read(key)
    read(key)
    assert opened(key) == ["refused"]
    read(key, gateway, RICH)

    assert not Alert.objects.open().exists()


def test_a_key_that_is_switched_off_tells_of_nothing(poor):
    poor.switch_off()

    read(poor)

    assert opened(poor) == []


def test_a_spike_is_told_by_the_readings_of_the_days_before(scripted, key_at):
    gateway = scripted(at(usage(total_available=50_000_000, total_used=0)), kind="new-api")
    key, now = key_at(gateway), timezone.now()
    standing = read(key)
    for back, used in [(6, 0), (5, 2), (4, 4), (3, 6), (2, 8), (1, 10)]:
        reading = standing.reading
        reading.pk, reading.at = None, now - timedelta(days=back)
        reading.used, reading.left = D(used), D(100 - used)
        reading.save(force_insert=True)

    read(key, gateway, usage(total_available=40_000_000, total_used=10_000_000))

    alert = Alert.objects.get(key=key)
    assert (alert.kind, alert.facts["unit"], alert.facts["times"]) == ("spike", "USD", "3")
    assert float(alert.facts["day"]) > 9 and float(alert.facts["usual"]) < 2.1


def test_expiry_is_told_by_the_clock_once_and_anew_for_another_day(make_key):
    key = make_key(name="Night", expires_at=timezone.now() + timedelta(days=6), remind_days=7)
    make_key(name="Later", expires_at=timezone.now() + timedelta(days=8), remind_days=7)

    alerts.look_at_expiry()
    alerts.look_at_expiry()
    assert list(Alert.objects.values_list("key__name", "kind")) == [("Night", "expiry")]
    Key.objects.filter(pk=key.pk).update(expires_at=timezone.now() + timedelta(days=60))
    alerts.look_at_expiry()
    assert not Alert.objects.open().exists()
    Key.objects.filter(pk=key.pk).update(expires_at=timezone.now() + timedelta(days=2))
    alerts.look_at_expiry()

    assert opened(key) == ["expiry", "expiry"]


# --- mail -----------------------------------------------------------------------------------------------------------


def test_mail_goes_out_by_a_mail_server_in_each_persons_language(poor, owner, join, mail_server):
    owner.language = "en"
    owner.save()
    chinese = join("admin", "admin@example.com")
    chinese.language = "zh-hans"
    chinese.save()

    with worked_off():
        read(poor)
        assert until(lambda: len(mail_server.messages) == 2)

    by_person = {message["To"]: message for message in mail_server.messages}
    assert set(by_person) == {owner.email, chinese.email}
    assert by_person[owner.email]["Subject"] == "Key is running low: $1.00 left"
    text = by_person[owner.email].get_content()
    assert f"/balances/{poor.pk}/" in text and "sk-…cdef" in text and "That is not more than $2.00." in text
    assert "余" in by_person[chinese.email]["Subject"]
    assert until(lambda: not AlertNotice.objects.filter(mailed_at=None).exists())


def test_mail_waits_in_quiet_hours_and_the_sites_notice_does_not(poor, owner):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    owner.timezone, owner.quiet_from = "UTC", hour.time()
    owner.quiet_until = (hour + timedelta(hours=2)).time()
    owner.save()

    read(poor)

    notice = AlertNotice.objects.get(person=owner)
    assert (notice.seen_at, notice.mail_due_at) == (None, hour + timedelta(hours=2))
    job = ProcrastinateJob.objects.get(task_name="playground.alerts.mails.send")
    assert job.scheduled_at == notice.mail_due_at
    mails.send(notice=notice.pk)
    assert mail.outbox == []
    owner.quiet_from = owner.quiet_until = None
    owner.save()
    mails.send(notice=notice.pk)
    mails.send(notice=notice.pk)
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_f45_a_mail_server_that_refuses_is_tried_again(poor, owner, mail_server):
    mail_server.refuses = True
    read(poor)
    waiting = ProcrastinateJob.objects.filter(task_name="playground.alerts.mails.send", status="todo")

    with worked_off():
        assert until(lambda: waiting.filter(attempts__gte=1).exists())
        mail_server.refuses = False
        assert until(lambda: AlertNotice.objects.filter(mailed_at__isnull=False).exists())

    assert [message["To"] for message in mail_server.messages] == [owner.email]


def test_somebody_who_has_left_meanwhile_gets_no_mail(poor, member):
    Key.objects.filter(pk=poor.pk).update(owner=member)
    read(poor)
    Membership.objects.filter(user=member).delete()

    for notice in AlertNotice.objects.values_list("pk", flat=True):
        mails.send(notice=notice)

    assert member.email not in [to for message in mail.outbox for to in message.to]


def test_a_mail_that_waited_says_that_it_is_over(poor, owner):
    owner.language = "en"
    owner.save()
    read(poor)
    Alert.objects.update(ended_at=timezone.now())

    mails.send(notice=AlertNotice.objects.get(person=owner).pk)

    assert "Since then it has ended." in mail.outbox[0].body


# --- webhooks ---------------------------------------------------------------------------------------------------------


def test_a_webhook_is_told_with_a_signature_that_its_secret_proves(poor, receiver, settings):
    import base64
    import hashlib
    import hmac

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
    from playground.alerts import webhooks

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
    from playground.alerts import webhooks

    async def endless(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 5000)
        await writer.drain()

    receiver.script = endless
    read(poor)
    from tests.upstream import upstream

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
    from playground.alerts import webhooks
    from tests.upstream import upstream

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
    import base64
    import os
    from io import StringIO

    from django.core.management import call_command

    before = receiver.row.secret.reveal()
    newer = f"99:{base64.b64encode(os.urandom(32)).decode()}"
    settings.KEY_ENCRYPTION_KEYS = [newer, *settings.KEY_ENCRYPTION_KEYS]

    call_command("reseal", stdout=StringIO())

    settings.KEY_ENCRYPTION_KEYS = [newer]
    receiver.row.refresh_from_db()
    assert receiver.row.secret.reveal() == before
