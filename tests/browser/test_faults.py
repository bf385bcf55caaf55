"""Faults that only a browser can have: it sleeps, its network goes, its clock is wrong."""

import asyncio
import json
import random
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from accounts.demo import OWNER
from accounts.models import Gateway, Key, User
from playground.models import RunFrames
from playground.runs.store import unpacked_lines
from tests.browser.test_answer import BODY, pane, prose, start
from tests.upstream import CHAT_END, NOT_FOUND, SSE_HEAD, Request, chat_event, says, upstream
from tests.views.runs_made import make_run

A_DAY_LATE = """
  const Right = Date, wrong = %d * 24 * 3600 * 1000;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + wrong); }
    static now() { return Right.now() + wrong; }
  };
"""


@pytest.fixture
def endless(demo) -> Iterator[threading.Event]:
    """The demo key's gateway counts until this event is set."""
    over = threading.Event()

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.method != "POST":
            await says(NOT_FOUND)(request, writer)
            return
        writer.write(SSE_HEAD)
        number = 0
        while not over.is_set():
            writer.write(chat_event(f"{number} "))
            await writer.drain()
            await asyncio.sleep(0.03)
            number += 1
        writer.write(CHAT_END)
        await writer.drain()

    with upstream(script) as there:
        Key.objects.update(gateway=Gateway.objects.create(name="Counts", base_url=there.url, trusted=True))
        yield over


def _left_and_opened(page: Page, how: str) -> Page:
    """Leave a page in one of the ways people and machines do, and come back to it."""
    address = page.url
    match how:
        case "reload":
            page.reload()
        case "back":
            page.goto("/healthz")
            page.go_back()
        case "crash":
            with suppress(Error):
                page.goto("chrome://crash")
    if how in ("close", "crash"):
        context = page.context
        page.close()
        page = context.new_page()
        page.goto(address)
    return page


def test_f31_a_page_that_is_left_at_twenty_moments_shows_what_is_stored_each_time(owner_page: Page, endless):
    chance, counted = random.Random(31), " ".join(map(str, range(100_000)))
    ways = ["reload", "close", "back", "crash"] * 5
    chance.shuffle(ways)
    page, run = owner_page, start(owner_page)
    expect(pane(page)).to_have_attribute("data-state", "running")
    page.goto(f"/runs/{run}/")
    for way in ways:
        page.wait_for_timeout(chance.randint(0, 200))
        before = _said(page)
        page = _left_and_opened(page, way)
        page.wait_for_function("shown => document.querySelector('.prose')?.textContent.length > shown", arg=len(before))
        assert counted.startswith(_said(page)), way
        assert _said(page).startswith(before), way
    endless.set()
    expect(pane(page)).to_have_attribute("data-state", "succeeded")
    whole = _said(page)
    page.reload()
    expect(pane(page)).to_have_attribute("data-state", "succeeded")

    assert counted.startswith(whole)
    assert _said(page) == whole
    assert _stored(run) == whole


def _said(page: Page) -> str:
    return page.evaluate("document.querySelector('.prose')?.textContent.trim() ?? ''")


def _stored(run: str) -> str:
    """The text of a run as the database holds it."""
    rows = RunFrames.objects.filter(run__uuid=run).order_by("last")
    lines = [line for row in rows for line in unpacked_lines(bytes(row.frames), row.packed, 0)]
    frames = [json.loads(line) for line in lines]
    return "".join(frame["text"] for frame in frames if frame["kind"] == "text").strip()


def test_f32_a_page_that_slept_catches_up_when_it_wakes(owner_page: Page):
    run = start(owner_page, {**BODY, "model": "gpt-5.1:long"})
    expect(prose(owner_page)).to_contain_text("words")
    line = owner_page.context.new_cdp_session(owner_page)

    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    asleep = owner_page.context.new_page()
    asleep.goto(f"/runs/{run}/")
    expect(pane(asleep)).to_have_attribute("data-state", "succeeded", timeout=60_000)
    line.send("Page.setWebLifecycleState", {"state": "active"})

    expect(pane(owner_page)).to_have_attribute("data-state", "succeeded", timeout=60_000)
    frames = "document.querySelector('run-answer').answer.store.frames"
    assert owner_page.evaluate(frames) == asleep.evaluate(frames)


def test_f33_a_page_that_was_offline_goes_on_where_it_was(owner_page: Page):
    run = start(owner_page, {**BODY, "model": "gpt-5.1:slow"})
    expect(pane(owner_page)).to_have_attribute("data-state", "running")
    owner_page.goto(f"/runs/{run}/")
    expect(pane(owner_page)).to_have_attribute("data-state", "running")
    lost = pane(owner_page).get_by_text("Connection lost; it comes back by itself")

    # Chromium leaves open sockets alone when it is told to be offline: the page itself lets its socket go.
    owner_page.context.set_offline(True)
    expect(lost).to_be_visible()
    owner_page.context.set_offline(False)
    expect(lost).to_be_hidden()
    owner_page.get_by_role("button", name="Stop").click()

    expect(pane(owner_page)).to_have_attribute("data-state", "stopped", timeout=60_000)
    seen = owner_page.evaluate("document.querySelector('run-answer').answer.store.frames.map((frame) => frame.seq)")
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize("days", [1, -1])
def test_f40_ages_are_right_when_the_browsers_clock_is_wrong_by_a_day(owner_page: Page, days):
    owner = User.objects.get(email=OWNER)
    team = owner.memberships.get().team
    make_run(team, owner, minutes_ago=0)
    make_run(team, owner, minutes_ago=30)
    owner_page.add_init_script(A_DAY_LATE % days)

    owner_page.goto("/history/")

    assert abs(owner_page.evaluate("Date.now()") - owner_page.evaluate("performance.timeOrigin")) > 23 * 3600 * 1000
    ages = owner_page.locator("time[data-ago]")
    expect(ages.first).to_have_text("just now")
    expect(ages.nth(1)).to_have_text("30 min. ago")
