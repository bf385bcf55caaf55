"""Saving, sharing, suggesting and filling in, in browsers of several people: nothing is written over, no key is told."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.demo import MEMBER, OWNER
from accounts.models import Key, Membership, Role, Team, User
from playground.models import Draft, Run, RunCall, SavedRequest, SavedRun, SavedVersion, State
from tests.browser.people import page_of
from tests.conftest import Site
from tests.saved.conftest import page_text
from tests.views.runs_made import make_run, spoken

SECRET = "sk-planted-and-never-told-4711"
SLOW = 30_000


@pytest.fixture
def saved(demo: None) -> SavedRequest:
    """The owner's request, which everybody in the team may change."""
    return make_saved("Greet {{customer}}", team_right="edit")


def make_saved(prompt: str, **fields: str) -> SavedRequest:
    owner = User.objects.get(email=OWNER)
    team = Team.objects.get(memberships__user=owner)
    saved = SavedRequest.objects.create(
        team=team, owner=owner, name="Invoice check", operation="chat-stream", visibility="team", **fields
    )
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=page_text(body(prompt)))
    return saved


def body(prompt: str, model: str = "gpt-4o-mini:fast") -> str:
    return json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}]})


def open_saved(page: Page, saved: SavedRequest, version: int = 1) -> None:
    page.goto(f"/?saved={saved.pk}")
    expect(page.locator('[data-part="saved"]')).to_contain_text(f"Invoice check · v{version}", timeout=SLOW)


def write(page: Page, prompt: str) -> None:
    """Change what the person says."""
    page.locator(".message textarea").last.fill(prompt)


def ended(page: Page) -> None:
    expect(page.locator("run-answer")).to_contain_text("Succeeded", timeout=SLOW)


def choose_save(page: Page) -> None:
    page.get_by_role("button", name="More about this request").click()
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_request_is_saved_opened_again_and_kept_beside_what_somebody_else_saved(sign_in):
    page = sign_in(OWNER)
    page.goto("/?operation=chat-stream")
    expect(page.locator('[data-part="title"]')).to_have_text("Streaming request")
    choose_save(page)
    page.get_by_label("Name").fill("Invoice check")
    page.get_by_label("Folder").fill("Finance")
    page.locator(".save-dialog .btn-primary").click()
    expect(page.locator('[data-part="saved"]')).to_contain_text("Invoice check · v1")
    saved = SavedRequest.objects.get()
    other = json.dumps({**json.loads(saved.current.call), "stream": False})
    saved.add_version(other, by=User.objects.get(email=OWNER), after=1)

    page.goto("/?operation=chat-stream")
    expect(page.locator('[data-part="saved"]')).to_contain_text("v1")
    choose_save(page)
    page.locator(".save-dialog .btn-primary").click()
    expect(page.get_by_role("heading", name="Changed elsewhere")).to_be_visible()
    page.get_by_role("button", name="Keep both").click()

    expect(page.locator('[data-part="saved"]')).to_contain_text("v3")
    assert [each.number for each in saved.versions.order_by("number")] == [1, 2, 3]
    page.goto(f"/?saved={saved.pk}")
    expect(page.locator('[data-part="saved"]')).to_contain_text("v3")
    expect(page).to_have_url(re.compile(r"\?operation=chat-stream$"))


def test_two_people_who_edit_one_request_see_that_it_changed_compare_and_keep_both(
    browser: Browser, site: Site, saved: SavedRequest
):
    mine, theirs = page_of(browser, site, OWNER), page_of(browser, site, MEMBER)
    open_saved(mine, saved)
    open_saved(theirs, saved)
    write(mine, "Mine")
    write(theirs, "Theirs")
    choose_save(theirs)
    theirs.get_by_label("What changed").fill("said otherwise")
    theirs.locator(".save-dialog .btn-primary").click()
    expect(theirs.locator('[data-part="saved"]')).to_contain_text("v2")

    mine.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mine.locator('[data-part="saved-news"]')).to_contain_text("Max Member saved v2")
    mine.get_by_role("button", name="Compare with mine").click()
    row = mine.locator(".save-dialog tbody tr")
    expect(row).to_contain_text(["messages[0].content"])
    expect(row.locator(".is-gone")).to_have_text('"Theirs"')
    expect(row.locator(".is-added")).to_have_text('"Mine"')
    mine.get_by_role("button", name="Keep both").click()

    expect(mine.locator('[data-part="saved"]')).to_contain_text("v3")
    expect(mine.locator('[data-part="saved-news"]')).to_be_hidden()
    texts = [json.loads(each.call)["text"] for each in saved.versions.order_by("number")]
    assert ["Theirs" in texts[1], "Mine" in texts[2], len(texts)] == [True, True, 3]
    assert [each.author.email for each in saved.versions.order_by("number")] == [OWNER, MEMBER, OWNER]


