"""The answer as a browser shows it: live, after a reload, played again, and harmless whatever a model writes."""

import json
import re
import threading
import uuid

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from accounts.demo import OWNER
from accounts.models import Team, User
from playground.models import Run
from playground.models.runs import State
from tests.views.runs_made import make_run, spoken

BODY = {"model": "gpt-5.1:slow", "stream": True, "messages": [{"role": "user", "content": "Count the words of this."}]}


@pytest.fixture
def owner(demo) -> User:
    return User.objects.get(email=OWNER)


@pytest.fixture
def team(owner) -> Team:
    return owner.memberships.get().team


@pytest.fixture
def kept(team, owner):
    """A run that is over: `kept((100, {"kind": "text", "text": "Hello"}))`."""

    def keep(*frames, **fields) -> Run:
        return make_run(team, owner, frames=frames, **{"total_ms": max(at for at, _ in frames), **fields})

    return keep


def start(page: Page, body=BODY) -> str:
    """Start a run from the workbench's own pane; its name."""
    run = str(uuid.uuid4())
    page.goto("/?operation=chat-stream")
    page.evaluate(
        "([run, body]) => document.querySelector('run-answer').answer.start({run, operation: 'chat-stream', key: null, call: {body}})",
        [run, body],
    )
    return run


def pane(page: Page):
    return page.locator("run-answer")


def prose(page: Page):
    return page.locator(".prose").first


