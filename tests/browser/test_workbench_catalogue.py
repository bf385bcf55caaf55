"""The catalogue pane: found by any word, walked by keys, there when there is room and a step away when not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page).open("chat-basic")


def shown(bench: Bench) -> list[str]:
    leaves = bench.page.locator(".tree-leaf:visible")
    return [leaf.get_attribute("data-operation") or "" for leaf in leaves.all()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("结构化", "chat-structured"),
        ("structured", "chat-structured"),
        ("/v1/rerank", "rerank"),
        ("taskType", "embeddings-gemini"),
        ("text-embedding-3-small", "embeddings"),
    ],
)
def test_a_row_is_found_by_title_in_both_languages_path_parameter_and_model(bench: Bench, words: str, expected: str):
    bench.page.keyboard.press("/")
    bench.page.wait_for_load_state("networkidle")
    bench.page.locator("#catalogue-filter").fill(words)

    expect(bench.page.locator(f'.tree-leaf[data-operation="{expected}"]')).to_be_visible()
    assert len(shown(bench)) < 40


def test_nothing_found_says_so(bench: Bench):
    bench.page.locator("#catalogue-filter").fill("zzz nothing")

    expect(bench.page.locator(".catalogue-empty")).to_contain_text("No operation has that")


def test_choosing_swaps_the_request_without_loading_the_page_and_back_returns(bench: Bench):
    bench.page.evaluate("window.stayed = true")

    bench.page.locator('.tree-leaf[data-operation="rerank"]').click()
    expect(bench.page.locator("[data-part=title]")).to_have_text("Rerank documents")
    expect(bench.page).to_have_url(re.compile(r"operation=rerank$"))
    bench.page.go_back()

    expect(bench.page.locator("[data-part=title]")).to_have_text("Basic request")
    assert bench.page.evaluate("window.stayed") is True


def test_the_tree_is_walked_by_keys(bench: Bench):
    press = bench.page.keyboard.press
    focused = bench.page.locator("[role=treeitem]:focus")
    bench.page.locator('.tree-leaf[data-operation="chat-basic"]').focus()

    press("ArrowLeft")
    expect(focused).to_contain_text("Common requests")
    press("ArrowLeft")
    expect(focused).to_have_attribute("aria-expanded", "false")
    press("ArrowDown")
    expect(focused).to_contain_text("Image and video generation")
    press("ArrowRight")
    press("ArrowRight")
    expect(focused).to_contain_text("OpenAI chat format")
    press("Home")
    press("End")
    expect(focused).to_contain_text("Data models")
    assert bench.page.locator('.tree [tabindex="0"]').count() == 1


def test_enter_opens_the_first_row_found(bench: Bench):
    bench.page.keyboard.press("/")
    bench.page.keyboard.type("rerank documents")
    bench.page.wait_for_load_state("networkidle")

    bench.page.keyboard.press("Enter")

    expect(bench.page.locator("[data-part=title]")).to_have_text("Rerank documents")


def test_recent_and_starred_rows_have_lists_of_their_own(bench: Bench):
    bench.page.locator("[data-part=star]").click()
    bench.page.locator('.tree-leaf[data-operation="rerank"]').click()
    expect(bench.page.locator("[data-part=title]")).to_have_text("Rerank documents")

    bench.page.get_by_role("button", name="Recent").click()
    assert set(shown(bench)) == {"chat-basic", "rerank"}
    bench.page.get_by_role("button", name="Starred").click()
    assert shown(bench) == ["chat-basic"]


def test_a_data_model_and_a_guide_are_for_reading(bench: Bench):
    bench.page.goto("/?operation=schema-rerank-request")

    expect(bench.page.locator("[data-part=title]")).to_have_text("RerankRequest")
    expect(bench.page.locator("#request-docs")).to_contain_text("documents")
    expect(bench.page.locator("[data-part=send]")).to_be_hidden()
    expect(bench.page.locator("#request [role=tab]:visible")).to_have_count(1)


def test_below_1360_px_the_catalogue_is_a_drawer(bench: Bench):
    bench.page.set_viewport_size({"width": 1280, "height": 800})
    catalogue = bench.page.locator("#catalogue")
    expect(catalogue).not_to_be_visible()

    bench.page.get_by_label("Open the catalogue").click()
    expect(catalogue).to_be_visible()
    expect(bench.page.locator("#catalogue-filter")).to_be_focused()
    bench.page.keyboard.press("Escape")
    expect(catalogue).not_to_be_visible()
    expect(bench.page.get_by_label("Open the catalogue")).to_be_focused()

    bench.page.keyboard.press("/")
    expect(bench.page.locator("#catalogue-filter")).to_be_focused()
    bench.page.locator('.tree-leaf[data-operation="chat-stream"]').click()
    expect(catalogue).not_to_be_visible()


def test_on_the_phone_panes_are_tabs_and_send_is_within_reach_of_the_thumb(bench: Bench):
    page = bench.page
    page.set_viewport_size({"width": 390, "height": 844})
    send = page.locator("[data-part=foot-send]")

    box = send.bounding_box()
    assert box["y"] > 844 * 2 / 3
    assert box["height"] >= 44
    page.locator(".pane-tabs [data-show=catalogue]").click()
    expect(page.locator("#catalogue")).to_be_visible()
    expect(page.locator("#request")).not_to_be_visible()
    page.locator('.tree-leaf[data-operation="chat-stream"]').click()
    expect(page.locator("#request")).to_be_visible()
    send.click()
    expect(page.locator("#response")).to_be_visible()
    bench.wait_for("succeeded")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_panes_are_widened_by_pointer_and_keys_remembered_and_put_back(bench: Bench):
    page = bench.page
    page.set_viewport_size({"width": 1600, "height": 900})
    request, edge = page.locator("#request"), page.locator('.pane-edge[data-pane="request"]')
    width = lambda: round(request.bounding_box()["width"])  # noqa: E731
    first = width()

    box = edge.bounding_box()
    page.mouse.move(box["x"], box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200)
    page.mouse.up()
    assert width() == first + 60

    edge.focus()
    page.keyboard.press("ArrowLeft")
    assert width() == first + 44
    assert edge.get_attribute("aria-valuenow") == str(first + 44)

    page.reload()
    bench.settled()
    assert width() == first + 44

    page.keyboard.press("Home")
    edge.focus()
    page.keyboard.press("Home")
    assert width() == 440
    edge.dblclick()
    assert width() == first
