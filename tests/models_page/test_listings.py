"""What gateways of every kind offer, out of what they answer."""

import json
from decimal import Decimal as D

import pytest

from playground.balances import Answered, NoBalance
from playground.offers import Listing, Price, listing
from tests.balances.gateways import status
from tests.models_page.lists import Site, gemini_models, litellm_model, models, openrouter_model, priced, pricing

PLAIN = "openai"


def told(kind: str, site: Site, asked: list[str] | None = None) -> Listing:
    """The listing that comes of asking a gateway that answers by a table."""
    telling = listing(kind)
    try:
        ask = next(telling)
        while True:
            if asked is not None:
                asked.append(f"{ask.auth} {ask.path}")
            answer = site.get(ask.path.partition("?")[0], (404, "no such page"))
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            ask = telling.send(Answered(status, body if isinstance(body, bytes) else json.dumps(body).encode()))
    except StopIteration as end:
        return end.value


def offer(heard: Listing, name: str):
    return next(one for one in heard.offers if one.name == name)


def test_a_new_api_gateway_tells_models_prices_vendors_and_the_group_they_are_for():
    site = {
        "/v1/models": models("gpt-4o", "gpt-image-1"),
        "/api/pricing": pricing(
            priced("gpt-4o", vendor_id=1, supported_endpoint_types=["openai", "openai-response"]),
            priced("gpt-image-1", quota_type=1, model_price=0.04, supported_endpoint_types=["image-generation"]),
            priced("not-for-this-key"),
            vendors=[{"id": 1, "name": "OpenAI", "icon": "OpenAI"}],
        ),
        "/api/status": status(quota_display_type="USD"),
    }

    heard = told("new-api", site)

    gpt, image = heard.offers
    assert (gpt.name, gpt.vendor, gpt.kinds) == ("gpt-4o", "OpenAI", ("chat", "responses"))
    assert gpt.price == Price("USD", input=D("2.5"), output=D(10), cached=D("1.25"))
    assert (image.name, image.kinds, image.price) == ("gpt-image-1", ("images",), Price("USD", call=D("0.04")))
    assert (heard.group, heard.ratio, heard.sources) == ("default", D(1), ("/v1/models", "/api/pricing"))


def test_the_key_goes_only_where_it_is_needed():
    asked: list[str] = []

    told("new-api", {"/v1/models": models("a"), "/api/pricing": pricing(priced("a"))}, asked)

    assert asked == [
        "bearer /v1/models", "x-goog-api-key /v1beta/models?pageSize=1000", "none /api/pricing", "none /api/status",
    ]  # fmt: skip


def test_the_ratio_of_the_group_is_in_the_price():
    site = {"/v1/models": models("a", "b", "c"), "/api/pricing": pricing(
        priced("a"), priced("b", enable_groups=["vip"]), priced("c", enable_groups=["unheard"]),
        groups={"default": 2, "vip": 0.5},
    )}  # fmt: skip

    prices = [one.price and one.price.input for one in told("new-api", site).offers]

    assert prices == [D(5), D("1.25"), None]


@pytest.mark.parametrize(
    ("shown", "unit", "paid"),
    [
        ({"quota_display_type": "CNY", "usd_exchange_rate": 7}, "CNY", D("17.5")),
        ({"quota_display_type": "TOKENS"}, "units", D(1_250_000)),
        ({"quota_per_unit": 1_000_000}, "USD", D("1.25")),
    ],
)
def test_prices_are_in_the_unit_in_which_the_gateway_shows_money(shown, unit, paid):
    site = {"/v1/models": models("a"), "/api/pricing": pricing(priced("a")), "/api/status": status(**shown)}

    price = offer(told("new-api", site), "a").price

    assert (price.unit, price.input) == (unit, paid)


def test_a_gateway_that_hides_its_status_is_taken_to_count_as_new_api_does():
    site = {"/v1/models": models("a"), "/api/pricing": pricing(priced("a"))}

    assert offer(told("new-api", site), "a").price == Price("USD", input=D("2.5"), output=D(10), cached=D("1.25"))


def test_a_price_that_depends_on_the_call_is_not_guessed():
    site = {"/v1/models": models("a"), "/api/pricing": pricing(priced("a", billing_mode="tiered_expr"))}

    found = offer(told("new-api", site), "a")

    assert (found.price, found.is_tiered) == (None, True)


