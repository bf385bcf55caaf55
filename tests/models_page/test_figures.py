"""Money and prices as people read them, and sums in which no two units meet."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone, translation

from playground.models import Run
from playground.views import figures


@pytest.fixture(autouse=True)
def in_english():
    """The words of the figures are looked at in English."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (D("0.0161"), "USD", "$0.0161"), (D("0.000045"), "USD", "$0.000045"), (D("0.00001234"), "CNY", "¥0.000012"),
        (D("1482.161"), "CNY", "¥1,482.16"), (D(1250), "units", "1,250 units"), (D(1), "units", "1 unit"), (D(0), "USD", "free"), (None, "USD", "—"),
    ],
)  # fmt: skip
def test_the_cost_of_a_run_is_never_nothing_where_it_was_something(amount, unit, words):
    assert figures.money(amount, unit) == words


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (D("2.5"), "USD", "$2.50"), (D("0.075"), "USD", "$0.075"), (D("17.5"), "CNY", "¥17.50"), (D(10), "USD", "$10.00"),
        (D("0.0375"), "USD", "$0.0375"), (D(1_250_000), "units", "1,250,000 units"), (D(0), "USD", "free"), (None, "USD", "—"),
    ],
)  # fmt: skip
def test_prices_are_as_exact_as_they_were_told(amount, unit, words):
    assert figures.price(amount, unit) == words


@pytest.fixture
def spent(team, owner, make_key):
    """Runs of one key that cost something, each in a unit of its own."""
    key = make_key(shared_with="team")
    for cost, currency in ((D("0.25"), "USD"), (D("0.5"), "USD"), (D(2), "CNY"), (D(900), "units"), (None, "")):
        Run.objects.create(
            team=team, user=owner, key=key, key_name=key.name, model="a", operation="chat-basic", dialect="openai-chat",
            state="succeeded", started_at=timezone.now() - timedelta(seconds=1), cost=cost, currency=currency,
        )  # fmt: skip
    return key


def test_usage_adds_up_each_unit_by_itself(spent, signed_in, owner):
    page = signed_in(owner).get("/usage/?by=model")

    assert [row.cost for row in page.context["rows"]] == ["$0.75 + ¥2.00 + 900 units"]


def test_the_page_of_a_balance_adds_up_each_unit_by_itself(spent, signed_in, owner):
    page = signed_in(owner).get(f"/balances/{spent.pk}/")

    assert page.context["days"][0]["counted"] == "$0.75 + ¥2.00 + 900 units"
