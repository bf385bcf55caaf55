"""The command palette in a browser: everywhere, by keyboard alone, and late."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.demo import OWNER
from accounts.models import User
from playground.models import SavedRequest, SavedVersion
from tests.browser.test_workbench_page import serious


def choose(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search operations")).to_be_focused()
    page.keyboard.type(words)


def test_an_operation_is_opened_by_the_keyboard_alone_from_any_page(owner_page: Page):
    owner_page.goto("/history/")

    choose(owner_page, "strm requ")
    expect(owner_page.get_by_role("option", selected=True)).to_contain_text("Streaming request")
    owner_page.keyboard.press("Enter")

    expect(owner_page).to_have_url(re.compile(r"\?operation=.*stream"))
    expect(owner_page.locator('[data-part="title"]')).to_have_text("Streaming request")


def test_what_stands_as_typed_comes_before_what_letters_suggest(owner_page: Page):
    owner_page.goto("/keys/")

    choose(owner_page, "compare")
    expect(owner_page.get_by_role("option").filter(has_text="ChatCompletionStreamResponse")).to_be_visible()
    expect(owner_page.get_by_role("option").first).to_have_text("Go to Compare")
    owner_page.keyboard.press("Enter")

    expect(owner_page).to_have_url(re.compile(r"/compare/"))


def test_a_pasted_key_is_asked_of_nobody_and_offered_to_the_form_for_new_keys(owner_page: Page):
    key = "sk-0123456789abcdefSECRET"
    asked: list[str] = []
    owner_page.on("request", lambda request: asked.append(request.url))
    owner_page.goto("/history/")

    owner_page.keyboard.press("Control+k")
    expect(owner_page.get_by_role("combobox", name="Search operations")).to_be_focused()
    owner_page.keyboard.insert_text(key)
    expect(owner_page.get_by_role("option")).to_have_count(1)
    expect(owner_page.get_by_role("option")).to_contain_text("Add this key")
    owner_page.keyboard.press("Enter")

    expect(owner_page).to_have_url(re.compile("/keys/new/$"))
    expect(owner_page.locator("input[name=secret]")).to_have_value(key)
    assert not [url for url in asked if key in url]


def test_arrows_move_tab_narrows_and_escape_returns_to_where_one_was(owner_page: Page):
    owner_page.goto("/keys/")
    choose(owner_page, "e")
    combobox, first = (
        owner_page.get_by_role("combobox", name="Search operations"),
        owner_page.get_by_role("option").first,
    )
    # What is chosen stays chosen when more is found before it, at another place.
    expect(owner_page.get_by_text("Searching…", exact=True)).to_be_hidden()
    expect(first).to_have_attribute("aria-selected", "true")

    owner_page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    chosen = owner_page.get_by_role("option", selected=True)
    expect(combobox).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    owner_page.keyboard.press("Shift+Tab")
    expect(owner_page.get_by_role("button", name="Commands", pressed=True)).to_be_visible()
    expect(owner_page.get_by_role("group", name="Operations")).to_have_count(0)
    owner_page.keyboard.press("Escape")

    expect(owner_page.get_by_role("dialog")).to_have_count(0)


def test_saved_requests_are_found_and_commands_are_done(owner_page: Page):
    owner = User.objects.get(email=OWNER)
    saved = SavedRequest.objects.create(
        team=owner.memberships.get().team, owner=owner, name="Invoice check", operation="chat-stream"
    )
    SavedVersion.objects.create(request=saved, number=1, author=owner, call='{"text": "{}"}')
    owner_page.goto("/keys/")

    choose(owner_page, "> light")
    expect(owner_page.get_by_role("option", selected=True)).to_contain_text("light and dark")
    owner_page.keyboard.press("Enter")
    expect(owner_page.locator("html")).to_have_attribute("data-theme", "dark")

    choose(owner_page, "invoice")
    expect(owner_page.get_by_role("option", selected=True)).to_contain_text("Invoice check")
    owner_page.keyboard.press("Enter")
    expect(owner_page).to_have_url(re.compile(f"/saved/{saved.pk}/"))


def test_a_slow_answer_is_waited_for_in_sight_and_what_was_chosen_meanwhile_stays_chosen(owner_page: Page):
    owner = User.objects.get(email=OWNER)
    for name in ("Refund check", "Refund letter"):
        saved = SavedRequest.objects.create(
            team=owner.memberships.get().team, owner=owner, name=name, operation="chat-stream"
        )
        SavedVersion.objects.create(request=saved, number=1, author=owner, call='{"text": "{}"}')
    held: list[Route] = []
    owner_page.goto("/keys/")
    choose(owner_page, "")
    expect(owner_page.get_by_role("option").filter(has_text="Refund check")).to_be_visible()
    held_address = re.compile(r"/palette\.json\?q=refun")
    owner_page.route(held_address, lambda route: held.append(route))
    waiting, options = owner_page.locator(".palette-waiting"), owner_page.get_by_role("option")

    with owner_page.expect_request(held_address):
        owner_page.keyboard.insert_text("refund ch")
    # True at once: what stood there before and fits, the way to the history, and that more may come.
    expect(waiting).to_be_visible()
    expect(options.filter(has_text="Refund check")).to_be_visible()
    expect(options.filter(has_text="Refund letter")).to_have_count(0)
    owner_page.keyboard.press("ArrowUp")
    expect(options.and_(owner_page.get_by_role("option", selected=True))).to_contain_text("Search all runs")
    expect(waiting).to_be_visible()
    held.pop().continue_()
    expect(waiting).to_be_hidden()
    expect(owner_page.get_by_role("option", selected=True)).to_contain_text("Search all runs")

    with owner_page.expect_request(held_address):
        owner_page.keyboard.insert_text("xyzzy")
    expect(options.first).to_contain_text("Searching operations, saved requests, runs")
    held.pop().abort()
    expect(options.first).to_contain_text("The site did not answer")
    expect(waiting).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_palette_is_open_to_everybody(owner_page: Page, theme: str, width: int):
    owner_page.set_viewport_size({"width": width, "height": 844})
    owner_page.emulate_media(color_scheme=theme)
    owner_page.goto("/history/")

    owner_page.locator("[data-palette]").locator("visible=true").click()
    expect(owner_page.get_by_role("combobox", name="Search operations")).to_be_focused()
    owner_page.keyboard.type("chat")
    expect(owner_page.get_by_role("option", name="OpenAI format - chat")).to_be_visible()

    assert serious(owner_page) == []
    assert owner_page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_of_the_palette_is_loaded_before_somebody_asks_for_it(owner_page: Page):
    asked: list[str] = []
    owner_page.on("request", lambda request: asked.append(request.url))
    owner_page.goto("/history/")
    owner_page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "palette" in url or "dialog-" in url]

    with owner_page.expect_request(re.compile(r"/palette\.json\?q=chat$")):
        choose(owner_page, "chat")

    expect(owner_page.get_by_role("option").first).to_be_visible()
