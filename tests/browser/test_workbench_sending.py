"""Sending and stopping: once for each press, exactly what is written, and nothing lost on the way."""

import json

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Key, Membership, Role
from playground.models import Run
from tests.browser.bench import Bench

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = {"model": "gpt-5.1:slow", "stream": True, "messages": [{"role": "user", "content": "Tell me of Hangzhou."}]}


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page)


@pytest.mark.parametrize("operation", ["full-chat", "full-responses", "full-messages", "full-v1beta"])
def test_a_full_example_streams_as_it_stands(bench: Bench, operation: str):
    bench.open(operation)

    bench.page.locator("[data-part=send]").click()

    bench.wait_for("succeeded")
    assert bench.answer().strip()
    assert Run.objects.get().streaming
    assert bench.told == []


def test_what_is_sent_is_what_is_written_to_the_letter(bench: Bench):
    bench.open("chat-basic")
    text = '{"model":"gpt-5.1", "mine" : 9007199254740993, "temperature":1.0,\n"n":1, "messages":[{"role":"user","content":"\\u4e2d"}]}'
    bench.write_json(text)
    bench.tab("form")

    bench.page.keyboard.press("ControlOrMeta+Enter")

    bench.wait_for("succeeded")
    request = bench.page.request.get(f"/runs/{Run.objects.get().uuid}/request.json").json()
    assert request["sent"]["body_text"] == text


def test_a_double_click_is_one_run(bench: Bench):
    bench.open("chat-basic")

    bench.page.locator("[data-part=send]").dblclick()

    bench.wait_for("succeeded")
    assert Run.objects.count() == 1


def test_a_press_waits_until_the_page_knows_whether_its_last_run_goes_on(bench: Bench):
    """A second run beside one that goes on would cost somebody twice."""
    bench.open("chat-basic")
    bench.write_json(json.dumps(SLOW))
    send = bench.page.locator("[data-part=send]")
    send.click()
    bench.wait_for("running")
    lines, held = [], []

    def hold(line):
        lines.append(line)
        server = line.connect_to_server()
        line.on_message(server.send)
        server.on_message(lambda message: held.append((line, message)) if held is not None else line.send(message))

    def release():
        nonlocal held
        waiting, held = held, None
        for line, message in waiting:
            line.send(message)

    bench.page.route_web_socket("**/ws/runs/", hold)
    bench.page.reload()
    bench.settled().wait_for("loading")
    send.click()
    release()
    bench.wait_for("running")
    expect(send).to_contain_text("Stop")
    bench.page.wait_for_timeout(500)
    send.click()
    bench.wait_for("stopped")
    assert Run.objects.count() == 1

    held = []
    bench.page.reload()
    bench.settled().wait_for("loading")
    send.click()
    release()
    bench.wait_for("running")
    assert lines[1:] and Run.objects.count() == 2


def test_who_has_no_key_is_led_to_adding_one(bench: Bench):
    Key.objects.all().delete()
    bench.open("chat-basic")
    bench.page.locator("[data-part=send]").click()

    expect(bench.page.get_by_text("You have no key that may be used for this operation.").first).to_be_visible()
    bench.page.get_by_role("button", name="Add a key").click()

    bench.page.wait_for_url("**/keys/new/")
    assert Run.objects.count() == 0


def test_send_turns_into_stop_in_the_same_place_and_width(bench: Bench):
    bench.open("chat-basic")
    bench.write_json(json.dumps(SLOW))
    button = bench.page.locator("[data-part=send]")
    before = button.bounding_box()

    button.click()
    bench.wait_for("running")

    expect(button).to_contain_text("Stop")
    assert button.bounding_box() == before
    bench.page.wait_for_timeout(500)
    button.click()
    bench.wait_for("stopped")


def test_escape_stops_but_first_closes_what_is_open(bench: Bench):
    bench.open("chat-basic")
    bench.write_json(json.dumps(SLOW))
    bench.tab("form")
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("running")

    bench.field("model").click()
    bench.page.keyboard.press("Escape")
    assert bench.state() == "running"
    bench.page.keyboard.press("Escape")

    bench.wait_for("stopped")