def words_in(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip()


def open_run(page: Page, run: Run) -> None:
    page.goto(f"/runs/{run.uuid}/")
    expect(pane(page)).to_have_attribute("data-state", run.state, timeout=30_000)


def test_f31_a_page_loaded_again_in_mid_run_shows_all_that_came_and_all_that_comes(owner_page: Page):
    run = start(owner_page, {**BODY, "model": "gpt-5.1:long"})
    expect(prose(owner_page)).to_contain_text("words")
    before = prose(owner_page).inner_text()

    owner_page.goto(f"/runs/{run}/")
    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded", timeout=30_000)

    expect(owner_page.locator("math")).to_have_count(1)
    whole = prose(owner_page).evaluate("element => element.textContent")
    owner_page.reload()
    expect(owner_page.locator("math")).to_have_count(1)
    assert words_in(whole).startswith(words_in(before)[:100])
    assert prose(owner_page).evaluate("element => element.textContent") == whole


def test_f33_a_connection_that_breaks_in_mid_run_loses_and_doubles_nothing(owner_page: Page):
    """At its last return the site is busy and cannot save, until the page has said so."""
    lines, was_told = [], threading.Event()
    busy = {"type": "error", "code": "busy", "message": "The database does not answer at the moment."}

    def cut_now_and_then(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        lines.append(line)
        told = []

        def pass_on(message):
            told.append(message)
            line.send(message)
            if len(lines) <= 3 and len(told) == 6:
                line.close()
                server.close()

        def ask(message):
            asked = json.loads(message)
            if asked["type"] == "watch" and len(lines) > 3 and not was_told.is_set():
                line.send(json.dumps({**busy, "run": asked["run"]}))
                line.send(json.dumps({"type": "saving", "run": asked["run"], "paused": True}))
            else:
                server.send(message)

        server.on_message(pass_on)
        line.on_message(ask)

    owner_page.route_web_socket("**/ws/runs/", cut_now_and_then)
    run = start(owner_page, {**BODY, "model": "gpt-5.1:long"})
    told = pane(owner_page).get_by_text("This site is busy; the page asks again by itself")
    paused = pane(owner_page).get_by_text("Saving paused")
    expect(told).to_be_visible()
    expect(paused).to_be_visible()
    was_told.set()
    expect(told).to_be_hidden()
    expect(paused).to_be_hidden()
    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded", timeout=30_000)
    seen = owner_page.evaluate("document.querySelector('run-answer').answer.store.frames")

    owner_page.unroute_all()
    owner_page.goto(f"/runs/{run}/")
    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded")
    assert len(lines) > 3
    assert seen == owner_page.evaluate("document.querySelector('run-answer').answer.store.frames")


def test_stop_ends_the_run_and_keeps_what_came(owner_page: Page):
    run = start(owner_page)
    expect(prose(owner_page)).to_contain_text("Count")
    owner_page.goto(f"/runs/{run}/")

    owner_page.get_by_role("button", name="Stop").click()

    expect(pane(owner_page)).to_have_attribute("data-state", "stopped")
    expect(prose(owner_page)).to_contain_text("Count")
    assert Run.objects.get(uuid=run).state == State.STOPPED


def test_a_reader_who_scrolled_up_is_left_alone_and_brought_back_on_wish(owner_page: Page):
    # Five words a second for half a minute, on a low window: it grows long after it has filled the pane.
    owner_page.set_viewport_size({"width": 1440, "height": 420})
    start(owner_page)
    pill = owner_page.locator(".follow")
    scroller = owner_page.locator('[data-part="scroller"]')
    overflows = "() => { const pane = document.querySelector('[data-part=scroller]'); return pane.scrollTop > 60; }"
    owner_page.wait_for_function(overflows, timeout=30_000)
    scroller.hover()

    owner_page.mouse.wheel(0, -2000)

    expect(pill).to_contain_text("new line", timeout=15_000)
    assert scroller.evaluate("element => element.scrollTop") == 0
    pill.click()
    expect(pill).to_have_text("Following")


def test_a_screen_reader_is_told_the_start_the_first_text_and_the_end_alone(owner_page: Page):
    owner_page.goto("/?operation=chat-stream")
    owner_page.evaluate("""() => {
        globalThis.told = [];
        const region = document.querySelector('[data-part="told"]');
        new MutationObserver(() => told.push(region.textContent)).observe(region, {childList: true, characterData: true, subtree: true});
        const body = {model: "gpt-5.1:fast", stream: true, messages: [{role: "user", content: "Hello"}]};
        document.querySelector("run-answer").answer.start({run: crypto.randomUUID(), operation: "chat-stream", key: null, call: {body}});
    }""")
    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded")

    told = owner_page.evaluate("told")

    assert [sentence.split(" ")[0] for sentence in told] == ["The", "The", "Succeeded,"]


def test_what_a_model_writes_is_shown_and_never_run_or_fetched(owner_page: Page, kept, site):
    hostile = "\n\n".join(
        [
            "<script>globalThis.hurt = 1</script>",
            '<img src=x onerror="globalThis.hurt = 1">',
            "[press](javascript:globalThis.hurt=1) and [go](https://example.com/there)",
            "![a cat](https://example.com/cat.png)",
            "![dot](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==)",
            '| a |\n|--:|\n| <b style="color:red">1</b> |',
        ]
    )
    asked, told = [], []
    owner_page.on("request", lambda request: asked.append(request.url))
    owner_page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)

    open_run(owner_page, kept(*spoken("text", hostile)))

    expect(prose(owner_page)).to_contain_text("<script>globalThis.hurt = 1</script>")
    assert owner_page.evaluate("globalThis.hurt") is None
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    assert told == []
    links = prose(owner_page).locator("a").evaluate_all("all => all.map(a => [a.href, a.rel, a.target])")
    assert links == [["https://example.com/there", "noopener noreferrer nofollow", "_blank"]]
    expect(prose(owner_page).locator(".remote-picture")).to_contain_text("Load from example.com")
    assert prose(owner_page).locator("img").evaluate_all("all => all.map(each => each.alt)") == ["dot"]


def test_blocks_stand_in_the_order_they_arrived(owner_page: Page, kept):
    call = {"kind": "tool_call", "index": 0, "id": "call_1", "name": "get_rate", "arguments": '{"pair":"USD/CNY"}'}
    frames = [
        *spoken("reasoning", "First I need ", "the rate.", begin=100),
        (300, call),
        *spoken("text", "The rate is **7.1**.", begin=400),
        (500, {"kind": "citation", "url": "https://example.com/rates", "title": "Rates", "quote": None, "index": 0}),
    ]

    open_run(owner_page, kept(*frames))

    order = owner_page.locator(".lane > .block").evaluate_all("all => all.map(each => each.classList[0])")
    assert order == ["thinking", "tool-call", "prose", "sources"]
    expect(owner_page.locator(".thinking-head")).to_contain_text("Thought for 20 ms")
    expect(owner_page.locator(".thinking-body")).to_be_hidden()
    expect(owner_page.locator(".tool-call")).to_contain_text('"USD/CNY"')
    expect(owner_page.locator(".prose strong")).to_have_text("7.1")


def test_every_kind_of_result_has_its_drawing(owner_page: Page, kept):
    frames = [
        (10, {"kind": "json", "value": {"data": [{"id": "gpt-5.1"}]}}),
        (20, {"kind": "vector", "index": 0, "values": [0.1, -0.2]}),
        (21, {"kind": "vector", "index": 1, "values": [0.1, 0.2]}),
        (30, {"kind": "ranking", "results": [{"index": 3, "score": 0.94, "document": "The box is whole"}]}),
        (40, {"kind": "task", "id": "task-9", "state": "IN_PROGRESS", "progress": "62%", "buttons": [{"label": "U1"}]}),
        (50, {"kind": "media", "mime": "audio/mpeg", "data": "SUQzBAAAAAAA"}),
        (60, {"kind": "media", "mime": "image/png", "url": "https://example.com/a.png"}),
        (70, {"kind": "refusal", "text": "I cannot help with that."}),
    ]

    open_run(owner_page, kept(*frames))

    shown = pane(owner_page)
    for words in (
        '"gpt-5.1"',
        "2 dimensions",
        "0.940",
        "The box is whole",
        "IN_PROGRESS",
        "62%",
        "U1",
        "I cannot help",
    ):
        expect(shown).to_contain_text(words)
    expect(shown.locator("audio")).to_have_attribute("src", re.compile("^blob:"))
    expect(shown.locator(".remote-picture")).to_contain_text("example.com")
    expect(shown.locator(".similarity")).to_contain_text("-0.60")


def test_a_problem_says_what_happened_whose_fault_and_leads_on(owner_page: Page, kept):
    problem = {
        "kind": "problem",
        "code": "key_spent",
        "fault": "key",
        "message": "token quota is not enough",
        "retry": False,
        "retry_after_ms": None,
        "remedies": [{"action": "choose_key"}, {"action": "contact_admin"}],
        "status": 403,
    }

    run = kept((214, problem), state=State.FAILED, status=403)
    open_run(owner_page, run)

    shown = owner_page.locator(".problem")
    for words in ("This key has used up its quota.", "token quota is not enough", "The key this call went out with"):
        expect(shown).to_contain_text(words)
    shown.get_by_role("button", name="Choose another key").click()
    expect(owner_page).to_have_url(re.compile(rf"/\?run={run.uuid}&do=choose_key"))


def test_events_are_asked_for_when_their_tab_opens_and_fold(owner_page: Page, kept):
    chunks = [
        json.dumps({"object": "chat.completion.chunk", "choices": [{"delta": {"content": f"w{n}"}}]}) for n in range(40)
    ]
    reads = [(n * 10, f"data: {chunk}\n\n".encode()) for n, chunk in enumerate(chunks)]
    run = kept(
        *spoken("text", *(f"w{n}" for n in range(40)), begin=0, pause=10), events=[*reads, (400, b"data: [DONE]\n\n")]
    )
    open_run(owner_page, run)

    owner_page.get_by_role("tab", name="Events").click()

    rows = owner_page.locator(".event-row")
    expect(owner_page.locator(".event-more")).to_contain_text("37 more chat.completion.chunk")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text('"w1"')
    owner_page.locator(".event-more").click()
    expect(rows).to_have_count(41)
    owner_page.get_by_role("tab", name="Raw").click()
    expect(owner_page.locator('[data-part="raw"]')).to_contain_text("data: [DONE]")


def test_tabs_are_walked_by_the_keyboard(owner_page: Page, kept):
    open_run(owner_page, kept(*spoken("text", "Hello")))
    owner_page.get_by_role("tab", name="Rendered").focus()

    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        owner_page.keyboard.press(key)

    expect(owner_page.get_by_role("tab", name="Headers")).to_be_focused()
    expect(owner_page.get_by_role("tabpanel", name="Headers")).to_contain_text("x-request-id")
    owner_page.keyboard.press("End")
    expect(owner_page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_the_request_is_shown_as_it_was_sent_with_a_mask_for_the_key(owner_page: Page, kept):
    open_run(owner_page, kept(*spoken("text", "Hello")))

    owner_page.get_by_role("tab", name="Request").click()

    panel = owner_page.get_by_role("tabpanel", name="Request")
    for words in ("POST", "/v1/chat/completions", "Bearer sk-…3f9a", '"What is the exchange rate?"'):
        expect(panel).to_contain_text(words)


def test_a_kept_run_is_played_again_from_the_times_of_its_frames(owner_page: Page, kept):
    open_run(owner_page, kept(*spoken("text", "one ", "two ", "three", begin=1000, pause=1000)))
    expect(prose(owner_page)).to_have_text("one two three")
    position = owner_page.get_by_role("slider", name="Position in the replay")

    position.fill("2500")
    expect(prose(owner_page)).to_have_text("one two")
    position.fill("500")
    expect(owner_page.locator(".prose")).to_have_count(0)
    owner_page.get_by_role("button", name="4×").click()
    owner_page.get_by_role("button", name="Play", exact=True).click()

    expect(prose(owner_page)).to_have_text("one two three")
    expect(owner_page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_fifty_thousand_tokens_are_shown_whole(owner_page: Page, kept):
    pieces = [f"w{n} " + ("\n\n" if n % 50 == 49 else "") for n in range(50_000)]
    run = kept(*spoken("text", *pieces, begin=0, pause=1))

    open_run(owner_page, run)

    shown = prose(owner_page).locator("p").evaluate_all("all => all.map(each => each.textContent).join(' ')")
    assert shown.split() == [f"w{n}" for n in range(50_000)]


def test_a_text_that_grows_looks_in_the_end_as_if_it_had_come_at_once(owner_page: Page, kept):
    source = (
        "# Title\n\nSome *text* with `code` and $a^2$.\n\n- one\n- two\n  - deep\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n"
        "```python\nprint('x')\n\n```\n\n> quote\n\n1. first\n\n   more of it\n2. second\n\n$$\nx = 1\n$$\n\nEnd."
    )
    grown = "run => document.querySelector('.prose').innerHTML.replaceAll(/<span class=\"code-lines[^>]*>/g, '')"
    open_run(owner_page, kept(*spoken("text", source)))
    expect(owner_page.locator("math")).to_have_count(2)
    at_once = prose(owner_page).evaluate(grown)

    open_run(owner_page, kept(*spoken("text", *source, pause=3)))
    owner_page.get_by_role("button", name="Back to the start").click()
    owner_page.get_by_role("button", name="Play", exact=True).click()
    expect(owner_page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(owner_page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(owner_page.locator("math")).to_have_count(2)

    assert prose(owner_page).evaluate(grown) == at_once
