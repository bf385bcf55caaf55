"""What the team's runs came to, and that every number leads to the runs behind it."""

import csv
import io
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.test import Client
from django.utils import timezone

from playground.models import Run
from playground.models.runs import State, id_at
from playground.runs.wording import make_words
from tests.accounts.conftest import *  # noqa: F403


@pytest.fixture
def ran(team, owner):
    """A run some days ago: `ran("gpt-4o", days=3, state="failed")`."""

    def _ran(model="gpt-4o", days=0.0, user=owner, number=[0], **more):  # noqa: B006
        at = timezone.now() - timedelta(days=days)
        number[0] += 1
        fields = {"state": State.SUCCEEDED, "operation": "chat-basic", "dialect": "openai-chat", **more}
        run = Run.objects.create(
            id=id_at(at) + number[0], team=more.pop("team", team), user=user, model=model, started_at=at, **{**fields, **more}
        )  # fmt: skip
        make_words([run.id])
        return run

    return _ran


def rows(page):
    return {row.name: row for row in page.context["rows"]}


def counts(row):
    return [int(one.count) for one in row.failures]


def test_runs_are_summed_by_model(ran, owner, signed_in):
    ran("a", input_tokens=100, output_tokens=10, cost=D("0.5"), currency="USD", first_text_ms=100)
    ran("a", input_tokens=50, output_tokens=5, cost=D("0.25"), currency="USD", first_text_ms=300, state=State.FAILED)
    ran("b", first_text_ms=2000)

    page = signed_in(owner).get("/usage/?by=model")

    a, b = rows(page)["a"], rows(page)["b"]
    assert (a.runs, counts(a), a.given, a.made, a.cost, a.first_text) == ("2", [1], "150", "15", "$0.75", "200 ms")
    assert (b.runs, counts(b), b.cost, b.first_text) == ("1", [], "—", "2.00 s")
    assert page.context["total"]["failed"] == "33.3 %"


def test_runs_out_of_the_period_do_not_count(ran, owner, signed_in):
    ran("new", days=2)
    ran("old", days=12)

    assert set(rows(signed_in(owner).get("/usage/?by=model&days=7"))) == {"new"}
    assert set(rows(signed_in(owner).get("/usage/?by=model&days=30"))) == {"new", "old"}


@pytest.mark.parametrize("by", ["day", "person", "key", "model", "operation", "nonsense"])
def test_every_number_leads_to_the_runs_behind_it(ran, owner, member, make_key, signed_in, by):
    key = make_key(name="one")
    for days, user, model in [(0, owner, "a"), (1, member, "a"), (1, member, "b"), (3, owner, "b")]:
        ran(model, days=days, user=user, key=key, key_name="one")
    for state in (State.FAILED, State.CUT_SHORT, State.CUT_SHORT, State.INTERRUPTED):
        ran("a", days=1, state=state, key=key, key_name="one", operation="models-list")
    browser = signed_in(owner)

    for row in rows(browser.get(f"/usage/?by={by}")).values():
        behind = browser.get(row.url).context["days"]
        assert sum(len(day.rows) for day in behind) == int(row.runs)
        for one in row.failures:
            failed = browser.get(one.url).context["days"]
            assert sum(len(day.rows) for day in failed) == int(one.count)


def test_a_sum_of_runs_without_a_key_leads_to_no_other_runs(ran, owner, make_key, signed_in):
    ran("a", key=make_key(name="one"), key_name="one")
    ran("a", state=State.FAILED)

    without = rows(signed_in(owner).get("/usage/?by=key"))["no key"]

    assert (without.runs, without.url, [one.url for one in without.failures]) == ("1", "", [""])


def test_currencies_stand_beside_each_other(ran, owner, signed_in):
    ran("a", cost=D(2), currency="USD")
    ran("a", cost=D(7), currency="CNY")

    assert rows(signed_in(owner).get("/usage/?by=model"))["a"].cost == "$2.00 + ¥7.00"


def test_a_strangers_team_sees_none_of_it(ran, stranger, signed_in):
    ran("secret-model")

    assert rows(signed_in(stranger).get("/usage/?by=model")) == {}
    assert Client().get("/usage/").status_code == 302


def test_the_file_has_a_row_a_sum(ran, owner, signed_in):
    ran("=cmd()", input_tokens=3)

    response = signed_in(owner).get("/usage/?by=model&as=csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    told = next(csv.DictReader(io.StringIO(text)))
    assert (told["group"], told["runs"], told["input_tokens"]) == ("'=cmd()", "1", "3")


def test_the_file_holds_each_currency_in_a_column_of_its_own(ran, owner, signed_in):
    ran("a", cost=D("2.5"), currency="USD")
    ran("a", cost=D(7), currency="CNY")
    ran("a", cost=D(900), currency="units")

    response = signed_in(owner).get("/usage/?by=model&as=csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    [told] = csv.DictReader(io.StringIO(text))
    assert [D(told[name]) for name in ("cost_usd", "cost_cny", "cost_units")] == [D("2.5"), D(7), D(900)]