def test_details_that_somebody_else_changed_meanwhile_are_not_written_over(
    browser: Browser, site: Site, saved: SavedRequest
):
    mine, theirs = page_of(browser, site, OWNER), page_of(browser, site, MEMBER)
    for page in (mine, theirs):
        page.goto(f"/saved/{saved.pk}/")
    theirs.locator("#id_name").fill("Their name")
    theirs.get_by_role("button", name="Change details").click()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Their name")

    mine.locator("#id_name").fill("My name")
    mine.get_by_role("button", name="Change details").click()

    expect(mine.locator(".details-changed")).to_contain_text("Their name")
    expect(mine.locator("#id_name")).to_have_value("My name")
    saved.refresh_from_db()
    assert saved.name == "Their name"


def test_a_variable_without_a_value_is_told_at_its_name_and_what_is_typed_goes_out(
    owner_page: Page, saved: SavedRequest
):
    open_saved(owner_page, saved)
    owner_page.locator('[data-part="send"]').click()
    field = owner_page.get_by_label("customer")
    expect(field).to_be_focused()
    expect(owner_page.locator(".request-variables")).to_contain_text("This needs a value; nothing was sent")
    assert not Run.objects.exists()

    field.fill('Ann "the boss"')
    owner_page.locator('[data-part="send"]').click(delay=10)
    ended(owner_page)

    run = SavedRun.objects.get(request=saved).run
    assert json.loads(bytes(run.call.body))["messages"][0]["content"] == 'Greet Ann "the boss"'


def test_a_teammate_suggests_a_change_and_the_owner_accepts_it(browser: Browser, site: Site, demo: None):
    saved = make_saved("Greet them", team_right="run")
    theirs, mine = page_of(browser, site, MEMBER), page_of(browser, site, OWNER)
    open_saved(theirs, saved)
    write(theirs, "Greet them warmly")
    choose_save(theirs)
    theirs.get_by_label("What you would change").fill("Warmer")
    theirs.get_by_role("button", name="Suggest the change").click()
    expect(theirs.locator(".toast-card").last).to_contain_text("Your change was suggested")

    mine.goto("/notices/")
    mine.get_by_role("link", name="suggests a change").click()
    expect(mine.locator(".suggestion")).to_contain_text("Greet them warmly")
    mine.get_by_role("button", name="Accept as v2").click()
    expect(mine.get_by_role("heading", level=1)).to_contain_text("v2")

    saved.refresh_from_db()
    assert (saved.current.author.email, saved.current.note) == (MEMBER, "Warmer")
    theirs.goto("/notices/")
    expect(theirs.get_by_role("link", name="accepted your change")).to_be_visible()


def test_a_teammate_runs_what_was_shared_with_a_key_they_may_use_but_never_read(
    browser: Browser, site: Site, demo: None
):
    key = Key.objects.get(shared_with="team", team__memberships__user__email=MEMBER)
    key.secret = SECRET
    key.save()
    mine, theirs = page_of(browser, site, OWNER), page_of(browser, site, MEMBER)
    said: list[str] = []
    theirs.on("websocket", lambda socket: socket.on("framereceived", lambda told: said.append(str(told))))

    mine.goto("/?operation=chat-stream")
    expect(mine.locator('[data-part="title"]')).to_have_text("Streaming request", timeout=SLOW)
    choose_save(mine)
    mine.get_by_label("Name").fill("Invoice check")
    mine.locator(".save-dialog .btn-primary").click()
    mine.get_by_role("link", name="Invoice check · v1").click()
    mine.get_by_label("Shared with").select_option("people")
    mine.get_by_label("Max Member").select_option("run")
    mine.get_by_role("button", name="Share", exact=True).click()
    expect(mine.locator(".person-row", has_text="Max Member")).to_contain_text("can run it with")

    theirs.goto("/notices/")
    theirs.get_by_role("link", name="Olivia Owner shared").click()
    expect(theirs.locator(".saved-standing")).to_contain_text(f"can run it with {key.name}")
    theirs.get_by_role("button", name="Run it now").click()
    ended(theirs)
    # The page was made while it ran: what stands on it now can be shared at once.
    expect(theirs.get_by_role("button", name="Share", exact=True)).to_be_visible()
    run = Run.objects.get()
    for path in (
        f"/runs/{run.uuid}/request.json",
        "/keys/",
        f"/keys/{key.pk}/",
        "/",
        "/history/",
        f"/runs/{run.uuid}/",
    ):
        said.append(theirs.context.request.get(path).text())

    assert (run.user.email, run.key_id, run.state) == (MEMBER, key.pk, State.SUCCEEDED)
    assert any('"type":"end"' in text.replace(" ", "") for text in said)
    assert any(run.key_mask in text for text in said)
    assert [text for text in said if SECRET in text or SECRET[3:20] in text] == []


