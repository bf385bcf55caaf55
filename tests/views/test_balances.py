"""The board of balances: who sees which keys, in what order, as page and as file; refreshing with progress."""

import csv
import io
import re
import time
import uuid
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import BalanceReading, BalanceRefresh, BalanceStanding, Key, Membership
from playground.jobs.balances import refresh_team
from playground.views.balances import board
from tests.accounts.conftest import *  # noqa: F403
from tests.alerts.conftest import worked_off
from tests.balances.gateways import STATUS, USAGE, status, usage
from tests.readings.conftest import *  # noqa: F403
from tests.views.balances_told import told

__all__ = ["told"]

NEW_API = {USAGE: usage(), STATUS: status()}


def names(response):
    return [row.name for row in response.context["rows"]]


def rest_of(response):
    """Where the page gets the rows that are not on it yet."""
    asked = re.search(r'hx-get="([^"]+rest=[^"]+)"', response.content.decode())
    assert asked
    return asked[1].replace("&amp;", "&")


def test_a_forecast_that_has_passed_is_not_called_an_end(told, owner, signed_in):
    yesterday = timezone.now() - timedelta(days=1)
    told("Still full", left=D(100), burn=D(50), runs_out=yesterday)
    told("Used up", left=D(0), burn=D(50), runs_out=yesterday)

    page = signed_in(owner).get("/balances/").content.decode()

    assert page.count("due by now") == 1
    assert page.index("due by now") > page.index("Still full")
    assert "nothing left" in page


def test_people_who_are_not_signed_in_are_led_there(demo):
    assert Client().get("/balances/").status_code == 302


def test_admins_see_every_key_and_members_what_is_shared_with_them(told, owner, member, signed_in):
    told("private", shared_with="me")
    told("shared")
    told("theirs", owner=member, shared_with="me")

    seen_by_owner = names(signed_in(owner).get("/balances/"))
    seen_by_member = names(signed_in(member).get("/balances/"))

    assert set(seen_by_owner) == {"private", "shared", "theirs", "Demo key"}
    assert set(seen_by_member) == {"shared", "theirs", "Demo key"}


@pytest.mark.parametrize("page", ["", "readings.json"])
def test_a_strangers_key_is_answered_as_a_missing_one(told, stranger, member, signed_in, page):
    private, shared = told("private", shared_with="me"), told("shared")

    assert signed_in(stranger).get(f"/balances/{shared.pk}/{page}").status_code == 404
    assert signed_in(stranger).get(f"/balances/{uuid.uuid4()}/{page}").status_code == 404
    assert signed_in(member).get(f"/balances/{private.pk}/{page}").status_code == 404
    assert signed_in(member).get(f"/balances/{shared.pk}/{page}").status_code == 200


def test_a_stranger_cannot_read_a_key_nor_follow_or_cancel_a_refresh(told, team, owner, stranger, signed_in):
    key = told("shared")
    going = BalanceRefresh.objects.create(team=team, person=owner, keys=[key.pk], total=1)
    theirs = signed_in(stranger)

    assert theirs.post(f"/balances/{key.pk}/read/").status_code == 404
    assert theirs.get(f"/balances/refresh/{going.pk}/").status_code == 404
    assert theirs.post(f"/balances/refresh/{going.pk}/cancel/").status_code == 404
    going.refresh_from_db()
    assert going.is_under_way


def test_a_member_cannot_cancel_the_refresh_of_somebody_else(told, team, owner, member, signed_in):
    going = BalanceRefresh.objects.create(team=team, person=owner, keys=[], total=1)

    assert signed_in(member).post(f"/balances/refresh/{going.pk}/cancel/").status_code == 404
    assert signed_in(owner).post(f"/balances/refresh/{going.pk}/cancel/").status_code == 200
    going.refresh_from_db()
    assert going.cancelled


def test_the_first_to_run_out_stands_first_and_what_is_unknown_last(told, owner, signed_in):
    now = timezone.now()
    told("later", runs_out=now + timedelta(days=9))
    told("sooner", runs_out=now + timedelta(days=2))
    told("never")

    page = signed_in(owner).get("/balances/")

    assert names(page) == ["sooner", "later", "Demo key", "never"]
    assert page.context["summary"]["first"].name == "sooner"


def test_amounts_are_ranked_only_within_their_unit(told, owner, signed_in):
    for name, left, unit in [("much", 900, "CNY"), ("some", 5, "USD"), ("little", 1, "USD"), ("units", 10**6, "units")]:
        told(name, left=D(left), unit=unit)

    page = signed_in(owner).get("/balances/?sort=-left")

    assert names(page) == ["some", "little", "much", "units", "Demo key"]


