"""What a run costs, by its tokens, by the call, and by what the gateway itself says."""

from decimal import Decimal as D

import pytest

from playground.models import State
from playground.offers import Price, calls_in, cost_of
from playground.runs.costs import UNKNOWN, Cost, Tariff, cost_at_end, told_in

TOKENS = Price("USD", input=D("2.5"), output=D(10), cached=D("1.25"))
BY_CALL = Price("CNY", call=D("0.28"))


def used(given=None, made=None, cached=None, thought=None, **more):
    return {"input_tokens": given, "output_tokens": made, "cached_tokens": cached, "reasoning_tokens": thought, **more}


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (used(1000, 500), "0.0075"),
        (used(1000, 500, cached=400), "0.007"),
        (used(1000, 500, cached=5000), "0.00625"),
        (used(1000, 500, thought=300), "0.0075"),
        (used(1000), "0.0025"),
        (used(0, 0), "0"),
    ],
)
def test_tokens_cost_what_a_million_of_them_costs(usage, cost):
    assert cost_of(TOKENS, usage) == D(cost)


def test_thinking_with_a_price_of_its_own_is_paid_by_that():
    assert cost_of(Price("USD", input=D(1), output=D(10), reasoning=D(2)), used(0, 1000, thought=400)) == D("0.0068")


@pytest.mark.parametrize("usage", [used(), {}])
def test_a_run_that_counted_nothing_has_no_cost(usage):
    assert cost_at_end(Tariff(TOKENS), State.SUCCEEDED, usage, None) == UNKNOWN


def test_an_amount_that_is_needed_and_not_told_leaves_the_cost_unknown():
    assert cost_of(Price("USD", input=D(1)), used(10, 10)) is None
    assert cost_of(Price("USD", input=D(1)), used(10, 0)) == D("0.00001")


def test_a_call_is_charged_once_and_only_when_it_went_well():
    assert cost_at_end(Tariff(BY_CALL), State.SUCCEEDED, {}, None) == Cost(D("0.28"), "CNY")
    assert cost_at_end(Tariff(BY_CALL), State.FAILED, {}, None) == UNKNOWN


def test_tokens_of_a_run_that_failed_or_was_stopped_were_charged_all_the_same():
    assert cost_at_end(Tariff(TOKENS), State.STOPPED, used(1000, 0), None) == Cost(D("0.0025"), "USD")


def test_what_the_gateway_says_counts_before_any_price():
    assert cost_at_end(Tariff(TOKENS), State.SUCCEEDED, used(1, 1, cost=0.0123), None) == Cost(D("0.0123"), "USD")
    assert cost_at_end(Tariff(TOKENS), State.SUCCEEDED, used(1, 1), D("0.5")) == Cost(D("0.5"), "USD")
    assert cost_at_end(None, State.SUCCEEDED, used(1, 1, cost=0), None) == Cost(D(0), "USD")
    assert cost_at_end(None, State.SUCCEEDED, used(1, 1), None) == UNKNOWN


def test_a_header_before_a_stream_that_says_nothing_yet_says_nothing():
    assert told_in({"x-litellm-response-cost": "0.0"}, True) is None
    assert told_in({"x-litellm-response-cost": "0.0"}, False) == D(0)
    assert told_in({"x-litellm-response-cost": "3.5e-05"}, True) == D("0.000035")
    assert told_in({"x-litellm-response-cost": "None"}, False) is None


def test_an_unknown_cost_is_null_and_has_no_unit():
    assert UNKNOWN.metrics() == {"cost": None, "currency": ""}
    assert Cost(D("0.25"), "CNY").metrics() == {"cost": 0.25, "currency": "CNY"}


@pytest.mark.parametrize(
    ("dialect", "model", "asked", "calls"),
    [
        ("openai-images", "gpt-image-1", {"n": 3}, "3"),
        ("openai-images", "gpt-image-1", {"n": "two"}, "1"),
        ("openai-images", "gpt-image-1", {"n": 10**9}, "1"),
        ("openai-images", "dall-e-2", {"size": "256x256", "n": 2}, "0.8"),
        ("openai-images", "dall-e-3", {"size": "1792x1024", "quality": "hd"}, "3"),
        ("openai-images", "dall-e-3", {"size": ["?"]}, "1"),
        ("sora-video", "sora-2", {"seconds": "8"}, "8"),
        ("sora-video", "sora-2", {}, "4"),
        ("openai-chat", "gpt-4o", {"n": 3}, "1"),
        ("openai-images", "gpt-image-1", "no object", "1"),
    ],
)
def test_pictures_are_charged_one_by_one_and_films_by_the_second(dialect, model, asked, calls):
    assert calls_in(dialect, model, asked) == D(calls)
