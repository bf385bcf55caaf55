"""Comparing in a browser: columns stream side by side, everything is kept, votes are blind, tables of values are run."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from accounts.demo import MEMBER
from playground.models import Comparison, ComparisonVote, Run
from tests.browser.test_workbench_page import serious

MODELS = ["gpt-5.1:fast", "deepseek-v3.2:fast", "qwen-max:fast"]


def begin(page: Page, models: list[str] = MODELS, said: str = "Explain refunds kindly.") -> None:
    """A comparison of these models, not asked yet."""
    page.goto("/compare/new/?operation=chat-stream")
    for position, model in enumerate(models):
        name_model(page, position, model)
    page.get_by_label("What is asked").fill(said)


def name_model(page: Page, position: int, model: str) -> None:
    field = page.get_by_label(f"Model of column {position + 1}")
    field.fill(model)
    field.press("Tab")


def run_all(page: Page, answers: int = 3) -> None:
    page.get_by_role("button", name="Run all").click()
    expect(page.locator('.cell[data-state="succeeded"]')).to_have_count(answers, timeout=60_000)


def kept() -> dict:
    return json.loads(Comparison.objects.get().document)


def test_columns_answer_side_by_side_as_ordinary_runs_and_open_again_as_they_were(owner_page: Page):
    begin(owner_page)

    run_all(owner_page)
    said = owner_page.locator(".cell .rendered").all_inner_texts()
    expect(owner_page).to_have_url(re.compile(r"/compare/[0-9a-f-]{36}/$"))
    owner_page.reload()

    expect(owner_page.locator('.cell[data-state="succeeded"]')).to_have_count(3)
    expect(owner_page.get_by_label("What is asked")).to_have_value("Explain refunds kindly.")
    assert owner_page.locator(".cell .rendered").all_inner_texts() == said
    assert sorted(Run.objects.values_list("model", flat=True)) == sorted(MODELS)
    assert set(kept()["runs"].values()) == {str(run) for run in Run.objects.values_list("uuid", flat=True)}


def test_a_page_that_is_loaded_again_goes_on_with_what_still_streams_and_starts_nothing_twice(owner_page: Page):
    begin(owner_page, ["gpt-5.1:slow", "deepseek-v3.2:slow", "qwen-max:fast"])
    owner_page.get_by_role("button", name="Run all").click()
    expect(owner_page.locator('.cell[data-state="running"] .rendered').first).not_to_be_empty()

    owner_page.reload()

    expect(owner_page.locator('.cell[data-state="running"]')).to_have_count(2)
    owner_page.locator(".cell").first.get_by_role("button", name="Stop this one").click()
    expect(owner_page.locator(".cell").first).to_have_attribute("data-state", "stopped")
    owner_page.get_by_role("button", name="Stop all").click()
    expect(owner_page.locator('.cell[data-state="stopped"]')).to_have_count(2)
    assert Run.objects.count() == 3


def test_eight_columns_stream_at_once_each_with_its_own_answer(owner_page: Page):
    begin(owner_page)
    while owner_page.locator(".column-head").count() < 8:
        owner_page.get_by_role("button", name="Column", exact=True).click()
    models = [f"model-{letter}:fast" for letter in "abcdefgh"]
    for position, model in enumerate(models):
        name_model(owner_page, position, model)
    expect(owner_page.get_by_role("button", name="Column", exact=True)).to_be_disabled()

    run_all(owner_page, 8)

    runs = kept()["runs"]
    for column in kept()["columns"]:
        assert Run.objects.get(uuid=runs[f"{column['id']}/r1"]).model == column["model"]
    assert [column["model"] for column in kept()["columns"]] == models


def test_columns_that_wait_their_turn_are_answered_after_the_page_was_closed(owner_page: Page):
    begin(owner_page, said="Refund {{product}}.")
    owner_page.get_by_role("button", name="Variables").click()
    for row in range(4):
        if row:
            owner_page.get_by_role("button", name="Row", exact=True).click()
        owner_page.get_by_label(f"product in row {row + 1}").fill(f"lamp {row}")
    owner_page.get_by_role("button", name="Take over").click()
    with owner_page.expect_response(lambda answer: answer.url.endswith("/waiting.json") and answer.status == 202):
        owner_page.get_by_role("button", name="Run all").click()
    address = owner_page.url

    owner_page.goto("about:blank")

    limit = time.monotonic() + 60
    while Run.objects.filter(state="succeeded").count() < 12 and time.monotonic() < limit:
        owner_page.wait_for_timeout(100)
    assert Run.objects.filter(state="succeeded").count() == 12
    owner_page.goto(address)
    expect(owner_page.locator('.cell[data-state="succeeded"]')).to_have_count(12)


def test_a_teammate_votes_without_being_told_any_name(owner_page: Page, browser, browser_context_args, site):
    begin(owner_page)
    run_all(owner_page)
    owner_page.get_by_label("Blind vote").check()
    owner_page.get_by_role("button", name="Share").click()
    owner_page.get_by_label("The team may see it").check()
    expect(owner_page.get_by_text("Your team sees this comparison")).to_be_visible()
    expect(owner_page.get_by_text("Kept", exact=True)).to_be_visible()

    mate = signed_in(browser.new_context(**browser_context_args), MEMBER, site)
    mate.goto(owner_page.url)
    expect(mate.locator('.cell[data-state="succeeded"]')).to_have_count(3)
    assert not [model for model in MODELS if model in mate.content()]
    assert mate.get_by_role("link", name="Open this run").count() == 0
    mate.get_by_role("button", name="Best answer").nth(1).click()

    expect(mate.locator(".column-head").first).to_contain_text(":fast")
    expect(mate.get_by_role("button", name="Your choice")).to_have_count(1)
    assert mate.get_by_role("link", name="Open this run").count() == 3


def test_names_stay_hidden_until_the_vote_and_votes_are_kept(owner_page: Page):
    begin(owner_page)
    run_all(owner_page)
    owner_page.get_by_label("Blind vote").check()
    expect(owner_page.locator(".column-head").first).to_contain_text("Answer A")
    expect(owner_page.get_by_text("gpt-5.1:fast")).to_have_count(0)
    expect(owner_page.get_by_label("Model of column 1")).to_have_count(0)

    owner_page.locator("body").press("2")

    expect(owner_page.get_by_label("Model of column 1")).to_have_value("gpt-5.1:fast")
    expect(owner_page.get_by_role("button", name="Your choice")).to_have_count(1)
    vote = ComparisonVote.objects.get()
    assert vote.is_blind and str(vote.run) in kept()["runs"].values()
    owner_page.reload()
    expect(owner_page.get_by_role("button", name="Your choice")).to_have_count(1)


def test_answers_differ_word_by_word_against_the_column_that_was_chosen(owner_page: Page):
    begin(owner_page, ["gpt-5.1:fast", "deepseek-v3.2:fast"])
    owner_page.get_by_role("button", name="Remove this column").last.click()
    run_all(owner_page, 2)
    owner_page.get_by_label("What is asked").fill("Explain returns kindly.")
    owner_page.get_by_role("button", name="Run this column").last.click()
    expect(owner_page.locator('.cell[data-position="1"] .rendered')).to_contain_text("returns")
    expect(owner_page.locator('.cell[data-state="succeeded"]')).to_have_count(2, timeout=60_000)

    owner_page.get_by_role("button", name="Differences").click()

    changed = owner_page.locator('.cell[data-position="1"] :is(del, ins)')
    expect(changed.filter(has_text="refunds").first).to_be_visible()
    expect(changed.filter(has_text="returns").first).to_be_visible()
    owner_page.get_by_role("button", name="Make reference").click()
    expect(owner_page.locator('.cell[data-position="0"] ins').filter(has_text="refunds").first).to_be_visible()


def test_a_table_of_values_is_asked_of_every_model(owner_page: Page):
    begin(owner_page, said="Refund {{product}} after {{days}} days.")
    owner_page.get_by_role("button", name="Remove this column").last.click()
    owner_page.get_by_role("button", name="Variables").click()
    owner_page.get_by_label("product in row 1").fill("headphones")
    owner_page.get_by_label("days in row 1").fill("33")
    owner_page.get_by_role("button", name="Row", exact=True).click()
    owner_page.get_by_label("product in row 2").fill('a "big" lamp')
    owner_page.get_by_role("button", name="Take over").click()

    run_all(owner_page, 4)

    asked = sorted(Run.objects.values_list("summary", flat=True))
    one, other = 'Refund a "big" lamp after {{days}} days.', "Refund headphones after 33 days."
    assert asked == [one, one, other, other]
    expect(owner_page.locator(".row-head").nth(1)).to_contain_text("product = headphones")


def test_a_column_asks_in_another_dialect_and_says_what_was_left_out(owner_page: Page):
    begin(owner_page)
    owner_page.get_by_label("Dialect of this column").nth(1).select_option("messages")
    owner_page.get_by_label("Dialect of this column").nth(2).select_option("v1beta")

    run_all(owner_page)

    asked = {run.model: run.dialect for run in Run.objects.all()}
    assert asked == dict(zip(MODELS, ["openai-chat", "anthropic-messages", "gemini"], strict=True))
    owner_page.reload()
    expect(owner_page.get_by_label("Dialect of this column").nth(1)).to_have_value("anthropic-messages")
    expect(owner_page.locator('.cell[data-state="succeeded"]')).to_have_count(3)


def test_the_team_sees_what_is_shared_with_it_and_votes(owner_page: Page, browser, browser_context_args, site):
    begin(owner_page)
    run_all(owner_page)
    owner_page.get_by_role("button", name="Share").click()
    owner_page.get_by_label("The team may see it").check()
    expect(owner_page.get_by_text("Your team sees this comparison")).to_be_visible()

    mate = signed_in(browser.new_context(**browser_context_args), MEMBER, site)
    mate.goto(owner_page.url)
    expect(mate.locator('.cell[data-state="succeeded"]')).to_have_count(3)
    mate.get_by_role("button", name="Best answer").first.click()
    expect(mate.get_by_role("button", name="Your choice")).to_have_count(1)

    assert mate.get_by_role("button", name="Run all").count() == 0
    assert ComparisonVote.objects.get().user.email == MEMBER


def test_runs_picked_in_the_history_are_laid_side_by_side(owner_page: Page):
    begin(owner_page)
    run_all(owner_page)
    owner_page.goto("/history/")
    for _ in range(2):
        owner_page.keyboard.press("j")
        owner_page.keyboard.press("x")

    owner_page.get_by_role("link", name="Compare").click()

    expect(owner_page.locator('.cell[data-state="succeeded"]')).to_have_count(2)
    assert Comparison.objects.count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_comparing_is_open_to_everybody_and_fits_the_phone(owner_page: Page, theme: str):
    owner_page.emulate_media(color_scheme=theme)
    begin(owner_page)
    run_all(owner_page)
    assert serious(owner_page) == []
    owner_page.get_by_role("button", name="Differences").click()
    assert serious(owner_page) == []

    owner_page.set_viewport_size({"width": 390, "height": 844})
    owner_page.get_by_role("tab").nth(1).click()

    expect(owner_page.locator(".cell:visible")).to_have_count(1)
    expect(owner_page.locator(".cell:visible")).to_have_attribute("data-position", "1")
    assert owner_page.evaluate("document.documentElement.scrollWidth") == 390
    assert serious(owner_page) == []


def signed_in(context, email: str, site) -> Page:
    """A page of somebody in a browser of their own."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: "en",
    }
    context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
    return context.new_page()