def test_somebody_who_only_looks_on_is_told_what_they_may_do(sign_in, demo: None):
    Membership.objects.filter(user__email=MEMBER).update(role=Role.VIEWER)
    page = sign_in(MEMBER)

    page.goto("/?operation=chat-stream")

    expect(page.get_by_role("note")).to_contain_text("You look on in this team.")
    expect(page.locator('[data-part="send"]')).to_be_disabled()


def test_a_retry_is_linked_to_the_run_it_tries_again(owner_page: Page, demo: None):
    owner = User.objects.get(email=OWNER)
    call = page_text(body("Hello", "gpt-4o-mini:fast:fault-503"))
    Draft.objects.create(user=owner, team=owner.memberships.get().team, operation="chat-stream", call=call)
    owner_page.goto("/?operation=chat-stream")
    expect(owner_page.locator('[data-part="title"]')).to_have_text("Streaming request", timeout=SLOW)
    owner_page.locator('[data-part="send"]').click()
    problem = owner_page.locator(".problem")
    expect(problem).to_be_visible(timeout=SLOW)
    first = Run.objects.get()

    problem.get_by_role("button", name="Retry").click()

    owner_page.wait_for_function("first => sessionStorage.getItem('run:chat-stream') !== first", arg=str(first.uuid))
    expect(problem).to_be_visible(timeout=SLOW)
    assert [run.retry_of for run in Run.objects.exclude(pk=first.pk)] == [first]


def test_the_ways_out_of_a_failed_run_are_honoured_by_the_workbench(owner_page: Page, demo: None):
    owner = User.objects.get(email=OWNER)
    run = made_run(owner)

    owner_page.goto(f"/?run={run.uuid}&do=choose_key")
    expect(owner_page.locator('[data-part="key"]')).to_be_focused(timeout=SLOW)
    owner_page.goto(f"/?run={run.uuid}&do=edit_field&field=messages%5B0%5D.content")
    expect(owner_page.locator(".message textarea").first).to_be_focused(timeout=SLOW)
    owner_page.goto(f"/?run={run.uuid}&do=save")
    expect(owner_page.get_by_role("heading", name="Save this request")).to_be_visible(timeout=SLOW)
    owner_page.goto(f"/?run={run.uuid}&do=retry")
    expect(owner_page.locator('[data-part="send"]')).to_be_focused(timeout=SLOW)
    assert Run.objects.count() == 1
    owner_page.keyboard.press("Enter")
    ended(owner_page)

    assert Run.objects.exclude(pk=run.pk).get().retry_of == run


def test_a_run_is_sent_again_from_its_page(owner_page: Page, demo: None):
    run = made_run(User.objects.get(email=OWNER))
    owner_page.goto(f"/runs/{run.uuid}/")

    owner_page.get_by_role("button", name="Run again").click()
    expect(owner_page).not_to_have_url(re.compile(str(run.uuid)))
    ended(owner_page)

    again = Run.objects.exclude(pk=run.pk).get()
    assert (again.retry_of, bytes(again.call.body)) == (run, bytes(run.call.body))


def made_run(owner: User) -> Run:
    """A run that failed, kept with its request."""
    team = owner.memberships.get().team
    run = make_run(
        team, owner, frames=spoken("text", "It broke."), state=State.FAILED, key=Key.objects.filter(team=team).first()
    )
    RunCall.objects.filter(run=run).update(body=body("Say it again").encode())
    run.refresh_from_db()
    return run
