"""What somebody typed is never lost: not by a refresh, not by signing out, not by a second tab."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.demo import OWNER
from playground.models import Draft
from tests.browser.bench import Bench
from tests.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page).open("chat-basic")


def write(bench: Bench, text: str) -> None:
    bench.message(2).locator("textarea").fill(text)


def told(bench: Bench) -> str:
    return json.loads(bench.body())["messages"][1]["content"]


def another_tab(bench: Bench) -> Bench:
    return Bench(bench.page.context.new_page()).open("chat-basic")


def test_what_was_typed_a_moment_before_a_refresh_is_there(bench: Bench):
    write(bench, "typed just now")
    bench.page.reload()
    bench.settled()

    assert told(bench) == "typed just now"


def test_a_draft_is_kept_by_the_server_with_what_is_switched_off(bench: Bench):
    bench.change(lambda: bench.field("max_completion_tokens").fill("77"))
    bench.page.get_by_label("Send max_completion_tokens").uncheck()
    bench.kept()

    kept = json.loads(Draft.objects.get().call)
    assert kept["off"]["/max_completion_tokens"]["valueText"] == "77"
    assert "max_completion_tokens" not in json.loads(kept["text"])


def test_a_draft_survives_signing_out_and_another_browser(
    bench: Bench, browser: Browser, site: Site, sign_in: Callable
):
    write(bench, "across machines")
    bench.tab("headers")
    bench.page.get_by_role("button", name="Add a header").click()
    bench.page.keyboard.type("X-Trace")
    bench.kept()
    bench.page.evaluate("localStorage.clear()")
    bench.page.context.clear_cookies()

    again = Bench(sign_in(OWNER)).open("chat-basic")

    assert told(again) == "across machines"
    again.tab("headers")
    expect(again.page.get_by_label("Name", exact=True)).to_have_value("X-Trace")


def test_looking_at_an_example_makes_no_draft(bench: Bench):
    bench.page.goto("/?operation=chat-stream")
    bench.settled()
    bench.page.goto("/history/")

    assert not Draft.objects.exists()


def test_each_operation_has_a_draft_of_its_own(bench: Bench):
    write(bench, "of the basic one")
    bench.page.locator('.tree-leaf[data-operation="chat-multi-turn"]').click()
    expect(bench.page.locator("[data-part=title]")).to_have_text("Multi-turn conversation")
    assert told(bench) != "of the basic one"

    bench.page.locator('.tree-leaf[data-operation="chat-basic"]').click()
    expect(bench.page.locator("[data-part=title]")).to_have_text("Basic request")
    expect(bench.message(2).locator("textarea")).to_have_value("of the basic one")


def test_starting_over_brings_the_example_and_undo_brings_the_draft(bench: Bench):
    example = bench.body()
    write(bench, "all mine")
    bench.kept()
    bench.page.get_by_label("More about this request").click()
    bench.page.get_by_role("button", name="Start over from the example").click()
    expect(bench.page.locator(".toast-card")).to_contain_text("Started over")
    assert bench.body() == example

    bench.page.get_by_role("button", name="Undo").click()

    assert told(bench) == "all mine"
    bench.kept()
    bench.page.reload()
    bench.settled()
    assert told(bench) == "all mine"


def test_a_stale_tab_is_told_and_writes_over_nothing(bench: Bench):
    write(bench, "first")
    bench.kept()
    other = another_tab(bench)
    write(other, "second, saved later")
    other.kept()

    write(bench, "third, from the stale tab")

    notice = bench.page.locator(".conflict")
    expect(notice).to_contain_text("This draft was changed elsewhere", timeout=10_000)
    expect(notice).to_contain_text("They differ in: messages")
    assert "second, saved later" in Draft.objects.get().call


def test_the_person_may_keep_what_is_here(bench: Bench):
    other = another_tab(bench)
    write(other, "theirs")
    other.kept()
    write(bench, "mine")

    bench.page.get_by_role("button", name="Keep what is here").click(timeout=10_000)

    bench.kept()
    assert told(bench) == "mine"
    assert "mine" in Draft.objects.get().call
    expect(bench.page.locator(".conflict")).to_be_hidden()


def test_the_person_may_take_the_other_and_still_go_back(bench: Bench):
    other = another_tab(bench)
    write(other, "theirs")
    other.kept()
    write(bench, "mine")

    bench.page.get_by_role("button", name="Take the other", exact=True).click(timeout=10_000)
    assert told(bench) == "theirs"
    bench.page.get_by_role("button", name="Undo").click()

    assert told(bench) == "mine"


def test_both_are_kept_when_one_is_saved_as_a_file(bench: Bench):
    other = another_tab(bench)
    write(other, "theirs")
    other.kept()
    write(bench, "mine")

    with bench.page.expect_download() as download:
        bench.page.get_by_role("button", name="Take the other, save this one as a file").click(timeout=10_000)

    assert "mine" in download.value.path().read_text()
    assert told(bench) == "theirs"


def test_while_the_server_is_away_the_draft_stays_on_this_device(bench: Bench):
    bench.page.context.set_offline(True)
    write(bench, "written on a train")
    expect(bench.page.locator(".foot-kept")).to_have_text("Draft kept on this device", timeout=10_000)

    bench.page.context.set_offline(False)

    bench.kept()
    assert "written on a train" in Draft.objects.get().call
