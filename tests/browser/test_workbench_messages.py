"""Messages and their parts, in each of the four dialects that carry them."""

import base64
import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTE = """(card, base64) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "pixel.png", { type: "image/png" }));
  card.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page)


def messages(bench: Bench, key: str = "messages") -> list:
    return json.loads(bench.body())[key]


def test_a_text_is_edited_where_it_stands(bench: Bench):
    bench.open("chat-basic")

    bench.change(lambda: bench.message(2).locator("textarea").fill("用一句话介绍“西湖”。\n谢谢"))

    assert messages(bench)[1] == {"role": "user", "content": "用一句话介绍“西湖”。\n谢谢"}
    expect(bench.row("/messages").first).to_contain_text("2 messages")


def test_a_message_is_added_in_turn_and_the_cursor_stands_in_it(bench: Bench):
    bench.open("chat-basic")

    bench.page.get_by_role("button", name="Message", exact=True).click()

    expect(bench.message(3).locator("textarea")).to_be_focused()
    assert messages(bench)[2] == {"role": "assistant", "content": ""}


def test_a_role_is_chosen_from_those_of_the_dialect(bench: Bench):
    bench.open("chat-basic")

    bench.message(1).get_by_label("Role").select_option("developer")

    assert messages(bench)[0]["role"] == "developer"
    options = bench.message(1).get_by_label("Role").locator("option").all_inner_texts()
    assert options == ["system", "developer", "user", "assistant", "tool", "function"]


def test_text_becomes_parts_and_parts_become_text_again_without_loss(bench: Bench):
    bench.open("chat-basic")
    bench.write_json('{"model":"m","messages":[{"role":"user","content":"\\u4e2d\\/"}]}')
    bench.tab("form")
    before = bench.body()

    bench.message(1).get_by_role("button", name="Parts").click()
    assert '[{"type": "text", "text": "\\u4e2d\\/"}]' in bench.body()
    bench.message(1).get_by_role("button", name="Text", exact=True).first.click()

    assert bench.body() == before


def test_parts_that_are_more_than_one_text_cannot_become_a_text(bench: Bench):
    bench.open("full-chat")

    expect(bench.message(3).get_by_role("button", name="Text", exact=True).first).to_be_disabled()


def test_messages_are_moved_by_the_arrow_keys(bench: Bench):
    bench.open("chat-multi-turn")
    before = messages(bench)
    grip = bench.message(1).locator(".message-grip")
    grip.focus()

    bench.page.keyboard.press("ArrowDown")

    assert messages(bench) == [before[1], before[0], *before[2:]]
    expect(bench.message(2).locator(".message-grip")).to_be_focused()


def test_messages_are_moved_by_dragging(bench: Bench):
    bench.open("chat-multi-turn")
    before = messages(bench)

    bench.message(1).locator(".message-grip").drag_to(bench.message(3))

    assert messages(bench) == [before[1], before[2], before[0], *before[3:]]


def test_a_message_is_duplicated_switched_off_and_deleted_with_a_way_back(bench: Bench):
    bench.open("chat-basic")
    before = bench.body()

    bench.message(2).get_by_label("Duplicate this message").click()
    assert len(messages(bench)) == 3
    bench.message(3).get_by_label("Delete this message").click()
    assert bench.body() == before
    bench.page.get_by_role("button", name="Undo").first.click()
    assert len(messages(bench)) == 3
    bench.message(3).get_by_label("Delete this message").click()

    bench.message(1).get_by_label("Do not send this message").click()
    assert [message["role"] for message in messages(bench)] == ["user"]
    expect(bench.message(1)).to_have_class("message is-off ")
    bench.message(1).get_by_label("Send this item").click()
    assert bench.body() == before


@pytest.mark.parametrize(
    ("operation", "list_key", "content", "picture"),
    [
        ("chat-basic", "messages", "content", {"type": "image_url", "image_url": {"url": "data:image/png;base64,{}"}}),
        ("full-responses", "input", "content", {"type": "input_image", "image_url": "data:image/png;base64,{}"}),
        (
            "full-messages",
            "messages",
            "content",
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "{}"}},
        ),
        ("full-v1beta", "contents", "parts", {"inlineData": {"mimeType": "image/png", "data": "{}"}}),
    ],
)
def test_a_pasted_picture_becomes_a_part_as_the_dialect_wants_it(bench, operation, list_key, content, picture):
    bench.open(operation)
    card = bench.page.locator(f'param-form .message[data-pointer^="/{list_key}/"]:has(.role-user)').last
    place = int(card.get_attribute("data-pointer").rsplit("/", 1)[1])

    card.evaluate(PASTE, base64.b64encode(PIXEL).decode())

    expect(card.locator("img.part-thumb")).to_be_visible()
    expect(card.locator(".part-facts").last).to_contain_text("1 × 1")
    wanted = json.loads(json.dumps(picture).replace("{}", base64.b64encode(PIXEL).decode(), 1))
    assert messages(bench, list_key)[place][content][-1] == wanted
    assert bench.told == []


def test_a_file_is_picked_and_joins_the_last_message_of_the_user(bench: Bench):
    bench.open("chat-basic")
    with bench.page.expect_file_chooser() as chooser:
        bench.page.get_by_role("button", name="Attachment").click()
    chooser.value.set_files({"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})

    expect(bench.message(2)).to_contain_text("invoice.pdf")
    content = messages(bench)[1]["content"]
    assert [part["type"] for part in content] == ["text", "file"]
    assert content[1]["file"]["file_data"] == "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4").decode()


def test_a_part_of_an_unknown_kind_is_shown_as_json_and_kept(bench: Bench):
    bench.open("chat-basic")
    text = '{"model":"m","messages":[{"role":"user","content":[{"type":"hologram","depth":1.0}]}]}'
    bench.write_json(text)
    bench.tab("form")

    area = bench.message(1).locator(".part-other textarea")
    expect(area).to_have_value('{"type":"hologram","depth":1.0}')
    after = bench.change(lambda: area.fill('{"type":"hologram","depth":2.50}'))
    assert after == text.replace("1.0", "2.50")


def test_what_is_switched_off_in_an_example_says_why_on_the_card(bench: Bench):
    bench.open("full-chat")

    old = bench.page.locator("param-form .message.is-off")
    expect(old).to_contain_text("Old form of tools and tool_choice")
    expect(bench.message(3).locator(".part-audio")).to_contain_text("Only models that hear accept sound")


def test_every_field_of_a_message_is_in_reach(bench: Bench):
    bench.open("chat-basic")
    expect(bench.row("/messages/1/name")).to_have_count(0)

    bench.message(2).get_by_label("All fields of this message").click()
    bench.row("/messages/1/name").get_by_label("Send name").check()
    bench.row("/messages/1/name").locator("input.param-text").fill("alice")

    assert messages(bench)[1] == {**messages(bench)[1], "name": "alice"}


def test_the_system_text_of_messages_and_gemini_has_an_editor_too(bench: Bench):
    bench.open("full-messages")
    bench.row("/system").locator("textarea").first.fill("You are careful.")
    assert json.loads(bench.body())["system"][0]["text"] == "You are careful."

    bench.open("full-v1beta")
    bench.row("/systemInstruction").locator("textarea").first.fill("You are careful.")
    assert json.loads(bench.body())["systemInstruction"] == {"parts": [{"text": "You are careful."}]}


def test_a_plain_text_of_the_responses_call_becomes_a_conversation(bench: Bench):
    bench.open("full-responses")
    bench.write_json('{"model":"m","input":"\\u4e2d"}')
    bench.tab("form")

    bench.page.get_by_role("button", name="Messages", exact=True).click()

    assert bench.body() == '{"model":"m","input":[{"role": "user", "content": "\\u4e2d"}]}'
