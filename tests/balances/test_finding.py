"""Finding the kind of a gateway by asking it."""

import pytest

from tests.balances.gateways import (
    BILLING,
    STATUS,
    SUBSCRIPTION,
    USAGE,
    billed,
    deepseek,
    error,
    litellm_info,
    moonshot,
    openrouter_key,
    read,
    refused,
    siliconflow,
    status,
    subscription,
    usage,
    why_not,
)

OPENAI_REFUSES = error("Incorrect API key provided", "invalid_request_error", 401)
EVERY_PATH = (
    STATUS, USAGE, SUBSCRIPTION, BILLING, "/api/v1/key", "/key/info", "/user/balance", "/v1/user/info", "/v1/users/me/balance",
)  # fmt: skip


@pytest.mark.parametrize(
    ("site", "kind"),
    [
        ({STATUS: status(), USAGE: usage()}, "new-api"),
        ({USAGE: usage()}, "new-api"),
        ({STATUS: status(), SUBSCRIPTION: subscription(5), BILLING: billed(0)}, "one-api"),
        ({SUBSCRIPTION: subscription(5), BILLING: billed(0)}, "one-api"),
        ({"/api/v1/key": openrouter_key()}, "openrouter"),
        ({"/key/info": litellm_info()}, "litellm"),
        ({"/user/balance": deepseek(("CNY", "1"))}, "deepseek"),
        ({"/v1/user/info": siliconflow()}, "siliconflow"),
        ({"/v1/users/me/balance": moonshot()}, "moonshot"),
    ],
)
def test_each_kind_is_found_by_what_it_answers(site, kind):
    assert read(site)[0] == kind


def test_a_gateway_whose_every_path_is_a_web_page_is_searched_to_the_end():
    page = (200, "<!doctype html><title>My gateway</title>")
    site = dict.fromkeys(EVERY_PATH, page)

    assert read({**site, "/v1/user/info": siliconflow()})[0] == "siliconflow"


def test_a_gateway_that_knows_none_of_the_paths_is_a_plain_one():
    reason = why_not({})

    assert (reason.code, reason.kind) == ("no_figure", "openai")


def test_a_key_refused_everywhere_is_refused_and_the_kind_stays_open():
    reason = why_not(dict.fromkeys(EVERY_PATH, OPENAI_REFUSES))

    assert (reason.code, reason.kind) == ("refused", "")


def test_a_key_that_new_api_refuses_is_told_so():
    reason = why_not({STATUS: status(), USAGE: refused()})

    assert (reason.code, reason.kind) == ("refused", "new-api")


def test_a_gateway_that_is_ill_is_not_taken_for_a_plain_one():
    reason = why_not(dict.fromkeys(EVERY_PATH, (502, "")))

    assert (reason.code, reason.kind) == ("gateway_failed", "")


def test_a_gateway_that_is_asked_too_often_says_so_at_once():
    site = {**dict.fromkeys(EVERY_PATH, (404, "")), USAGE: (429, "")}

    assert why_not(site).code == "rate_limited"


def test_the_cheapest_questions_come_first():
    assert read({STATUS: status(), USAGE: usage()})[2][:2] == [STATUS, USAGE]
