"""The page of models: what the chosen key may use, found, ordered, tried; who sees it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from playground.models import Shelf
from playground.offers import Listing, Offer, Price
from playground.shelf.asking import Outcome
from playground.shelf.keeping import keep
from tests.models_page.lists import models

DAY = timedelta(days=1)
GPT = Offer(
    "gpt-4o", "OpenAI", ("chat", "responses"), 128_000, Price("USD", input=D("2.5"), output=D(10), cached=D("1.25"))
)
CLAUDE = Offer(
    "claude-x", "Anthropic", ("chat", "messages"), 200_000, Price("USD", input=D(3), output=D(15), cached=D("0.3"))
)
IMAGE = Offer("gpt-image-1", "OpenAI", ("images",), None, Price("CNY", call=D("0.28")))
TIERED = Offer("qwen-x", "Qwen", ("chat",), is_tiered=True)
ALL = (GPT, CLAUDE, IMAGE, TIERED)


@pytest.fixture
def stocked(make_key):
    """A key with offers on its shelf: `stocked(GPT, days_ago=1)`."""

    def _stocked(*offers, key=None, days_ago=0, **fields):
        key = key or make_key(shared_with="team", **fields)
        listing = Listing(offers or ALL, ("/v1/models", "/api/pricing"), "default", D(1))
        keep(key.pk, Outcome(listing), timezone.now() - days_ago * DAY)
        return key

    return _stocked


@pytest.fixture
def page(signed_in, owner):
    """The page as the owner sees it: `page(key, "vendor=OpenAI")`."""
    return lambda key, query="", **more: signed_in(owner).get(f"/models/?key={key.pk}&{query}", **more)


def shown(answer):
    return [row.name for row in answer.context["rows"]]


def row(answer, name):
    return next(one for one in answer.context["rows"] if one.name == name)


def test_each_model_tells_its_vendor_kinds_context_and_price_with_its_unit(stocked, page):
    answer = page(stocked())

    gpt, image, tiered = (row(answer, name) for name in ("gpt-4o", "gpt-image-1", "qwen-x"))
    assert (gpt.vendor, gpt.context, gpt.input, gpt.output, gpt.cached) == (
        "OpenAI",
        "128k",
        "$2.50",
        "$10.00",
        "$1.25",
    )
    assert [str(kind.word) for kind in gpt.kinds] == ["Chat", "responses"]
    assert (image.call, image.call_unit, image.context) == ("¥0.28", "a picture", "—")
    assert (tiered.note, tiered.input) == ("depends on the call", "—")
    assert "Prices are for a million tokens · group default ×1" in answer.content.decode()


def test_the_list_is_narrowed_by_words_vendor_and_kind_together(stocked, page):
    key = stocked()

    assert shown(page(key, "q=GPT")) == ["gpt-4o", "gpt-image-1"]
    assert shown(page(key, "q=openai+chat")) == ["gpt-4o"]
    assert shown(page(key, "vendor=OpenAI&kind=images")) == ["gpt-image-1"]
    assert shown(page(key, "kind=messages")) == ["claude-x"]
    assert shown(page(key, "q=%00nothing")) == []
    assert len(shown(page(key, "kind=bogus&sort=bogus&page=x"))) == 4


def test_the_list_is_ordered_and_what_is_unknown_stands_last_both_ways(stocked, page):
    key = stocked()

    assert shown(page(key, "sort=input"))[:2] == ["gpt-4o", "claude-x"]
    assert shown(page(key, "sort=-input"))[:2] == ["claude-x", "gpt-4o"]
    assert shown(page(key, "sort=-context"))[:2] == ["claude-x", "gpt-4o"]


def test_what_is_new_and_what_is_gone_since_last_time_is_told_with_its_day(stocked, page):
    key = stocked(GPT, CLAUDE, days_ago=3)
    stocked(GPT, IMAGE, key=key)

    answer = page(key)

    assert shown(answer) == ["gpt-4o", "gpt-image-1", "claude-x"]
    assert [(row(answer, name).is_new, row(answer, name).is_gone) for name in shown(answer)] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    assert row(answer, "gpt-image-1").changed and row(answer, "claude-x").changed and not row(answer, "claude-x").url
    assert shown(page(key, "news=new")) == ["gpt-image-1"] and shown(page(key, "news=gone")) == ["claude-x"]
    assert answer.context["count"] == 2


def test_nothing_is_new_at_the_first_reading(stocked, page):
    assert not any(one.is_new for one in page(stocked()).context["rows"])


@pytest.mark.parametrize(
    ("offer", "operation"),
    [
        (GPT, "chat-stream"), (IMAGE, "image-generate"), (Offer("claude-x", kinds=("messages",)), "claude-stream"),
        (Offer("gemini-pro", kinds=("gemini",)), "gemini-stream"), (Offer("gemini-tts", kinds=("gemini",)), "gemini-tts"),
        (Offer("gpt-x", kinds=("responses",)), "gpt51-thinking"), (Offer("bge", kinds=("rerank",)), "rerank"),
        (Offer("e", kinds=("embeddings",)), "embeddings"), (Offer("t", kinds=("speech",)), "audio-speech"),
        (Offer("w", kinds=("transcription",)), "audio-transcribe"), (Offer("s", kinds=("video",)), "video-create"),
        (Offer("mj_imagine", kinds=("midjourney",)), "mj-imagine"),
    ],
)  # fmt: skip
def test_a_model_is_tried_with_the_operation_of_its_kind(stocked, page, offer, operation):
    key = stocked(offer)

    assert row(page(key), offer.name).url == f"/?operation={operation}&model={offer.name}&key={key.pk}"


def test_only_models_that_the_keys_owner_allows_are_shown(stocked, page):
    assert shown(page(stocked(allowed_models=["gpt-*"]))) == ["gpt-4o", "gpt-image-1"]


def test_a_gateway_that_is_down_shows_the_last_list_the_reason_and_to_admins_what_it_said(
    stocked, page, signed_in, member
):
    key = stocked(days_ago=1)
    keep(key.pk, Outcome(code="gateway_failed", said="upstream exploded"))

    answer = page(key)

    said = answer.content.decode()
    assert len(shown(answer)) == 4
    assert "The gateway answered with an error of its own." in said and "The last list is shown." in said
    assert "upstream exploded" in said
    assert "upstream exploded" not in signed_in(member).get(f"/models/?key={key.pk}").content.decode()


def test_a_key_never_read_is_asked_for_when_the_page_opens(make_key, page):
    said = page(make_key()).content.decode()

    assert "Asking the gateway for its models" in said and 'hx-post="/models/refresh/"' in said


def test_refreshing_asks_the_gateway_and_returns_to_the_list(scripted, key_at, signed_in, owner):
    key = key_at(scripted({"/v1/models": models("fresh")}))

    answer = signed_in(owner).post("/models/refresh/", {"key": key.pk}, follow=True)

    assert shown(answer) == ["fresh"]
    part = signed_in(owner).post("/models/refresh/", {"key": key.pk}, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"/models/?key={key.pk}"


def test_without_a_key_named_the_list_is_that_of_the_key_calls_go_out_with(stocked, signed_in, owner, team):
    stocked(GPT, name="Other")
    chosen = stocked(CLAUDE, name="Mine")
    owner.memberships.filter(team=team).update(chosen_key=chosen)

    assert shown(signed_in(owner).get("/models/")) == ["claude-x"]


def test_a_person_without_keys_is_told_the_next_step(signed_in, owner, team):
    team.keys.all().delete()

    assert "Models will stand here" in signed_in(owner).get("/models/").content.decode()


@pytest.mark.parametrize("address", ["/models/?key={}", "/models/{}/names.json"])
def test_a_key_that_is_not_theirs_is_as_missing(stocked, signed_in, stranger, member, address, make_key, owner):
    key, private = stocked(), make_key(shared_with="me")

    assert signed_in(stranger).get(address.format(key.pk)).status_code == 404
    assert signed_in(member).get(address.format(private.pk)).status_code == 404
    assert signed_in(stranger).post("/models/refresh/", {"key": key.pk}).status_code == 404
    assert signed_in(owner).get("/models/?key=nonsense").status_code == 404


def test_a_thousand_models_come_a_hundred_at_a_time_in_few_questions(
    stocked, signed_in, owner, django_assert_max_num_queries
):
    key = stocked(*(Offer(f"model-{number:04}", "Maker", ("chat",), 1000, GPT.price) for number in range(1000)))
    browser = signed_in(owner)

    with django_assert_max_num_queries(14):
        first = browser.get(f"/models/?key={key.pk}")
    second = browser.get(f"/models/{first.context['more']}", headers={"HX-Request": "true"})

    assert (first.context["count"], len(shown(first))) == (1000, 100)
    assert second.content.count(b'class="model-row') == 100 and b">model-0100<" in second.content
    assert b"<html" not in second.content and b"<thead" not in second.content


def test_searching_answers_the_list_alone(stocked, page):
    answer = page(stocked(), "q=gpt", headers={"HX-Request": "true"})

    assert b"<html" not in answer.content and b"gpt-4o" in answer.content and b"claude-x" not in answer.content


def test_fields_that_complete_get_names_kinds_and_prices_and_ask_again_cheaply(stocked, signed_in, owner):
    key = stocked(GPT, IMAGE, allowed_models=["gpt-4*"])
    browser = signed_in(owner)

    answer = browser.get(f"/models/{key.pk}/names.json")

    price = {"unit": "USD", "input": "2.5", "output": "10", "cached": "1.25"}
    assert answer.json()["models"] == [["gpt-4o", ["chat", "responses"], price]]
    again = browser.get(f"/models/{key.pk}/names.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    keep(key.pk, Outcome(code="timeout"))
    later = browser.get(f"/models/{key.pk}/names.json", headers={"If-None-Match": answer["ETag"]})
    assert [told.json()["is_old"] for told in (answer, later)] == [False, True]


def test_names_of_a_key_never_read_are_none(make_key, signed_in, owner):
    assert signed_in(owner).get(f"/models/{make_key().pk}/names.json").json()["models"] == []


def test_no_secret_stands_on_the_page(stocked, page):
    assert "sk-1234567890abcdef" not in page(stocked()).content.decode()
    assert Shelf.objects.count() == 1
