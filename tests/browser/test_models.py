"""Models as a person meets them: the page, trying one, fields that complete, what a request costs, the dialect switch."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Key
from playground.models.shelf import Shelf, ShelfModel, forget_prices
from playground.shelf.asking import Outcome
from playground.shelf.keeping import keep
from tests.browser.bench import WAIT_MS, Bench


@pytest.fixture
def models(owner_page: Page) -> Page:
    """The page of models, whose list is read when it opens for the first time."""
    forget_prices()
    owner_page.set_viewport_size({"width": 1440, "height": 900})
    owner_page.goto("/models/")
    expect(rows(owner_page).first).to_be_visible(timeout=WAIT_MS)
    return owner_page


@pytest.fixture
def bench(models: Page) -> Bench:
    """A workbench whose key has a shelf."""
    return Bench(models)


def rows(page: Page):
    return page.locator(".model-row")


def row(page: Page, name: str):
    return rows(page).filter(has=page.get_by_text(name, exact=True))


def test_the_list_is_asked_for_when_it_was_never_read_and_tells_prices_with_their_unit(models):
    expect(row(models, "gpt-4o")).to_contain_text("$2.50")
    expect(row(models, "gpt-image-1")).to_contain_text("$0.04 a picture")
    expect(models.locator(".model-unit")).to_contain_text("a million tokens")
    expect(models.get_by_role("link", name="Models", exact=True)).to_have_attribute("aria-current", "page")


def test_typing_narrows_the_list_and_the_side_narrows_it_further(models):
    models.keyboard.press("/")
    models.keyboard.type("gemini")
    expect(row(models, "gpt-4o")).to_have_count(0, timeout=WAIT_MS)
    assert rows(models).count() > 3

    models.goto("/models/")
    models.locator(".model-side").get_by_role("link", name="Pictures").click()

    expect(rows(models)).to_have_count(2, timeout=WAIT_MS)
    expect(row(models, "dall-e-3")).to_be_visible()


def test_more_rows_come_while_the_list_is_read_on(models):
    shelf = Shelf.objects.get(models__name="gpt-4o")
    more = [
        ShelfModel(shelf=shelf, name=f"zz-{number:03}", kinds=["chat"], since=shelf.read_at) for number in range(150)
    ]
    ShelfModel.objects.bulk_create(more)
    models.goto("/models/")
    expect(rows(models)).to_have_count(100, timeout=WAIT_MS)

    models.locator(".model-more").scroll_into_view_if_needed()

    expect(row(models, "zz-149")).to_be_attached(timeout=WAIT_MS)
    expect(models.locator(".model-more")).to_have_count(0)


def test_heads_order_the_list(models):
    models.locator(".model-table").get_by_role("link", name="Input", exact=True).click()
    expect(models.locator('th[aria-sort="ascending"]')).to_contain_text("Input", timeout=WAIT_MS)
    models.locator(".model-table").get_by_role("link", name="Input", exact=True).click()

    expect(rows(models).first).to_contain_text("tts-1", timeout=WAIT_MS)


def test_refreshing_says_so_and_comes_back_with_the_list(models):
    models.get_by_role("button", name="Refresh").click()

    expect(models.get_by_role("button", name="Refresh")).to_be_enabled(timeout=WAIT_MS)
    expect(row(models, "gpt-4o")).to_be_visible(timeout=WAIT_MS)


def test_trying_a_model_opens_its_operation_with_it_filled_in(models):
    row(models, "claude-haiku-4-5").locator("a.badge", has_text="messages").click()

    bench = Bench(models).settled()

    expect(models.locator('[data-part="path"]')).to_have_text("/v1/messages", timeout=WAIT_MS)
    expect(models.locator(".toast-card")).to_contain_text("claude-haiku-4-5", timeout=WAIT_MS)
    assert json.loads(bench.body())["model"] == "claude-haiku-4-5"
    assert not bench.told


def test_a_model_of_gemini_is_filled_into_the_path(models):
    row(models, "gemini-2.5-pro").locator("a.badge", has_text="v1beta").click()

    expect(models.locator('[data-part="path"]')).to_contain_text("/models/gemini-2.5-pro:", timeout=WAIT_MS)


def test_on_a_phone_models_are_cards_and_nothing_scrolls_sideways(models):
    models.set_viewport_size({"width": 390, "height": 844})
    models.goto("/models/")

    expect(row(models, "gpt-4o")).to_contain_text("$2.50", timeout=WAIT_MS)
    assert models.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_model_field_completes_from_the_keys_list_fitting_models_first(bench):
    bench.open("claude-stream")
    field = bench.page.get_by_role("combobox", name="model")
    options = bench.page.locator(".combo-list [role=option]")

    field.click()
    expect(options.first).to_contain_text("claude-", timeout=WAIT_MS)
    field.fill("haiku")
    expect(options).to_have_count(1, timeout=WAIT_MS)
    options.first.click()

    assert json.loads(bench.body())["model"] == "claude-haiku-4-5"
    for key in Shelf.objects.values_list("pk", flat=True):
        keep(key, Outcome(code="timeout"))
    bench.open("claude-stream")
    field.click()
    expect(options.first).to_have_text("List read just now. The gateway tells none now.", timeout=WAIT_MS)
    expect(options.first).to_be_disabled()
    expect(options.nth(1)).to_contain_text("claude-")


def test_a_path_that_names_a_model_completes_too(bench):
    bench.open("gemini-chat").tab("headers")
    field = bench.page.locator("#request-headers").get_by_role("combobox", name="model")

    field.click()
    field.fill("3-pro")
    bench.page.locator("#request-headers .combo-list [role=option]").first.click()

    expect(bench.page.locator('[data-part="path"]')).to_contain_text("/models/gemini-3-pro-preview:", timeout=WAIT_MS)


def test_the_foot_estimates_the_cost_and_the_strip_and_history_tell_it(bench):
    bench.open("chat-stream")
    foot = bench.page.locator('[data-part="estimate"]')
    bench.write_json(json.dumps({"model": "gpt-4o:fast", "max_tokens": 1000, "stream": True, "stream_options": {"include_usage": True},
                                 "messages": [{"role": "user", "content": "Hello"}]}))  # fmt: skip
    expect(foot).to_have_text(re.compile(r"about \$0\.0\d+ to \$0\.0\d+"), timeout=WAIT_MS)

    bench.page.locator('[data-part="send"]').click()
    bench.wait_for("succeeded")

    expect(bench.page.locator('[data-figure="cost"] b')).to_have_text(re.compile(r"\$0\.0\d+"), timeout=WAIT_MS)
    bench.page.goto("/history/")
    expect(bench.page.locator(".run-cost").first).to_have_text(re.compile(r"\$0\.0\d+"), timeout=WAIT_MS)


def test_a_key_without_a_list_leaves_the_form_as_it_was(owner_page):
    Key.objects.filter(shelf__isnull=False).delete()
    bench = Bench(owner_page).open("chat-stream")

    expect(owner_page.locator('[data-part="estimate"]')).to_be_hidden()
    expect(owner_page.get_by_role("combobox", name="model").or_(bench.field("model")).first).to_be_visible()
    assert not bench.told


CHAT = {
    "model": "gpt-5.1", "stream": True, "seed": 7, "temperature": 0.5,
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "你好"}],
}  # fmt: skip


def test_a_chat_is_switched_to_messages_after_what_is_lost_was_shown(bench):
    page = bench.open("chat-stream").page
    bench.write_json(json.dumps(CHAT))
    bench.kept()
    page.locator('.request-head > [data-act="turn"]').click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Messages").click()

    left = dialog.locator('.turning-list[data-kind="left"]')
    expect(left).to_contain_text("/seed", timeout=WAIT_MS)
    expect(left.locator("li")).to_have_count(1)
    expect(dialog.locator('.turning-list[data-kind="added"]')).to_contain_text("/max_tokens")
    dialog.get_by_role("button", name="Open as Messages").click()

    expect(page.locator('[data-part="path"]')).to_have_text("/v1/messages", timeout=WAIT_MS)
    expect(page.locator(".toast-card").last).to_contain_text("Switched the dialect", timeout=WAIT_MS)
    body = json.loads(bench.body())
    assert (body["model"], body["system"], body["temperature"], body["max_tokens"]) == (
        "gpt-5.1",
        "Be brief.",
        0.5,
        4096,
    )
    assert body["messages"] == [{"role": "user", "content": "你好"}]
    bench.open("chat-stream")
    assert json.loads(bench.body()) == CHAT


def test_a_switched_request_runs(bench):
    page = bench.open("chat-stream").page
    bench.write_json(json.dumps({**CHAT, "model": "gemini-2.5-flash:fast"}))
    page.get_by_role("button", name="More about this request").click()
    page.locator('#request-menu [data-act="turn"]').click()
    page.get_by_role("dialog").get_by_role("radio", name="Gemini").click()
    page.get_by_role("dialog").get_by_role("button", name="Open as Gemini").click()
    expect(page.locator('[data-part="path"]')).to_contain_text(
        "gemini-2.5-flash:fast:streamGenerateContent", timeout=WAIT_MS
    )

    page.locator('[data-part="send"]').click()
    bench.wait_for("succeeded")

    assert not bench.told


def test_a_broken_body_is_not_switched_and_says_why(bench):
    page = bench.open("chat-stream").page
    bench.write_json("{broken")
    page.locator('.request-head > [data-act="turn"]').click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("dialog").locator("[data-take]")).to_be_disabled()


def test_an_operation_that_has_no_other_dialect_offers_no_switch(bench):
    page = bench.open("image-generate").page

    expect(page.locator('.request-head > [data-act="turn"]')).to_be_hidden()
