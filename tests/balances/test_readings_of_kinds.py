"""What is read from each kind of gateway."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from playground.balances import Balance, Figure
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


def balance(site: dict, kind: str, url: str = "https://gateway.example", before: dict | None = None) -> Balance:
    return read(site, kind, url, before)[1]


def test_new_api_tells_quota_units_which_its_status_turns_into_dollars():
    told = balance({USAGE: usage(), STATUS: status()}, "new-api")

    assert told == Balance(
        Figure("key", "USD", D("1.97531"), D("0.02469"), D("2")), None, None, "/api/usage/token/", (), {}
    )
    assert told.binds == "key"


def test_new_api_whose_operator_changed_the_quota_of_a_dollar():
    told = balance({USAGE: usage(), STATUS: status(quota_per_unit=1000)}, "new-api")

    assert told.key == Figure("key", "USD", D("987.655"), D("12.345"), D("1000"))


def test_new_api_that_shows_yuan_is_read_in_yuan():
    told = balance({USAGE: usage(), STATUS: status(quota_display_type="CNY", usd_exchange_rate=7.3)}, "new-api")

    assert (told.key.unit, round(told.key.left, 6)) == ("CNY", D("14.419763"))


def test_new_api_that_shows_tokens_is_read_in_units():
    told = balance({USAGE: usage(), STATUS: status(quota_display_type="TOKENS")}, "new-api")

    assert (told.key.unit, told.key.left, told.oddities) == ("units", D(987655), ())


def test_new_api_that_hides_its_status_leaves_units_and_says_that_it_is_unsure():
    told = balance({USAGE: usage()}, "new-api")

    assert (told.key.unit, told.key.left, told.oddities) == ("units", D(987655), ("unit_unsure",))


@pytest.mark.parametrize("rate", [0, -1, "much", None, True])
def test_an_exchange_rate_that_is_none_leaves_units(rate):
    told = balance({USAGE: usage(), STATUS: status(quota_display_type="CNY", usd_exchange_rate=rate)}, "new-api")

    assert (told.key.unit, told.oddities) == ("units", ("unit_unsure",))


def test_a_key_that_was_overdrawn_has_less_than_nothing():
    told = balance({USAGE: usage(total_available=-500, total_used=1000500), STATUS: status()}, "new-api")

    assert told.key.left == D("-0.001")


def test_a_key_without_a_limit_is_told_beside_its_account():
    site = {
        USAGE: usage(unlimited_quota=True, total_available=-7), STATUS: status(),
        SUBSCRIPTION: subscription(1300.5), BILLING: billed(9173),
    }  # fmt: skip

    told = balance(site, "new-api")

    assert told.key == Figure("key", "USD", used=D("0.02469"), unlimited=True)
    assert told.account == Figure("account", "USD", D("1208.77"), D("91.73"), D("1300.5"))
    assert (told.main, told.binds) == (told.account, "account")


def test_the_sentinel_of_a_hundred_million_is_unlimited_and_never_a_number():
    site = {USAGE: usage(unlimited_quota=True), STATUS: status(), SUBSCRIPTION: subscription(100000000)}

    told = balance({**site, BILLING: billed(12)}, "new-api")

    assert (told.account, told.main.unlimited, told.main.left) == (None, True, None)
    assert (told.binds, told.oddities) == ("account", ("account_hidden",))


def test_a_key_of_a_few_models_says_so():
    assert balance({USAGE: usage(model_limits_enabled=True), STATUS: status()}, "new-api").oddities == (
        "models_limited",
    )


def test_an_expired_key_still_tells_what_it_has():
    told = balance({USAGE: usage(expires_at=1700000000), STATUS: status()}, "new-api")

    assert (told.expires_at, told.key.left) == (datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), D("1.97531"))


@pytest.mark.parametrize("never", [0, -1, None, "soon", 10**18])
def test_an_expiry_that_is_no_time_means_never(never):
    assert balance({USAGE: usage(expires_at=never), STATUS: status()}, "new-api").expires_at is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refused(), "refused"),
        (refused("No Authorization header"), "refused"),
        (refused("该令牌状态不可用"), "disabled"),
        (refused("该令牌已过期"), "expired"),
        (refused("This token quota is exhausted"), "spent"),
        (refused("", 403), "refused"),
        ((429, ""), "rate_limited"),
        ((502, "<html>Bad gateway</html>"), "gateway_failed"),
        ((200, "<html>Welcome</html>"), "unreadable"),
        ((200, ""), "unreadable"),
        ((200, "[" * 5000), "unreadable"),
        ((200, "null"), "unreadable"),
        ((200, {"code": 1, "data": {}}), "unreadable"),
        ((200, {"code": True, "data": []}), "unreadable"),
        ((200, {"success": False, "message": "Invalid token"}), "refused"),
        ((301, ""), "unreadable"),
        ((404, ""), "no_figure"),
        (error("token disabled", "new_api_error"), "disabled"),
        (error("database is locked", "upstream_error"), "gateway_failed"),
    ],
)
def test_an_answer_without_a_figure_says_why(answer, code):
    assert why_not({USAGE: answer, STATUS: status()}, "new-api").code == code


@pytest.mark.parametrize("figure", [None, True, "NaN", "Infinity", "1e99", "12 USD", [], {}])
def test_a_figure_that_is_no_number_is_not_shown(figure):
    assert why_not({USAGE: usage(total_available=figure), STATUS: status()}, "new-api").code == "unreadable"


def test_one_api_of_today_counts_what_was_used_into_its_limit():
    before = {"limit": "10.5", "used": "1.0"}

    told = balance({SUBSCRIPTION: subscription(10.5), BILLING: billed(250), STATUS: status()}, "one-api", before=before)

    assert told.key == Figure("key", "USD", D("8.0"), D("2.5"), D("10.5"))
    assert (told.oddities, told.facts["limit_is"]) == ((), "granted")


def test_one_api_of_the_past_gives_what_is_left_as_its_limit():
    before = {"limit": "10", "used": "1"}

    told = balance({SUBSCRIPTION: subscription(8.5), BILLING: billed(250), STATUS: status()}, "one-api", before=before)

    assert told.key == Figure("key", "USD", D("8.5"), D("2.5"), D("11.0"))
    assert told.facts["limit_is"] == "left"


def test_a_first_look_at_one_api_is_unsure_which_of_them_it_is():
    told = balance({SUBSCRIPTION: subscription(8.5), BILLING: billed(250), STATUS: status()}, "one-api")

    assert (told.key.left, told.oddities) == (D("6.0"), ("limit_unsure",))


def test_more_used_than_the_limit_means_that_the_limit_is_what_is_left():
    told = balance({SUBSCRIPTION: subscription(2), BILLING: billed(900), STATUS: status()}, "one-api")

    assert (told.key.left, told.key.limit, told.oddities) == (D(2), D(11), ())


def test_one_api_without_currency_counts_units():
    site = {SUBSCRIPTION: subscription(1204000), BILLING: billed(0), STATUS: status(display_in_currency=False)}

    assert balance(site, "one-api").key == Figure("key", "units", D(1204000), D(0), D(1204000))


def test_one_api_whose_unit_nobody_tells_is_unsure():
    told = balance({SUBSCRIPTION: subscription(1204000), BILLING: billed(0)}, "one-api")

    assert (told.key.unit, told.oddities) == ("units", ("unit_unsure",))


def test_one_api_without_a_limit_and_without_an_end():
    told = balance({SUBSCRIPTION: subscription(100000000, -1), BILLING: billed(55), STATUS: status()}, "one-api")

    assert told.key == Figure("key", "USD", used=D("0.55"), unlimited=True)
    assert told.expires_at is None


@pytest.mark.parametrize(
    ("message", "code"), [("Invalid token", "refused"), ("该令牌额度已用尽", "spent"), ("db error", "gateway_failed")]
)
def test_errors_of_one_api_come_with_status_200(message, code):
    assert why_not({SUBSCRIPTION: error(message, "one_api_error")}, "one-api").code == code


def test_openrouter_tells_the_limit_of_the_key_and_the_credits_behind_it():
    site = {"/api/v1/key": openrouter_key(), "/api/v1/credits": {"data": {"total_credits": 500, "total_usage": 480}}}

    told = balance(site, "openrouter")

    assert told.key == Figure("key", "USD", D("74.5"), D("25.5"), D(100))
    assert told.account == Figure("account", "USD", D(20), D(480), D(500))
    assert (told.main.left, told.binds) == (D(20), "account")


def test_openrouter_without_a_limit_whose_credits_are_for_managers():
    site = {"/api/v1/key": openrouter_key(limit=None, limit_remaining=None), "/api/v1/credits": error("no", "x", 403)}

    told = balance(site, "openrouter")

    assert (told.key.unlimited, told.account, told.binds, told.oddities) == (True, None, "account", ("account_hidden",))


def test_openrouter_with_a_monthly_limit_counts_the_month():
    told = balance(
        {"/api/v1/key": openrouter_key(limit_reset="monthly", usage=900, limit_remaining=41.07)}, "openrouter"
    )

    assert told.key == Figure("key", "USD", D("41.07"), D("58.93"), D(100), period="monthly")


def test_openrouter_below_a_base_url_that_ends_in_api():
    site = {"/v1/key": openrouter_key()}

    kind, told, asked = read(site, "unknown", "https://openrouter.ai/api")

    assert (kind, told.key.left, asked) == ("openrouter", D("74.5"), ["/v1/key", "/v1/credits"])


def test_litellm_tells_the_budget_of_the_key():
    told = balance({"/key/info": litellm_info()}, "litellm")

    assert told.key == Figure("key", "USD", D("640.12"), D("359.88"), D("1000.0"))


def test_litellm_with_a_budget_window_tells_when_it_begins_again():
    info = litellm_info(budget_duration="30d", budget_reset_at="2026-12-01T00:00:00Z", expires="2027-01-01T00:00:00")

    told = balance({"/key/info": info}, "litellm")

    assert (told.key.period, told.key.resets_at) == ("30d", datetime(2026, 12, 1, tzinfo=UTC))
    assert told.expires_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_litellm_without_a_budget_is_unlimited_and_a_blocked_key_says_so():
    told = balance({"/key/info": litellm_info(max_budget=None, blocked=True)}, "litellm")

    assert (told.key.unlimited, told.oddities) == (True, ("blocked",))


def test_deepseek_tells_the_account():
    told = balance({"/user/balance": deepseek(("CNY", "110.00"))}, "deepseek")

    assert (told.key, told.account, told.binds) == (None, Figure("account", "CNY", D("110.00")), "account")


def test_deepseek_with_two_currencies_adds_nothing():
    told = balance({"/user/balance": deepseek(("USD", "5.00"), ("CNY", "110.00"))}, "deepseek")

    assert (told.account.unit, told.account.left, told.oddities) == ("CNY", D("110.00"), ("several_currencies",))


def test_deepseek_passes_over_an_empty_purse():
    told = balance({"/user/balance": deepseek(("CNY", "0.00"), ("USD", "5.00"), available=False)}, "deepseek")

    assert (told.account.unit, told.oddities) == ("USD", ("blocked",))


def test_siliconflow_tells_yuan():
    assert balance({"/v1/user/info": siliconflow()}, "siliconflow").account == Figure("account", "CNY", D("88.88"))


def test_siliconflow_says_in_its_own_code_that_a_key_is_refused():
    body = {"code": 30001, "message": "Api key is invalid", "status": False, "data": None}

    assert why_not({"/v1/user/info": body}, "siliconflow").code == "refused"


@pytest.mark.parametrize(("host", "unit"), [("api.moonshot.cn", "CNY"), ("api.moonshot.ai", "USD")])
def test_moonshot_tells_the_currency_of_its_host(host, unit):
    told = balance({"/v1/users/me/balance": moonshot()}, "moonshot", f"https://{host}")

    assert (told.account, told.oddities) == (Figure("account", unit, D("49.58894")), ())


def test_moonshot_behind_another_host_is_unsure_of_its_currency():
    assert balance({"/v1/users/me/balance": moonshot()}, "moonshot").oddities == ("unit_unsure",)


def test_a_plain_gateway_has_no_figure_and_is_asked_nothing():
    assert why_not({}, "openai").code == "no_figure"
    assert why_not({}, "unknown", "https://api.anthropic.com").code == "no_figure"
