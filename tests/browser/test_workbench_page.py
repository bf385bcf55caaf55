"""The workbench as a whole: light on the wire, within its policy, usable by everybody."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.conftest import Site

MOST_BYTES = 300_000
MOST_REQUESTS = 15
VIEWS = ["form", "json", "headers", "docs"]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page)


def test_the_first_load_is_light_and_asks_nobody_else(bench: Bench, site: Site):
    answers = []
    bench.page.on("response", lambda answer: answers.append(answer))
    bench.open("full-chat")

    sizes = [answer.request.sizes() for answer in answers]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(site.url).netloc}
    assert len(answers) <= MOST_REQUESTS, [answer.url for answer in answers]
    assert total <= MOST_BYTES, sorted(
        (size["responseBodySize"], answer.url) for size, answer in zip(sizes, answers, strict=True)
    )


@pytest.mark.parametrize("operation", ["full-chat", "full-responses", "full-messages", "full-v1beta", "rerank"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(bench: Bench, operation: str, theme: str):
    bench.page.emulate_media(color_scheme=theme)
    bench.open(operation)

    found = serious(bench.page)

    assert found == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_tab_of_the_request_is_open_to_everybody(bench: Bench, view: str):
    bench.open("full-messages")
    bench.tab(view)
    bench.page.wait_for_load_state("networkidle")

    assert serious(bench.page) == []
    assert bench.told == []


@pytest.mark.parametrize("pane", ["catalogue", "request", "response"])
def test_the_phone_is_open_to_everybody_and_scrolls_one_way_only(bench: Bench, pane: str):
    bench.page.set_viewport_size({"width": 390, "height": 844})
    bench.open("full-chat")
    bench.page.locator(f".pane-tabs [data-show={pane}]").click()

    assert serious(bench.page) == []
    assert bench.page.evaluate("document.documentElement.scrollWidth") == 390


def serious(page: Page) -> list[str]:
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    return [
        f"{found['id']}: {node['target']} {node['html'][:160]}"
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:4]
    ]


def test_a_request_is_written_and_sent_by_the_keyboard_alone(bench: Bench):
    bench.open("full-chat")
    press = bench.page.keyboard.press

    press("/")
    bench.page.keyboard.type("basic request")
    bench.page.wait_for_load_state("networkidle")
    press("Enter")
    expect(bench.page.locator("[data-part=title]")).to_have_text("Basic request")
    for _ in range(60):
        press("Tab")
        if bench.page.locator("param-form .message:nth-of-type(2) textarea:focus").count():
            break
    press("ControlOrMeta+a")
    bench.page.keyboard.type("Written without a mouse.")
    press("ControlOrMeta+Enter")

    bench.wait_for("succeeded")
    assert "Written without a mouse." in bench.body()


def test_following_a_letter_draws_no_other_row(bench: Bench):
    bench.open("full-chat")
    drawn = bench.page.evaluate("""async () => {
      const form = document.querySelector("param-form");
      const field = form.querySelector('input[aria-label="max_completion_tokens"]');
      const rows = new Set();
      const watcher = new MutationObserver((records) => records.forEach(({ target }) => {
        const row = (target.nodeType === 1 ? target : target.parentElement).closest(".param");
        rows.add(row ? row.dataset.pointer : "outside");
      }));
      watcher.observe(form, { subtree: true, childList: true, characterData: true, attributes: true });
      field.value = "4096";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await form.updateComplete;
      await new Promise((resolve) => setTimeout(resolve));
      watcher.disconnect();
      return [...rows];
    }""")

    assert drawn == ["/max_completion_tokens"]


def test_before_a_script_runs_the_page_can_be_read(browser, site: Site, sign_in, context):
    page = sign_in("owner@example.com")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.route("**/*.js*", lambda route: route.abort())
    page.goto("/?operation=full-chat")

    expect(page.locator("[data-part=title]")).to_have_text("OpenAI format - chat")
    expect(page.locator(".param-preview")).to_contain_text("Sampling temperature")
    expect(page.locator('.tree-leaf[data-operation="full-chat"]')).to_be_visible()
