"""What was submitted, followed on the page to its picture or film, and on to the next call."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import WAIT_MS, Bench


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.JOBS = "inside"
    settings.TASK_POLL_SECONDS, settings.TASK_LOOK_SECONDS = 0.3, 0.1


@pytest.fixture
def bench(quick: None, owner_page: Page) -> Bench:
    return Bench(owner_page)


def drawn(bench: Bench, prompt: str = "a cat --turbo --ar 1:1") -> None:
    """Submit a picture and wait until it is shown."""
    bench.open("mj-imagine")
    bench.write_json(f'{{"prompt": "{prompt}"}}')
    bench.page.locator('[data-part="send"]').click()
    expect(bench.page.locator(".task figure.media img")).to_be_visible(timeout=WAIT_MS)


def laid_out(bench: Bench, operation: str) -> Any:
    """The body on the desk, once this operation is laid out, filled in from a task."""
    expect(bench.page.get_by_text("Filled in from the task").last).to_be_visible(timeout=WAIT_MS)
    assert bench.page.evaluate("document.querySelector('param-form').desk.operation.id") == operation
    return json.loads(bench.body())


def test_a_picture_is_shown_and_its_buttons_open_the_next_call_filled_in(bench: Bench) -> None:
    drawn(bench)
    task = bench.page.locator(".task-id").inner_text()
    assert bench.page.locator(".task img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1024

    bench.page.get_by_role("button", name="U2", exact=True).click()

    body = laid_out(bench, "mj-action")
    assert (body["taskId"], body["customId"].split("::")[:4]) == (task, ["MJ", "JOB", "upsample", "2"])
    assert bench.told == []


def test_a_film_moves_on_and_can_be_watched(bench: Bench) -> None:
    bench.open("video-create")
    bench.write_json('{"model": "sora-2", "prompt": "a hat", "seconds": "4", "size": "320x180"}')
    bench.page.locator('[data-part="send"]').click()

    expect(bench.page.locator(".task .badge")).to_have_text("In progress", timeout=WAIT_MS)
    film = bench.page.locator(".task video")
    expect(film).to_be_visible(timeout=2 * WAIT_MS)
    length = film.evaluate(
        "film => new Promise(done => { film.onloadedmetadata = () => done(film.duration); film.load(); })"
    )
    assert round(length) == 4 and bench.told == []


def test_a_page_loaded_again_shows_the_task_again(bench: Bench) -> None:
    drawn(bench)

    bench.page.reload()

    expect(bench.page.locator(".task figure.media img")).to_be_visible(timeout=WAIT_MS)
    expect(bench.page.locator(".task .badge")).to_have_text("Finished")


def test_the_buttons_of_a_runs_page_lead_into_the_builder(bench: Bench) -> None:
    drawn(bench)
    run = bench.page.locator("run-answer").evaluate("answer => answer.answer.run")
    bench.page.goto(f"/runs/{run}/")

    bench.page.get_by_role("button", name="V3", exact=True).click()

    bench.page.wait_for_url("**/?operation=mj-action*")
    bench.settled()
    assert "variation::3" in laid_out(bench, "mj-action")["customId"]


def test_a_window_of_midjourney_is_answered_by_the_next_call(bench: Bench) -> None:
    bench.open("mj-action")
    bench.write_json('{"taskId": "1320098173412546", "customId": "MJ::CustomZoom::ab"}')
    bench.page.locator('[data-part="send"]').click()

    bench.page.get_by_role("button", name="Fill in and go on").click(timeout=WAIT_MS)

    assert laid_out(bench, "mj-modal")["taskId"].startswith("mj_")