def test_currencies_are_never_added(told, owner, signed_in):
    told("a", left=D(10), unit="USD")
    told("b", left=D(5), unit="USD")
    told("c", left=D(7), unit="CNY")

    assert signed_in(owner).get("/balances/").context["summary"]["left"] == ["$15.00", "¥7.00"]


def test_an_account_that_two_keys_draw_on_counts_once(told, owner, signed_in):
    for name in ("one", "two"):
        BalanceReading.objects.filter(key=told(name, left=D(40))).update(of="account")

    assert signed_in(owner).get("/balances/").context["summary"]["left"] == ["$40.00"]


def test_the_board_is_searched_and_filtered(told, owner, member, signed_in):
    told("Nightly batch")
    told("Spent", left=D(0))
    told("Theirs", owner=member)
    browser = signed_in(owner)

    assert names(browser.get("/balances/?q=nightly+olivia")) == ["Nightly batch"]
    assert names(browser.get("/balances/?state=attention")) == ["Spent"]
    assert names(browser.get(f"/balances/?holder={member.pk}")) == ["Theirs"]
    assert names(browser.get("/balances/?q=%00&sort=nonsense&state=x&holder=x")) != []


def test_htmx_gets_the_list_alone(told, owner, signed_in):
    part = signed_in(owner).get("/balances/", headers={"HX-Request": "true"})

    assert b"<html" not in part.content and b"balance-table" in part.content


def test_a_figure_carries_its_unit_and_unlimited_is_a_word(told, owner, signed_in):
    told("a", left=D("18.2"))
    BalanceReading.objects.filter(key=told("b", left=None)).update(unlimited=True, binds="account")
    told("c", left=D(1204000), unit="units", oddities=["unit_unsure"])

    rows = {
        row.name: (row.left, row.left_note, row.binds) for row in signed_in(owner).get("/balances/").context["rows"]
    }

    assert rows["a"] == ("$18.20", "of $100.00", "Key quota")
    assert rows["b"] == ("Unlimited", "account not told", "Account balance")
    assert rows["c"] == ("1,204,000 units", "≈ $2.41, rate not stated", "Key quota")


