"""The history as hands use it, and pages that hold what they promise to eyes and ears."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import User
from playground.models import Run
from playground.models.runs import State
from tests.views.runs_made import make_run, spoken


@pytest.fixture
def run_of(demo):
    owner = User.objects.get(email=OWNER)
    team = owner.memberships.get().team
    return lambda **fields: make_run(team, owner, **fields)


def test_j_and_k_move_and_enter_opens(owner_page: Page, run_of):
    runs = [run_of(summary=f"run {age}", minutes_ago=age) for age in range(1, 4)]
    owner_page.goto("/history/")

    for key in "jjjk":
        owner_page.keyboard.press(key)
    owner_page.keyboard.press("Enter")

    expect(owner_page).to_have_url(re.compile(f"/runs/{runs[1].uuid}/"))


def test_rows_are_chosen_by_hand_or_key_and_leave_as_a_file_of_their_own(owner_page: Page, run_of):
    runs = [run_of(summary=f"run {age}", minutes_ago=age) for age in range(1, 5)]
    owner_page.goto("/history/")

    owner_page.keyboard.press("j")
    owner_page.keyboard.press("x")
    owner_page.get_by_text("run 3", exact=True).click()
    owner_page.locator(f"#run-{runs[3].uuid} .run-choose").check()
    owner_page.get_by_text("run 4", exact=True).click()

    expect(owner_page.get_by_text("2 chosen")).to_be_visible()
    for kind, lines in (("JSONL", 2), ("CSV", 3)):
        with owner_page.expect_download() as told:
            owner_page.get_by_role("link", name=kind, exact=True).click()
        text = told.value.path().read_text("utf-8-sig")
        assert [str(run.uuid) in text for run in runs] == [True, False, True, False]
        assert len(text.splitlines()) == lines
    owner_page.get_by_role("button", name="Choose runs").click()
    expect(owner_page.get_by_text("chosen")).to_have_count(0)
    with owner_page.expect_download() as told:
        owner_page.get_by_role("link", name="JSONL", exact=True).click()
    assert len(told.value.path().read_text("utf-8").splitlines()) == 4
    owner_page.get_by_text("run 2", exact=True).click()
    expect(owner_page).to_have_url(re.compile(f"/runs/{runs[1].uuid}/"))


def test_the_whole_row_opens(owner_page: Page, run_of):
    run = run_of()
    owner_page.goto("/history/")

    owner_page.get_by_text("1,042 → 413").click()

    expect(owner_page).to_have_url(re.compile(f"/runs/{run.uuid}/"))


def test_a_filter_narrows_the_list_in_place_and_stands_in_the_address(owner_page: Page, run_of):
    run_of(summary="well")
    run_of(summary="ill", state=State.FAILED)
    owner_page.goto("/history/")

    owner_page.get_by_label("State").select_option("failed")

    expect(owner_page.locator(".run-summary")).to_have_text(["ill"])
    expect(owner_page.locator("#run-count")).to_have_text("1 run")
    expect(owner_page).to_have_url(re.compile("state=failed"))
    owner_page.go_back()
    expect(owner_page.locator(".run-summary")).to_have_count(2)


def test_a_key_pasted_into_the_search_is_sent_nowhere(owner_page: Page, run_of):
    run_of(summary="well")
    key = "sk-0123456789abcdefSECRET"
    asked: list[str] = []
    owner_page.goto("/history/")
    owner_page.on("request", lambda request: asked.append(request.url))
    box = owner_page.get_by_label("Search requests and answers")

    box.fill(f"why does {key} fail")
    box.press("Enter")
    expect(owner_page.get_by_role("alert")).to_contain_text("It was not sent")
    with owner_page.expect_response(re.compile(r"/history/\?.*q=well")):
        box.fill("well")

    expect(owner_page.get_by_text("It was not sent")).to_have_count(0)
    expect(owner_page).to_have_url(re.compile("q=well"))
    assert not [url for url in asked if key in url]
    owner_page.get_by_label("Search requests and answers").fill(key)
    owner_page.get_by_role("button", name="Add this key").click()
    expect(owner_page.locator("input[name=secret]")).to_have_value(key)


def test_a_running_row_becomes_true_by_itself(owner_page: Page, run_of):
    run = run_of(state=State.RUNNING)
    owner_page.goto("/history/")
    row = owner_page.locator(f"#run-{run.uuid}")
    expect(row).to_contain_text("Running")

    Run.objects.filter(pk=run.pk).update(state=State.CUT_SHORT)

    expect(row).to_contain_text("Cut short", timeout=10_000)


def test_older_runs_come_when_the_end_of_the_list_is_seen(owner_page: Page, run_of):
    for age in range(70):
        run_of(minutes_ago=age)
    owner_page.goto("/history/")
    expect(owner_page.locator(".run-row")).to_have_count(50)

    owner_page.locator(".older-row").scroll_into_view_if_needed()

    expect(owner_page.locator(".run-row")).to_have_count(70)

    opened = owner_page.locator(".run-row").nth(60).get_attribute("data-run")
    owner_page.locator(f"#run-{opened} .run-link").click()
    expect(owner_page).to_have_url(re.compile(f"/runs/{opened}/"))
    owner_page.go_back()
    expect(owner_page.locator(f"#run-{opened}")).to_be_in_viewport()
    expect(owner_page.locator(f"#run-{opened} .run-link")).to_be_focused()


def test_the_theme_is_switched_and_remembered(owner_page: Page):
    owner_page.emulate_media(color_scheme="light")
    owner_page.goto("/history/")

    owner_page.get_by_role("button", name="Switch between light and dark").click()

    expect(owner_page.locator("html")).to_have_attribute("data-theme", "dark")
    owner_page.reload()
    expect(owner_page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_can_be_used_by_everybody_and_nothing_runs_out_sideways(owner_page: Page, run_of, theme, width):
    problem = {"kind": "problem", "code": "rate_limited", "fault": "gateway", "message": "slow down", "retry": True}
    frames = [
        *spoken("reasoning", "hm"),
        *spoken("text", "| a | b |\n|---|---|\n| 1 | 2 |\n\n```json\n{}\n```"),
        (900, problem),
    ]
    run = run_of(frames=frames, state=State.FAILED, model="a-model-with-a-name-of-sixty-characters-" + "x" * 20)
    owner_page.set_viewport_size({"width": width, "height": 844})
    owner_page.emulate_media(color_scheme=theme)

    for path in ("/history/", "/history/?model=none", f"/runs/{run.uuid}/"):
        owner_page.goto(path)
        expect(owner_page.locator("h1")).to_be_visible()
        if "/runs/" in path:
            expect(owner_page.locator(".problem")).to_be_visible()
            expect(owner_page.locator(".table-scroll")).to_be_visible()
        over = owner_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = Axe().run(owner_page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["target"]) for each in found if each["impact"] in ("serious", "critical")
        ]
        assert (path, over, serious) == (path, 0, [])
        if width < 640:
            assert owner_page.evaluate(NOTICE) == []


# A notice stands on nothing that could be pressed.
NOTICE = """() => {
  const card = document.createElement("div");
  card.className = "toast-card";
  card.textContent = "Kept";
  document.getElementById("toasts").append(card);
  const place = card.getBoundingClientRect();
  const covered = [...document.querySelectorAll("a, button, input, select, summary")].filter((each) => {
    const {top, bottom, left, right, height} = each.getBoundingClientRect();
    return height && top < place.bottom && bottom > place.top && left < place.right && right > place.left && each.checkVisibility();
  });
  card.remove();
  return covered.map((each) => each.outerHTML.slice(0, 80));
}"""
