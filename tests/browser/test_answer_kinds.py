"""Every kind of answer drawn as what it is, by running the call that gives it."""

import json
import re
import wave
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.models import Run, RunCall
from tests.browser.bench import WAIT_MS, Bench
from tests.people import OWNER
from tests.views.runs_made import make_run, spoken

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "skills": {"type": "array"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def bench(data: None, owner_page: Page) -> Bench:
    return Bench(owner_page)


def ran(bench: Bench, operation: str, **changed: Any) -> Locator:
    """Send an operation's example, some fields changed; the answer."""
    bench.open(operation)
    if changed:
        bench.page.evaluate(
            "more => { const { desk } = document.querySelector('param-form');"
            " desk.write(JSON.stringify({ ...JSON.parse(desk.draft.text), ...more })); }",
            changed,
        )
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("succeeded")
    return bench.page.locator("run-answer [data-part=rendered]")


def natural_width(image: Locator) -> int:
    width: int = image.evaluate("image => image.decode().then(() => image.naturalWidth)")
    return width


@pytest.fixture
def answered(bench: Bench):
    """Opens a kept run whose request asked for a person: `answered('{"name": "Li"}')`."""

    def open_run(text: str, **body: Any) -> Locator:
        from accounts.models import User

        owner = User.objects.get(email=OWNER)
        run = make_run(owner.memberships.get().team, owner, frames=spoken("text", text))
        asked = {"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON}}
        call = {"model": "gpt-5.1", "messages": [], **(body or {"response_format": asked})}
        RunCall.objects.filter(run=run).update(body=json.dumps(call).encode())
        bench.page.goto(f"/runs/{run.uuid}/")
        return bench.page.locator("run-answer [data-part=rendered]")

    return open_run


# --- structured output ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["chat-structured", "gemini-structured"])
def test_an_answer_that_follows_its_schema_is_a_tree_and_says_so(bench: Bench, operation: str):
    shown = ran(bench, operation)

    expect(shown.locator(".verdict")).to_have_text("Matches the schema")
    expect(shown.locator(".structured .json-leaf").first).to_be_visible()
    assert bench.told == []


def test_an_answer_that_misses_its_schema_says_where(bench: Bench, answered):
    shown = answered('{"name": 7, "skills": ["Go", {"level": 3}], "more": null}')

    expect(shown.locator(".verdict")).to_have_text("Does not match the schema in 3 places")
    misses = shown.locator(".structured-misses li")
    assert sorted(misses.all_inner_texts()) == [
        "/age\nis missing",
        "/more\nis not in the schema",
        "/name\nshould be a text, but is a number",
    ]
    expect(shown.locator(".json-leaf.is-marked").first).to_have_text('"name": 7')


def test_the_tree_of_a_structured_answer_folds_by_the_keyboard(bench: Bench, answered):
    shown = answered('{"name": "Li", "age": 3, "skills": ["Go", {"level": 3}]}')
    expect(shown.get_by_text('"level"')).to_be_visible(timeout=WAIT_MS)

    shown.locator("summary", has_text="skills").focus()
    bench.page.keyboard.press("Enter")

    expect(shown.get_by_text('"level"')).to_be_hidden()
    expect(shown.get_by_text('"age"')).to_be_visible()


def test_an_answer_that_is_no_json_though_asked_for_is_shown_and_said_to_be_none(bench: Bench, answered):
    shown = answered("I **cannot** do that.")

    expect(shown.locator(".verdict")).to_have_text("Not JSON, though the request asked for it", timeout=WAIT_MS)
    expect(shown.locator(".prose strong")).to_have_text("cannot")


def test_json_that_nobody_asked_for_stays_text(bench: Bench, answered):
    with bench.page.expect_response("**/request.json"):
        shown = answered('{"name": 7}', temperature=1)

    expect(shown.locator(".prose")).to_have_text('{"name": 7}')
    expect(shown.locator(".verdict")).to_have_count(0)


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_partial_pictures_stay_beside_the_finished_one_and_can_be_looked_at(bench: Bench):
    shown = ran(bench, "image-generate")
    stages = shown.locator(".media-stage")
    expect(stages).to_have_count(3)
    expect(shown.get_by_role("button", name="Finished picture")).to_have_attribute("aria-pressed", "true")
    finished = shown.locator(".media > img").get_attribute("src")

    shown.get_by_role("button", name="Partial picture 1").click()

    assert shown.locator(".media > img").get_attribute("src") != finished
    assert natural_width(shown.locator(".media > img")) > 0
    assert bench.told == []


def test_a_picture_in_base64_inside_chat_text_is_drawn_and_one_by_link_is_asked_for(bench: Bench):
    inside = ran(bench, "chat-media-stream").locator(".prose img")
    assert natural_width(inside) > 0

    shown = ran(bench, "chat-media-stream", model="dall-e-3")
    expect(shown.locator(".prose img")).to_have_count(0)
    shown.locator(".remote-picture").click()

    loaded = shown.locator(".loaded-media")
    expect(loaded.locator("img")).to_be_visible(timeout=WAIT_MS)
    expect(loaded.get_by_role("link", name="Download")).to_have_attribute("href", re.compile("^blob:"))
    assert bench.told == []


def test_a_film_that_chat_text_links_to_is_played_when_it_is_asked_for(bench: Bench):
    shown = ran(bench, "media-chat-stream")
    expect(shown.get_by_role("link", name="下载视频")).to_have_attribute("rel", "noopener noreferrer nofollow")

    shown.locator(".remote-picture").click()

    expect(shown.locator(".loaded-media video")).to_be_visible(timeout=WAIT_MS)
    assert bench.told == []


# --- sound and film ---------------------------------------------------------------------------------------------------


def test_speech_has_its_shape_below_the_player_and_a_press_on_it_seeks(bench: Bench):
    shown = ran(
        bench, "audio-speech", input="Good morning, this is a longer text to be spoken aloud.", response_format="wav"
    )
    shape = shown.get_by_role("slider", name="Position in the sound")
    expect(shape).to_be_visible(timeout=WAIT_MS)
    length = float(shape.get_attribute("aria-valuemax") or 0)
    box = shape.bounding_box()
    assert length > 1 and box

    shape.click(position={"x": box["width"] / 2, "y": 10})

    now = "document.querySelector('run-answer audio').currentTime"
    bench.page.wait_for_function(f"() => {now} > {length * 0.4} && {now} < {length * 0.6}")
    shape.press("Home")
    bench.page.wait_for_function(f"() => {now} === 0")
    assert bench.told == []


def test_a_film_is_played_from_any_moment_of_it(bench: Bench):
    film = ran(bench, "video-content").locator("video")
    length = film.evaluate(
        "film => film.readyState ? film.duration : new Promise(done => (film.onloadedmetadata = () => done(film.duration)))"
    )

    reached = film.evaluate(
        "film => new Promise(done => { film.onseeked = () => done(film.currentTime); film.currentTime = film.duration / 2; })"
    )

    assert length > 1 and abs(reached - length / 2) < 0.2
    assert bench.told == []


@pytest.mark.parametrize("form", ["verbose_json", "srt"])
def test_a_transcript_has_times_that_lead_into_the_sound(bench: Bench, tmp_path: Path, form: str):
    sound = tmp_path / "speech.wav"
    with wave.open(str(sound), "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(8000)
        writing.writeframes(bytes(16_000 * 9))
    bench.open("audio-translate")
    bench.row("/file").get_by_label("File for file").set_input_files(sound)
    expect(bench.row("/file").get_by_role("link", name="speech.wav")).to_be_visible(timeout=WAIT_MS)
    bench.page.evaluate(
        "form => document.querySelector('param-form').desk.edit(draft => draft.set('/response_format', JSON.stringify(form)))",
        form,
    )
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("succeeded")
    shown = bench.page.locator("run-answer .transcript")

    times = shown.locator("button.transcript-time")
    expect(times.nth(1)).to_be_visible(timeout=WAIT_MS)
    assert times.first.inner_text() == "0:00" and shown.locator("li").last.inner_text().strip()
    times.last.click()

    bench.page.wait_for_function("() => document.querySelector('run-answer audio').currentTime > 1")
    expect(shown.get_by_role("link", name="SRT")).to_have_attribute("download", "transcript.srt")
    assert bench.told == []


# --- figures ----------------------------------------------------------------------------------------------------------


def test_vectors_are_named_by_their_texts_and_compared(bench: Bench):
    shown = ran(bench, "embeddings", input=["rain tomorrow", "rain tomorrow", "balance sheet"])

    rows = shown.locator(".similarity tbody tr")
    expect(rows.nth(2).locator("th")).to_have_text("3 balance sheet", timeout=WAIT_MS)
    figures = [[float(text) for text in rows.nth(row).locator("td").all_inner_texts()] for row in range(3)]
    assert figures[0][:2] == [1, 1] and figures[0][2] < 1 and figures[2][0] == figures[0][2]
    expect(shown.locator(".vector-strip")).to_have_count(3)
    expect(shown.locator(".whole-json")).not_to_have_attribute("open", "")


def test_a_ranking_is_in_order_with_a_bar_for_each_score(bench: Bench):
    documents = ["Nothing of it.", "Pandas eat bamboo.", "What pandas eat: bamboo, says the zoo."]
    shown = ran(bench, "rerank", query="What do pandas eat?", documents=documents, top_n=3, return_documents=False)

    rows = shown.locator(".ranking li")
    expect(rows.first.locator("p")).not_to_have_text(re.compile("^Document"), timeout=WAIT_MS)
    scores = [float(text) for text in rows.locator("b").all_inner_texts()]
    widths = [
        float((width or "").rstrip("%"))
        for width in rows.locator(".ranking-bar rect + rect").evaluate_all(
            "all => all.map(each => each.getAttribute('width'))"
        )
    ]
    assert scores == sorted(scores, reverse=True) and widths == sorted(widths, reverse=True) and widths[0] == 100
    assert sorted(rows.locator("p").all_inner_texts()) == sorted(documents)


def test_the_sources_of_a_search_are_links(bench: Bench):
    shown = ran(bench, "claude-web-search")

    expect(shown.locator(".sources header")).to_contain_text("Sources")
    links = shown.locator(".sources-list a")
    assert links.count() > 1
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer nofollow"}


# --- going on ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "conversation"),
    [("chat-basic", "messages"), ("gpt51-thinking", "input"), ("claude-chat", "messages"), ("gemini-chat", "contents")],
)
def test_a_conversation_goes_on_with_the_answer_in_it(bench: Bench, operation: str, conversation: str):
    shown = ran(bench, operation)
    before = Run.objects.count()

    shown.get_by_role("button", name="Continue the conversation").click()
    expect(bench.page.locator("param-form .message").last.locator("textarea")).to_be_focused()
    bench.page.keyboard.insert_text("And in winter?")

    *_, answer, question = json.loads(bench.body())[conversation]
    assert answer["role"] in ("assistant", "model") and len(json.dumps(answer)) > 100
    assert question["role"] == "user" and "And in winter?" in json.dumps(question)
    bench.page.locator("[data-part=send]").click()
    expect(shown.get_by_role("button", name="Continue the conversation")).to_be_visible(timeout=WAIT_MS)
    assert Run.objects.count() == before + 1
    assert bench.told == []


def test_what_is_no_conversation_offers_no_next_turn(bench: Bench, tmp_path: Path):
    shown = ran(bench, "embeddings")

    expect(shown.locator(".vectors")).to_be_visible()
    expect(shown.get_by_role("button", name="Continue the conversation")).to_have_count(0)
