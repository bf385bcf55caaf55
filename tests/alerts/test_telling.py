"""A crossing is told once, to those it concerns."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from decimal import Decimal as D

from django.conf import settings as site_settings
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from accounts.models import Key
from playground import alerts
from playground.models import Alert, AlertNotice, AlertRule, WebhookDelivery
from tests.alerts.told import POOR, RICH, at, opened, read
from tests.balances.gateways import refused, usage


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