def test_the_file_holds_every_key_and_runs_no_formula(told, owner, signed_in):
    told("=1+1", left=D("-3.5"))

    response = signed_in(owner).get("/balances/?as=csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["'=1+1"]["left"] == "-3.500000000"
    assert rows["'=1+1"]["unit"] == "USD"
    assert set(rows) == {"'=1+1", "Demo key"}


def test_a_name_with_markup_is_shown_and_never_run(told, owner, signed_in):
    key = told("<img src=x onerror=alert(1)>")

    for page in ("/balances/", f"/balances/{key.pk}/"):
        content = signed_in(owner).get(page).content
        assert b"<img src=x" not in content and b"&lt;img src=x" in content


def test_no_secret_stands_on_the_board(told, owner, signed_in):
    key = told("one")
    browser = signed_in(owner)

    pages = [browser.get(page) for page in ("/balances/", f"/balances/{key.pk}/", f"/balances/{key.pk}/readings.json")]
    file = b"".join(browser.get("/balances/?as=csv").streaming_content)

    assert all(b"sk-1234567890abcdef" not in page.content for page in pages)
    assert b"sk-1234567890abcdef" not in file


def test_a_thousand_keys_are_read_with_a_handful_of_queries(team, owner, signed_in, django_assert_max_num_queries):
    from accounts.gateways import sandbox

    gateway, now = sandbox(), timezone.now()
    keys = [
        Key(
            team=team,
            owner=owner,
            gateway=gateway,
            name=f"key {number}",
            secret="sk-1234567890abcdef",
            shared_with="team",
        )
        for number in range(1000)
    ]
    Key.objects.bulk_create(keys)
    made = BalanceReading.objects.bulk_create(
        [
            BalanceReading(key=key, of="key", binds="key", unit="USD", left=D(number), limit=D(1000), at=now)
            for number, key in enumerate(keys)
        ]
    )
    BalanceStanding.objects.bulk_create(
        [BalanceStanding(key=one.key, reading=one, asked_at=now, told_at=now, days=[1.0] * 14) for one in made]
    )
    browser = signed_in(owner)

    with django_assert_max_num_queries(12):
        page = browser.get("/balances/")
    rest = rest_of(page)
    with django_assert_max_num_queries(12):
        others = browser.get(rest, headers={"HX-Request": "true"})

    ids = [row.id for page in (page, others) for row in page.context["rows"]]
    assert (len(page.context["rows"]), len(ids), len(set(ids))) == (60, 1001, 1001)
    assert others.content.count(b"<tr ") == 941 and b"hx-get" not in others.content


def test_the_rest_follows_the_same_filters_and_order(told, owner, signed_in, monkeypatch):
    monkeypatch.setattr(board, "FIRST_ROWS", 2)
    for name in ("team a", "team b", "team c", "team d", "other"):
        told(name)
    browser = signed_in(owner)

    page = browser.get("/balances/?q=team&sort=-name")
    rest = rest_of(page)

    assert names(page) == ["team d", "team c"]
    assert names(browser.get(rest, headers={"HX-Request": "true"})) == ["team b", "team a"]
    assert b"2 more keys are on their way" in page.content


def test_reading_a_key_now_asks_its_gateway(scripted, key_at, owner, signed_in):
    gateway = scripted(NEW_API)
    key = key_at(gateway)

    response = signed_in(owner).post(f"/balances/{key.pk}/read/")

    assert (response.status_code, gateway.asked.count(USAGE)) == (302, 1)
    assert "$1.98" in signed_in(owner).get(f"/balances/{key.pk}/").content.decode()


def test_a_chart_holds_the_readings_of_one_unit(told, owner, signed_in):
    key = told("one", left=D(5))
    BalanceReading.objects.create(key=key, at=timezone.now() - timedelta(days=1), of="key", unit="USD", left=D(9))
    BalanceReading.objects.create(key=key, at=timezone.now() - timedelta(days=2), of="key", unit="CNY", left=D(70))
    BalanceReading.objects.create(key=key, at=timezone.now(), code="unreachable")

    drawn = signed_in(owner).get(f"/balances/{key.pk}/readings.json").json()

    assert (drawn["unit"], drawn["left"], len(drawn["at"])) == ("USD", [9.0, 5.0], 2)


def test_a_refresh_is_worked_off_and_its_rows_come_as_they_are_read(scripted, key_at, team, owner, signed_in):
    good = key_at(scripted(NEW_API, kind="new-api"))
    down = key_at(scripted({USAGE: (502, "")}, kind="new-api"), name="down")
    Key.objects.exclude(pk__in=[good.pk, down.pk]).delete()
    browser = signed_in(owner)
    begin = timezone.now().isoformat()

    first = browser.post("/balances/refresh/").content.decode()
    again = browser.post("/balances/refresh/").content.decode()
    going = BalanceRefresh.objects.get()
    assert "Waiting for the worker" in first and str(going.pk) in again

    with worked_off():
        limit = time.monotonic() + 30
        while BalanceRefresh.objects.get().is_under_way and time.monotonic() < limit:
            time.sleep(0.1)

    told = browser.get(f"/balances/refresh/{going.pk}/", {"after": begin}).content.decode()
    going.refresh_from_db()
    assert (going.total, going.done, going.failed) == (2, 2, 1)
    assert f'id="key-{good.pk}"' in told and f'id="key-{down.pk}"' in told
    assert "1 failed" in told and "hx-trigger" not in told.split("<template>")[0]


def test_a_refresh_whose_worker_died_gives_way_to_the_next_one(told, team, owner, signed_in):
    key = told("shared")
    begun = BalanceRefresh.objects.create(team=team, person=owner, keys=[key.pk], total=1, begun_at=timezone.now())
    browser = signed_in(owner)

    board = browser.get("/balances/").content.decode()
    following = browser.get(f"/balances/refresh/{begun.pk}/").content.decode()
    browser.post("/balances/refresh/")

    for page in (board, following):
        assert "Its worker is gone" in page and "Refresh all" in page
    begun.refresh_from_db()
    assert begun.cancelled and BalanceRefresh.objects.exclude(pk=begun.pk).get().is_under_way


def test_a_refresh_whose_worker_lives_stays_the_only_one(told, team, owner, signed_in):
    key = told("shared")
    begun = BalanceRefresh.objects.create(team=team, person=owner, keys=[key.pk], total=1, begun_at=timezone.now())
    job = refresh_team.defer(refresh=str(begun.pk))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [*cursor.fetchone(), job]
        )

    following = signed_in(owner).post("/balances/refresh/").content.decode()

    assert "0 of 1" in following and "Refresh all" not in following
    assert BalanceRefresh.objects.get() == begun


def test_a_viewer_may_look(told, join, signed_in):
    told("shared")

    assert names(signed_in(join("viewer")).get("/balances/")) == ["Demo key", "shared"]
    assert Membership.objects.filter(role="viewer").count() == 1
