"""What runs say they cost against what gateways say was used."""

import itertools
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from playground.models import Run
from playground.models.runs import State, id_at
from playground.runs.wording import make_words
from tests.accounts.conftest import *  # noqa: F403
from tests.readings.conftest import *  # noqa: F403
from tests.views.balances_told import told

__all__ = ["told"]


@pytest.fixture
def ran(team, owner):
    """A run of yesterday: `ran(key, cost=D("0.5"), currency="USD")`."""
    numbers = itertools.count(1)

    def _ran(key, **fields):
        at = timezone.now() - timedelta(days=1)
        run = Run.objects.create(
            id=id_at(at) + next(numbers), team=team, user=owner, key=key, key_name=key.name if key else "", model="m",
            operation="chat-basic", dialect="openai-chat", state=State.SUCCEEDED, started_at=at, **fields,
        )  # fmt: skip
        make_words([run.id])
        return run

    return _ran


def differences(browser):
    return {row.name: row for row in browser.get("/balances/differences/").context["rows"]}


def test_what_runs_and_gateways_say_is_set_side_by_side_and_leads_to_where_they_differ(told, ran, owner, signed_in):
    ran(told("one"), cost=D(24), currency="USD")

    said = signed_in(owner).get("/balances/reconciled/").content.decode()

    assert "$24.00" in said and "vs $30.00" in said and "20.0 % apart" in said
    assert 'href="/balances/differences/"' in said


def test_less_than_a_cent_is_not_called_apart(told, ran, signed_in, owner):
    key = told("one", used_30=D(0))
    ran(key, cost=D("0.00018"), currency="USD")
    browser = signed_in(owner)

    said = browser.get("/balances/reconciled/").content.decode()

    assert "too little to compare yet" in said and "apart" not in said
    assert differences(browser)["one"].share == ""


def test_the_keys_that_differ_most_stand_first_and_each_leads_to_its_runs(told, ran, owner, signed_in):
    near, far = told("near"), told("far")
    for cost in (14, 15):
        ran(near, cost=D(cost), currency="USD")
    ran(far, cost=D(2), currency="USD")
    browser = signed_in(owner)

    rows = differences(browser)

    assert list(rows) == ["far", "near"]
    assert [(row.runs, row.counted, row.told, row.apart, row.share) for row in rows.values()] == [
        ("1", "$2.00", "$30.00", "$28.00", "93.3 %"),
        ("2", "$29.00", "$30.00", "$1.00", "3.3 %"),
    ]
    for row in rows.values():
        behind = browser.get(row.runs_url).context["days"]
        assert sum(len(day.rows) for day in behind) == int(row.runs)


def test_two_currencies_are_neither_added_nor_compared(told, ran, owner, signed_in):
    yuan = told("yuan", unit="CNY")
    ran(yuan, cost=D(4), currency="USD")
    mixed = told("mixed")
    ran(mixed, cost=D(4), currency="USD")
    ran(mixed, cost=D(70), currency="CNY")

    rows = differences(signed_in(owner))

    assert (rows["yuan"].counted, rows["yuan"].told, rows["yuan"].apart) == ("$4.00", "¥30.00", "—")
    assert (rows["mixed"].counted, rows["mixed"].apart) == ("$4.00 + ¥70.00", "$26.00")


def test_runs_of_keys_that_one_does_not_see_are_told_in_one_line(told, ran, make_key, owner, member, signed_in):
    ran(make_key(name="Kept to myself", owner=owner, shared_with="me"), cost=D(4), currency="USD")
    ran(None, cost=D(2), currency="USD")

    page = signed_in(member).get("/balances/differences/")

    assert page.context["elsewhere"] == {"runs": "2", "counted": "$6.00"}
    assert b"Kept to myself" not in page.content


def test_each_day_of_a_key_leads_to_the_runs_of_that_day(told, ran, owner, signed_in):
    key = told("one")
    ran(key, cost=D(2), currency="USD")
    ran(key, cost=D(3), currency="USD")
    browser = signed_in(owner)

    days = [day for day in browser.get(f"/balances/{key.pk}/").context["days"] if day["runs"]]

    assert [(day["runs"], day["counted"]) for day in days] == [(2, "$5.00")]
    assert sum(len(day.rows) for day in browser.get(days[0]["url"]).context["days"]) == 2
