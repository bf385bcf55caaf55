"""Files in the workbench: real ones, picked, dropped and pasted, uploaded and sent."""

import base64
import io
import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from playground.models import Attachment, Run
from tests.browser.bench import WAIT_MS, Bench

SENT_PICTURE_TOKENS = 323
HAND_OVER = """async (target, [event, name, mime, text]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, {type: mime}));
  const facts = event === "paste" ? {clipboardData: transfer} : {dataTransfer: transfer};
  const made = event === "paste" ? new ClipboardEvent(event, {...facts, bubbles: true, cancelable: true})
    : new DragEvent(event, {...facts, bubbles: true, cancelable: true});
  target.dispatchEvent(made);
}"""


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def bench(data: None, owner_page: Page) -> Bench:
    return Bench(owner_page)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A real second of silence."""
    file = tmp_path / "speech.wav"
    with wave.open(str(file), "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(8000)
        writing.writeframes(bytes(16000))
    return file


def picture(side: int) -> bytes:
    """A real picture that cannot be made small."""
    drawn = io.BytesIO()
    Image.effect_noise((side, side), 90).save(drawn, "PNG")
    return drawn.getvalue()


def hand_over(target: Locator, event: str, content: bytes, name: str = "cat.png", mime: str = "image/png") -> None:
    target.evaluate(HAND_OVER, [event, name, mime, base64.b64encode(content).decode()])


def sent(bench: Bench) -> str:
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("succeeded")
    return bytes(Run.objects.latest("id").call.body).decode()


def test_a_sound_that_is_picked_is_uploaded_and_transcribed(bench: Bench, sound: Path):
    bench.open("audio-transcribe")
    row = bench.row("/file")
    expect(row).to_contain_text("speech.mp3")
    expect(row).to_contain_text("Choose a file before sending")

    row.get_by_label("File for file").set_input_files(sound)

    expect(row.get_by_role("link", name="speech.wav")).to_be_visible(timeout=WAIT_MS)
    expect(row).to_contain_text("16.0 kB · audio/wav")
    assert row.locator("uploaded-file").count() == 1
    kept = Attachment.objects.get()
    assert json.loads(bench.body())["file"] == f"@file:{kept.pk}"
    assert json.loads(sent(bench))["file"] == f"@file:{kept.pk}"
    assert kept.runs.count() == 1
    assert bench.told == []


def test_a_file_that_is_chosen_is_there_after_a_reload_and_can_be_removed(bench: Bench, sound: Path):
    bench.open("audio-transcribe")
    bench.row("/file").get_by_label("File for file").set_input_files(sound)
    bench.kept()
    bench.page.reload()
    bench.settled()

    expect(bench.row("/file").get_by_role("link", name="speech.wav")).to_be_visible(timeout=WAIT_MS)
    bench.row("/file").get_by_label("Remove this file").click()

    expect(bench.row("/file").locator("uploaded-file")).to_have_count(0)
    assert json.loads(bench.body())["file"] == "@file:"


@pytest.mark.parametrize(
    ("operation", "pointers", "label", "mimes"),
    [
        ("audio-transcribe", ["/file"], "Use a sample sound", ["audio/wav"]),
        ("image-edit", ["/image[]", "/mask"], "Use a sample picture", ["image/png", "image/png"]),
    ],
)
def test_an_example_that_wants_files_runs_with_sample_files(
    bench: Bench, operation: str, pointers: list[str], label: str, mimes: list[str]
):
    bench.open(operation)

    for pointer in pointers:
        bench.row(pointer).get_by_role("button", name=label).click()
        expect(bench.row(pointer).locator("uploaded-file a")).to_be_visible(timeout=WAIT_MS)
    expect(bench.page.get_by_role("button", name=label)).to_have_count(0)

    sent(bench)
    assert [kept.mime for kept in Attachment.objects.filter(runs__isnull=False).order_by("created")] == mimes
    assert bench.told == []


def test_a_file_that_was_not_chosen_is_asked_for_by_a_button_beside_what_went_wrong(bench: Bench):
    bench.open("audio-translate")
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("failed")

    bench.page.get_by_role("button", name="Go to file").click()

    expect(bench.row("/file")).to_contain_text("There is no uploaded file")
    assert bench.row("/file").evaluate("row => row.contains(document.activeElement)")


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_file_joins_a_list_of_files_and_takes_the_place_of_what_was_only_named(bench: Bench, event: str):
    bench.open("image-edit")
    field = bench.row("/image[]").locator(".file-field")
    expect(field).to_contain_text("input.png")

    hand_over(field, event, picture(60), "first.png")
    expect(field.get_by_role("link", name="first.png")).to_be_visible(timeout=WAIT_MS)
    hand_over(field, event, picture(50), "second.png")
    expect(field.get_by_role("link", name="second.png")).to_be_visible(timeout=WAIT_MS)

    ids = {kept.name: kept.pk for kept in Attachment.objects.all()}
    assert json.loads(bench.body())["image[]"] == [f"@file:{ids['first.png']}", f"@file:{ids['second.png']}"]
    assert bench.told == []


def test_a_file_of_the_wrong_kind_is_told_at_its_field_and_loses_nothing(bench: Bench):
    bench.open("image-edit")
    before = bench.body()

    hand_over(bench.row("/image[]").locator(".file-field"), "drop", b"<svg onload='alert(1)'/>", "x.png")

    expect(bench.row("/image[]").get_by_role("alert")).to_contain_text(
        "This kind of file cannot be sent", timeout=WAIT_MS
    )
    assert bench.body() == before


def test_two_pictures_and_a_mask_go_out_as_the_parts_of_a_form(bench: Bench):
    bench.open("image-edit")
    pictures = {"cat.png": picture(60), "两只_dogs.png": picture(50), "mask.png": picture(40)}
    for name, pointer in {"cat.png": "/image[]", "两只_dogs.png": "/image[]", "mask.png": "/mask"}.items():
        hand_over(bench.row(pointer).locator(".file-field"), "drop", pictures[name], name)
        expect(bench.row(pointer).get_by_role("link", name=name)).to_be_visible(timeout=WAIT_MS)

    sent(bench)

    run = Run.objects.get()
    assert {kept.name for kept in Attachment.objects.filter(runs=run)} == set(pictures)
    headers = bench.page.request.get(f"/runs/{run.uuid}/request.json").json()["sent"]["headers"]
    assert dict(headers)["Content-Type"].startswith("multipart/form-data; boundary=")
    # The sandbox charges 323 tokens for every picture it was sent, and some for the words.
    assert 3 * SENT_PICTURE_TOKENS < run.input_tokens < 4 * SENT_PICTURE_TOKENS
    expect(bench.page.locator("run-answer .media img")).to_be_visible(timeout=WAIT_MS)
    assert bench.told == []


@pytest.mark.parametrize("place", [".message >> nth=1", ".message-foot"])
@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_large_picture_on_the_messages_is_uploaded_and_sent_by_its_mark(bench: Bench, place: str, event: str):
    bench.open("chat-basic")

    hand_over(bench.page.locator(f"param-form {place}"), event, picture(700))

    expect(bench.message(2).get_by_role("link", name="cat.png")).to_be_visible(timeout=WAIT_MS)
    expect(bench.message(2)).to_contain_text("700 × 700")
    mark = f"@file:{Attachment.objects.get().pk}"
    content = json.loads(bench.body())["messages"][1]["content"]
    assert content[-1] == {"type": "image_url", "image_url": {"url": mark}}
    assert mark in sent(bench)
    assert bench.told == []


@pytest.mark.parametrize(
    ("operation", "part"),
    [
        ("full-responses", lambda mark: {"type": "input_image", "image_url": mark}),
        (
            "full-messages",
            lambda mark: {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": mark}},
        ),
        ("full-v1beta", lambda mark: {"inlineData": {"mimeType": "image/png", "data": mark}}),
    ],
)
def test_each_dialect_names_an_uploaded_picture_in_its_own_place(bench: Bench, operation: str, part: Callable):
    bench.open(operation)

    hand_over(bench.page.locator("param-form .message-foot"), "drop", picture(700))

    expect(bench.page.locator("param-form uploaded-file a")).to_have_text("cat.png", timeout=WAIT_MS)
    wanted = json.dumps(part(f"@file:{Attachment.objects.get().pk}"))
    assert wanted in json.dumps(json.loads(bench.body()))
    assert bench.told == []


def test_a_large_file_of_the_wrong_kind_is_told_and_the_messages_stay(bench: Bench):
    bench.open("chat-basic")
    before = bench.body()

    hand_over(bench.page.locator("param-form .message-foot"), "drop", b"<svg/>" + bytes(300_000))

    expect(bench.page.locator("#toasts")).to_contain_text("cat.png was not uploaded", timeout=WAIT_MS)
    assert bench.body() == before