def test_a_page_loaded_again_goes_on_with_the_run_and_the_request(bench: Bench):
    bench.open("chat-basic")
    bench.write_json(json.dumps(SLOW))
    bench.tab("form")
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("running")
    expect(bench.page.locator("run-answer [data-part=rendered]")).to_contain_text("Hangzhou", timeout=15_000)
    seen = bench.answer()

    bench.page.reload()
    bench.settled()

    expect(bench.page.locator("run-answer [data-part=rendered]")).to_contain_text("Hangzhou", timeout=15_000)
    assert bench.answer().startswith(seen[:20])
    assert json.loads(bench.body()) == SLOW
    bench.page.keyboard.press("Escape")
    bench.wait_for("stopped")


def test_a_second_tab_tells_of_the_run_in_the_first_and_follows_it(bench: Bench):
    bench.open("chat-basic")
    bench.write_json(json.dumps(SLOW))
    bench.tab("form")
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("running")

    second = Bench(bench.page.context.new_page()).open("chat-basic")
    second.page.get_by_role("button", name="Follow it here").click()

    second.wait_for("running")
    second.page.reload()
    second.settled()
    second.page.locator("[data-part=send]").click()
    second.wait_for("stopped")
    bench.wait_for("stopped")
    assert Run.objects.count() == 1
    assert (bench.told, second.told) == ([], [])


def test_a_header_that_would_break_the_request_is_refused_by_name(bench: Bench):
    bench.open("chat-basic")
    bench.tab("headers")
    bench.page.get_by_role("button", name="Add a header").click()
    bench.page.keyboard.type("Transfer-Encoding")
    row = bench.page.locator('[data-place="headers"] .pair-row').first
    expect(row).to_contain_text("Transfer-Encoding belongs to the connection")

    bench.page.keyboard.press("ControlOrMeta+Enter")

    bench.wait_for("failed")
    expect(row).to_contain_text("Transfer-Encoding belongs to the connection")
    assert not Run.objects.exists()

    row.get_by_label("Send Transfer-Encoding").uncheck()
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("succeeded")


def test_path_values_query_and_stream_are_written_into_the_address(bench: Bench):
    bench.open("full-v1beta")
    path = bench.page.locator("[data-part=path]")
    expect(path).to_have_text("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")

    bench.page.get_by_label("Stream the answer").uncheck()
    bench.tab("headers")
    bench.page.get_by_role("combobox", name="model", exact=True).fill("gemini-2.5-pro:fast")
    bench.page.get_by_role("button", name="Add a query value").click()
    bench.page.keyboard.type("trace")
    bench.page.get_by_label("Value of trace").fill("a b")

    expect(path).to_have_text("/v1beta/models/gemini-2.5-pro:fast:generateContent?trace=a+b")
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("succeeded")
    assert not Run.objects.get().streaming


def test_a_stored_run_opens_in_the_builder_with_its_answer(bench: Bench):
    bench.open("chat-basic")
    bench.write_json(json.dumps({**SLOW, "model": "gpt-5.1:fast", "mine": [1]}))
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("succeeded")
    run = Run.objects.get().uuid

    bench.page.goto(f"/?run={run}")
    bench.settled()

    bench.wait_for("succeeded")
    assert json.loads(bench.body())["mine"] == [1]
    assert bench.answer().strip()


def test_a_tool_call_is_continued_with_its_result_to_fill_in(bench: Bench):
    bench.open("chat-tools")
    bench.page.locator("[data-part=send]").click()
    bench.wait_for("succeeded")
    before = len(json.loads(bench.body())["messages"])

    bench.page.get_by_role("button", name="Fill in the result and continue").first.click()

    told = json.loads(bench.body())["messages"][before:]
    assert [message["role"] for message in told] == ["assistant", "tool"]
    assert told[1]["tool_call_id"] == told[0]["tool_calls"][0]["id"]


def test_a_viewer_cannot_send(bench: Bench):

    Membership.objects.update(role=Role.VIEWER)
    bench.open("chat-basic")

    expect(bench.page.locator("[data-part=send]")).to_be_disabled()
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.page.wait_for_timeout(500)
    assert not Run.objects.exists()
