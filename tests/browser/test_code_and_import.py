"""The request as code, and requests from elsewhere: pasted or dropped into the form, nothing lost in silence."""

import json

import pytest
from playwright.sync_api import Page, expect

from playground.models import Run
from tests.browser.bench import WAIT_MS, Bench
from tests.browser.test_workbench_files import hand_over

SECRET = "sk-canary0123456789abcdef"
CURL = f"""curl -k --max-time 5 'https://gateway.example/v1/chat/completions?trace=1' \\
  -H 'Authorization: Bearer {SECRET}' -H 'X-Team: blue' \\
  -d '{{"model": "gpt-5.1", "temperature": 0.30, "messages": [{{"role": "user", "content": "您好 \\"quoted\\""}}]}}'"""
HAR = {
    "log": {
        "entries": [
            {
                "request": {
                    "method": "POST",
                    "url": "https://gateway.example/v1/embeddings",
                    "headers": [{"name": "Content-Type", "value": "application/json"}],
                    "queryString": [],
                    "postData": {"mimeType": "application/json", "text": '{"model": "m", "input": ["from a file"]}'},
                }
            }
        ]
    }
}


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page)


def code(bench: Bench) -> str:
    return bench.page.locator(".code-sample").inner_text()


def shows(bench: Bench, words: str) -> None:
    """Wait until the code has these words in it."""
    expect(bench.page.locator(".code-sample")).to_contain_text(words, timeout=WAIT_MS)


def open_import(bench: Bench) -> None:
    bench.page.get_by_role("button", name="More about this request").click()
    bench.page.get_by_role("button", name="Import a request").click()
    expect(bench.page.get_by_label("What to import")).to_be_focused()


def read_it(bench: Bench, text: str) -> None:
    open_import(bench)
    bench.page.get_by_label("What to import").fill(text)
    bench.page.get_by_role("button", name="Read it").click()


# --- code -------------------------------------------------------------------------------------------------------------


def test_the_code_changes_its_language_and_remembers_it(bench: Bench):
    bench.open("chat-basic")
    bench.tab("code")
    shows(bench, "curl")

    languages = bench.page.get_by_role("combobox", name="Language")
    languages.select_option("go")
    shows(bench, "package main")
    bench.page.reload()
    bench.settled()
    bench.tab("code")

    shows(bench, "package main")
    assert languages.locator("option").count() == 17
    assert bench.told == []


def test_the_code_follows_the_form_and_never_holds_the_key(bench: Bench):
    bench.open("chat-basic")
    bench.tab("code")
    shows(bench, "curl")

    bench.page.evaluate(
        "document.querySelector('param-form').desk.edit(draft => draft.set('/messages/0/content', JSON.stringify('It\\'s $HOME, 中文')))"
    )

    shows(bench, "中文")
    assert "$GATEWAY_KEY" in code(bench) and "sk-" not in code(bench)


def test_the_code_is_copied_as_it_stands(bench: Bench):
    bench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bench.open("chat-basic")
    bench.tab("code")
    shows(bench, "curl")

    bench.page.locator("#request-code").get_by_role("button", name="Copy").click()

    copied = bench.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code(bench).strip()


# --- import -----------------------------------------------------------------------------------------------------------


def test_a_pasted_command_fills_the_form_and_says_what_was_left_out(bench: Bench):
    bench.open("embeddings")

    read_it(bench, CURL)

    dialog = bench.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Import into Basic request")).to_be_visible(timeout=WAIT_MS)
    left_out = dialog.locator(".import-left .mono").all_inner_texts()
    assert left_out == ["-k", "--max-time", "Authorization"]
    expect(dialog.locator(".import-key")).to_contain_text("sk-…cdef")
    expect(dialog.get_by_role("link", name="Keep it safely under Keys")).to_have_attribute("href", "/keys/new/")
    assert SECRET not in bench.page.content()
    dialog.get_by_role("button", name="Fill in the form").click()

    expect(bench.page.get_by_role("heading", name="Basic request", level=1)).to_be_visible(timeout=WAIT_MS)
    expect(bench.message(1).locator("textarea")).to_have_value('您好 "quoted"', timeout=WAIT_MS)
    assert json.loads(bench.body())["messages"] == [{"role": "user", "content": '您好 "quoted"'}]
    assert '"temperature": 0.30' in bench.body()
    bench.tab("headers")
    assert "blue" in bench.page.locator("#request-headers input").evaluate_all("all => all.map(each => each.value)")
    assert not Run.objects.exists() and bench.told == []


def test_a_key_in_what_was_pasted_is_carried_to_the_form_for_new_keys_and_by_no_address(bench: Bench):
    asked: list[str] = []
    bench.page.on("request", lambda request: asked.append(request.url))
    bench.open("embeddings")
    read_it(bench, CURL)

    bench.page.get_by_role("link", name="Keep it safely under Keys").click()

    expect(bench.page.locator("input[name=secret]")).to_have_value(SECRET)
    expect(bench.page.get_by_text("It is kept only when you save")).to_be_visible()
    assert not [url for url in asked if SECRET in url]
    bench.page.reload()
    expect(bench.page.locator("input[name=secret]")).to_have_value("")
    assert bench.told == []


def test_an_import_can_be_taken_back(bench: Bench):
    bench.open("chat-basic")
    before = bench.body()
    read_it(bench, CURL.replace("-k --max-time 5 ", "").replace(f"-H 'Authorization: Bearer {SECRET}' ", ""))
    expect(bench.page.locator("#toasts")).to_contain_text("Imported the request", timeout=WAIT_MS)
    assert bench.body() != before

    bench.page.locator("#toasts").get_by_role("button", name="Undo").dispatch_event("click")

    assert bench.body() == before


def test_what_is_no_request_is_told_and_the_text_stays(bench: Bench):
    bench.open("chat-basic")

    read_it(bench, "curl 'unclosed")

    expect(bench.page.get_by_role("dialog").get_by_role("alert")).to_be_visible(timeout=WAIT_MS)
    expect(bench.page.get_by_label("What to import")).to_have_value("curl 'unclosed")


def test_a_har_file_dropped_on_the_dialog_fills_the_form(bench: Bench):
    bench.open("chat-basic")
    open_import(bench)

    hand_over(bench.page.get_by_role("dialog").locator("form"), "drop", json.dumps(HAR).encode(), "call.har", "")

    expect(bench.page.get_by_role("heading", name="Embeddings", level=1)).to_be_visible(timeout=WAIT_MS)
    bench.page.wait_for_function("() => document.querySelector('param-form').desk.draft.text.includes('from a file')")


# --- the menu ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(390, 844), (390, 600), (1440, 900)])
def test_the_menu_of_a_request_stands_whole_in_the_window(bench: Bench, width: int, height: int):
    bench.page.set_viewport_size({"width": width, "height": height})
    bench.open("chat-basic")

    button = bench.page.get_by_role("button", name="More about this request")
    button.click()

    menu, opener = bench.page.locator("#request-menu").bounding_box(), button.bounding_box()
    assert menu and opener
    assert menu["x"] >= 0 and menu["x"] + menu["width"] <= width
    assert menu["y"] >= opener["y"] and menu["y"] + menu["height"] <= height
    assert abs(menu["x"] + menu["width"] - opener["x"] - opener["width"]) < 120
    last = bench.page.get_by_role("button", name="Export for Postman")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=1)