def test_old_versions_without_vendors_and_groups_are_read_too():
    site = {"/v1/models": models("claude-x"), "/api/pricing": {"success": True, "data": [
        {"model_name": "claude-x", "quota_type": 0, "model_ratio": 1, "completion_ratio": 5, "owner_by": ""},
    ]}}  # fmt: skip

    found = offer(told("unknown", site), "claude-x")

    assert (found.vendor, found.price) == ("Anthropic", Price("USD", input=D(2), output=D(10)))


def test_a_gateway_without_prices_still_tells_its_models():
    heard = told(PLAIN, {"/v1/models": models("llama-3"), "/api/pricing": (401, {"success": False})})

    assert [(one.name, one.vendor, one.kinds, one.price) for one in heard.offers] == [
        ("llama-3", "Meta", ("chat",), None)
    ]


def test_geminis_own_list_adds_its_path_and_context_but_only_to_geminis_models():
    site = {
        "/v1/models": models("gemini-2.5-pro", "gpt-4o"),
        "/v1beta/models": gemini_models("gemini-2.5-pro", "gpt-4o", "gemini-only"),
    }

    heard = told("new-api", site)

    assert [(one.name, one.kinds, one.context) for one in heard.offers] == [
        ("gemini-2.5-pro", ("chat", "gemini"), 1000), ("gemini-only", ("gemini",), 1000), ("gpt-4o", ("chat",), None),
    ]  # fmt: skip


def test_openrouter_prices_come_with_the_list_and_nothing_more_is_asked():
    asked: list[str] = []
    row = openrouter_model(
        "anthropic/claude-x", prompt="0.000003", completion="0.000015", input_cache_read="0.0000003", request="0"
    )
    auto = openrouter_model("openrouter/auto", prompt="-1", completion="-1")

    heard = told("openrouter", {"/v1/models": {"data": [row, auto]}}, asked)

    claude = offer(heard, "anthropic/claude-x")
    assert (claude.vendor, claude.context, asked) == ("Anthropic", 200_000, ["bearer /v1/models"])
    assert claude.price == Price("USD", input=D(3), output=D(15), cached=D("0.3"))
    assert offer(heard, "openrouter/auto").price is None


def test_litellm_prices_are_of_the_dearest_deployment_behind_a_name():
    site = {"/v1/models": models("fast", "whisper"), "/model/info": {"data": [
        litellm_model("fast", input_cost_per_token=1e-06, output_cost_per_token=4e-06, max_input_tokens=8192, mode="chat"),
        litellm_model("fast", input_cost_per_token=2e-06, output_cost_per_token=8e-06, mode="chat"),
        litellm_model("whisper", mode="audio_transcription"),
    ]}}  # fmt: skip

    heard = told("litellm", site)

    assert offer(heard, "fast").price == Price("USD", input=D(2), output=D(8))
    assert (offer(heard, "whisper").kinds, offer(heard, "whisper").price) == (("transcription",), None)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, {"error": {"message": "Invalid token"}}), "refused"),
        ((404, "nothing"), "no_figure"),
        ((502, b"<html>"), "gateway_failed"),
        ({"data": "no list"}, "unreadable"),
        ((200, b"<html>closed</html>"), "unreadable"),
        ({"error": {"message": "token expired"}}, "expired"),
    ],
)
def test_a_gateway_that_tells_no_list_is_no_empty_list(answer, code):
    with pytest.raises(NoBalance) as refusal:
        told("new-api", {"/v1/models": answer})

    assert refusal.value.code == code


def test_strange_rows_are_left_out_and_the_rest_is_read():
    rows = [None, 3, {"id": 7}, {"id": ""}, {"id": "\u200b\x00a" * 300}, {"id": "good"}]
    strange = pricing(
        None, {"model_name": "good", "model_ratio": "NaN"}, {"model_name": []}, groups={"default": "x"}, vendors="none"
    )

    heard = told(
        "new-api",
        {"/v1/models": {"data": rows}, "/api/pricing": strange, "/v1beta/models": {"models": [1, {"name": None}]}},
    )

    assert [(one.name[:4], one.price) for one in heard.offers] == [("aaaa", None), ("good", None)]
    assert max(len(one.name) for one in heard.offers) <= 200


def test_prices_are_kept_to_the_twelfth_digit_and_come_back_the_same():
    price = Price("CNY", input=D("0.000000000001"), output=D(0), cached=D("12.5"))

    assert price.kept() == {"unit": "CNY", "input": "0.000000000001", "output": "0", "cached": "12.5"}
    assert Price.of(price.kept()) == price
