"""Refreshing: gateways are asked, what they tell is kept."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from accounts.models import BalanceReading, BalanceRefresh, BalanceStanding, Gateway
from playground import readings
from playground.readings import KeyState, state_of
from tests.balances.gateways import STATUS, USAGE, billed, refused, status, subscription, usage
from tests.ports import free_port

SECRET = "sk-a-secret-that-nobody-reads"
NEW_API = {USAGE: usage(), STATUS: status()}


def read(*keys):
    told = async_to_sync(readings.read_keys)([key.pk for key in keys])
    return told[keys[0].pk] if len(keys) == 1 else told


def state(key, standing):
    return state_of(key, standing, timezone.now())


def test_a_reading_is_kept_with_its_unit_and_whose_limit_binds(scripted, key_at):
    key = key_at(scripted(NEW_API))

    standing = read(key)

    kept = BalanceReading.objects.get()
    assert (kept.left, kept.used, kept.limit, kept.unit) == (D("1.97531"), D("0.02469"), D(2), "USD")
    assert (kept.of, kept.binds, kept.source, standing.reading) == ("key", "key", "/api/usage/token/", kept)


def test_the_key_is_sent_to_its_own_paths_and_never_to_open_ones(scripted, key_at):
    gateway = scripted(NEW_API, kind="new-api")

    read(key_at(gateway, secret=SECRET))

    sent = {request.path: request.headers.get("authorization") for request in gateway.there.requests}
    assert sent == {USAGE: f"Bearer {SECRET}", STATUS: None}


def test_the_kind_of_a_gateway_is_found_once(scripted, key_at):
    gateway = scripted(NEW_API)

    read(key_at(gateway))

    assert Gateway.objects.get(pk=gateway.row.pk).kind == "new-api"


def test_who_looks_again_at_a_gateway_without_figures_finds_those_it_has_by_now(scripted, key_at):
    gateway = scripted({})
    key = key_at(gateway)
    assert (read(key).code, Gateway.objects.get(pk=gateway.row.pk).kind) == ("no_figure", "openai")
    gateway.site = NEW_API

    assert read(key).code == "no_figure"  # by itself it is asked nothing more
    standing = async_to_sync(readings.balance_of)(key, 0, anew=True)

    assert (standing.code, standing.reading.unit, Gateway.objects.get(pk=gateway.row.pk).kind) == ("", "USD", "new-api")


def test_a_gateway_that_could_not_be_reached_keeps_its_kind_open(key_at, scripted):
    gateway = scripted({})
    Gateway.objects.filter(pk=gateway.row.pk).update(base_url=f"http://127.0.0.1:{free_port()}")
    key = key_at(gateway)

    standing = read(key)

    assert (standing.code, Gateway.objects.get(pk=gateway.row.pk).kind) == ("unreachable", "unknown")
    assert state(key, standing) == KeyState.HOST_DOWN


def test_a_gateway_that_is_down_leaves_the_last_reading(scripted, key_at):
    gateway = scripted(NEW_API)
    key = key_at(gateway)
    before = read(key)
    gateway.site = {USAGE: (502, "<html>")}

    after = read(key)

    assert (after.reading, after.code, after.told_at) == (before.reading, "gateway_failed", before.told_at)


def test_readings_that_say_the_same_are_kept_once(scripted, key_at):
    gateway = scripted(NEW_API)
    key = key_at(gateway)

    read(key)
    read(key)
    gateway.site = {**NEW_API, USAGE: usage(total_available=900000, total_used=100000)}
    read(key)

    assert [str(reading.left) for reading in BalanceReading.objects.order_by("at")] == ["1.975310000", "1.800000000"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refused(), KeyState.REFUSED),
        (refused("该令牌已过期"), KeyState.EXPIRED),
        (refused("This token quota is exhausted"), KeyState.SPENT),
        (usage(total_available=0, total_used=1000000), KeyState.SPENT),
        (usage(total_available=-5), KeyState.SPENT),
        (usage(expires_at=1700000000), KeyState.EXPIRED),
        (usage(total_available=50000), KeyState.WATCH),
        (usage(), KeyState.HEALTHY),
        ((404, ""), KeyState.NOT_TOLD),
    ],
)
def test_a_key_says_what_is_the_matter_with_it(scripted, key_at, answer, expected):
    key = key_at(scripted({**NEW_API, USAGE: answer}, kind="new-api"))

    assert state(key, read(key)) == expected


def test_an_unlimited_key_is_never_a_number(scripted, key_at):
    site = {
        **NEW_API,
        USAGE: usage(unlimited_quota=True),
        "/v1/dashboard/billing/subscription": subscription(100000000),
    }
    site["/v1/dashboard/billing/usage"] = billed(5)
    key = key_at(scripted(site))

    reading = read(key).reading

    assert (reading.unlimited, reading.left, reading.limit, reading.binds) == (True, None, None, "account")


def test_a_gateways_sentence_is_kept_without_the_key_in_it(scripted, key_at):
    key = key_at(scripted({USAGE: refused(f"Invalid token {SECRET}\u0000!")}, kind="new-api"), secret=SECRET)

    assert read(key).said == "Invalid token sk-…eads !"


def test_at_one_host_few_are_asked_at_once(scripted, key_at, settings):
    settings.BALANCE_ASKS_PER_HOST = 3
    one, other = scripted(NEW_API, kind="new-api", pause=0.02), scripted(NEW_API, kind="new-api", pause=0.02)
    keys = [key_at(gateway, name=str(number)) for number in range(12) for gateway in (one, other)]

    told = read(*keys)

    assert len(told) == 24
    assert one.most_at_once <= 3 and other.most_at_once <= 3


def test_a_gateway_that_is_asked_too_often_is_left_alone(scripted, key_at, settings):
    settings.BALANCE_ASKS_PER_HOST = 1
    gateway = scripted({USAGE: (429, "")}, kind="new-api", headers="Retry-After: 7200\r\n")
    keys = [key_at(gateway, name=str(number)) for number in range(5)]

    told = read(*keys)

    assert {standing.code for standing in told.values()} == {"rate_limited"}
    assert gateway.asked == [USAGE]
    assert min(standing.next_at for standing in told.values()) > timezone.now() + timedelta(minutes=55)


def test_a_key_that_fails_is_looked_at_more_and_more_rarely(scripted, key_at):
    key = key_at(scripted({USAGE: refused()}, kind="new-api"))

    pauses = []
    for _ in range(8):
        standing = read(key)
        pauses.append(round((standing.next_at - standing.asked_at) / timedelta(minutes=15)))

    assert pauses == [1, 2, 4, 8, 16, 24, 24, 24]


def test_one_reading_a_quarter_of_an_hour_is_due(scripted, key_at):
    gateway = scripted(NEW_API, kind="new-api")
    key = key_at(gateway)
    off = key_at(gateway, name="off")
    off.switch_off()

    assert async_to_sync(readings.read_due)() >= 1
    assert async_to_sync(readings.read_due)() == 0
    standing = BalanceStanding.objects.get(key=key)
    assert standing.next_at - standing.asked_at == timedelta(minutes=15)
    assert not BalanceStanding.objects.filter(key=off).exists()
    BalanceStanding.objects.filter(key=key).update(next_at=timezone.now())
    assert async_to_sync(readings.read_due)() == 1


def test_a_balance_is_read_anew_only_when_it_is_too_old(scripted, key_at):
    gateway = scripted(NEW_API, kind="new-api")
    key = key_at(gateway)
    balance_of = async_to_sync(readings.balance_of)

    balance_of(key, 60)
    balance_of(key, 60)
    assert gateway.asked.count(USAGE) == 1
    balance_of(key, 0)
    assert gateway.asked.count(USAGE) == 2


def test_a_refresh_counts_what_it_did(scripted, key_at, team, owner):
    good, bad = scripted(NEW_API, kind="new-api"), scripted({USAGE: refused()}, kind="new-api")
    keys = [key_at(good), key_at(good, name="2"), key_at(bad, name="3")]
    asked = BalanceRefresh.objects.create(team=team, person=owner, keys=[key.pk for key in keys], total=3)

    async_to_sync(readings.refresh)(asked.pk)

    asked.refresh_from_db()
    assert (asked.done, asked.failed, asked.is_under_way) == (3, 1, False)


def test_a_refresh_whose_worker_died_is_gone_on_with_where_it_stood(scripted, key_at, team, owner):
    gateway, other = scripted(NEW_API, kind="new-api"), scripted(NEW_API, kind="new-api")
    keys = [key_at(gateway), key_at(other, name="2")]
    begun = timezone.now()
    read(keys[0])
    asked = BalanceRefresh.objects.create(
        team=team, person=owner, keys=[key.pk for key in keys], total=2, done=1, begun_at=begun
    )

    async_to_sync(readings.refresh)(asked.pk)

    asked.refresh_from_db()
    assert (gateway.asked.count(USAGE), other.asked.count(USAGE)) == (1, 1)
    assert (asked.done, asked.is_under_way) == (2, False)


def test_a_refresh_that_is_cancelled_asks_no_more(scripted, key_at, team, owner):
    gateway = scripted(NEW_API, kind="new-api")
    asked = BalanceRefresh.objects.create(team=team, person=owner, keys=[key_at(gateway).pk], total=1)
    asked.cancel()

    async_to_sync(readings.refresh)(asked.pk)

    assert gateway.asked == []


def test_a_key_whose_secret_cannot_be_opened_is_told_so(scripted, key_at):
    from django.db import connection

    gateway = scripted(NEW_API, kind="new-api")
    key, other = key_at(gateway), key_at(gateway, name="other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_key SET secret = (SELECT secret FROM accounts_key WHERE id = %s) WHERE id = %s",
            [other.pk, key.pk],
        )

    assert read(key).code == "sealed"
    assert gateway.asked == []
