"""Form and JSON are two views of one text: what is not touched stays as it was written, byte for byte."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench

ODD = '{"model":"gpt-5.1", "mine" : 9007199254740993,\n "temperature":1.0,"n":1e0,"stop":null,"messages":[{"role":"user","content":"\\u4e2d"}]}'


@pytest.fixture
def bench(owner_page: Page) -> Bench:
    return Bench(owner_page).open("chat-basic")


def test_an_edit_in_the_form_changes_only_its_own_letters(bench: Bench):
    bench.write_json(ODD)
    bench.tab("form")

    after = bench.change(lambda: bench.field("temperature").fill("0.70"))

    assert after == ODD.replace("1.0,", "0.70,")
    assert bench.told == []


def test_an_edit_in_the_json_is_seen_in_the_form(bench: Bench):
    bench.write_json(ODD.replace("1.0,", "1.25,"))
    bench.tab("form")

    expect(bench.field("temperature")).to_have_value("1.25")
    expect(bench.message(1).locator("textarea")).to_have_value("中")


def test_a_field_the_document_does_not_know_is_a_row_too_and_is_sent(bench: Bench):
    bench.write_json(ODD)
    bench.tab("form")

    expect(bench.row("/mine")).to_contain_text("not in the document")
    expect(bench.row("/mine").locator("textarea")).to_have_value("9007199254740993")


def test_a_value_switched_off_is_kept_and_comes_back_to_its_place(bench: Bench):
    bench.write_json(ODD)
    bench.tab("form")
    switch = bench.page.get_by_label("Send temperature")

    without = bench.change(switch.uncheck)
    bench.change(lambda: bench.field("temperature").fill("0.5"))
    again = bench.change(switch.check)

    assert without == ODD.replace(',\n "temperature":1.0', "")
    assert again == ODD.replace("1.0,", "0.5,")


def test_switching_on_what_was_never_sent_sends_something_to_start_with(bench: Bench):
    before = json.loads(bench.body())

    bench.change(bench.page.get_by_label("Send seed").check)
    bench.change(bench.page.get_by_label("Send logprobs").check)

    assert json.loads(bench.body()) == {**before, "seed": 0, "logprobs": True}


def test_a_full_example_shows_all_and_says_why_some_are_switched_off(bench: Bench):
    bench.open("full-chat")

    expect(bench.row("/max_tokens")).to_contain_text("Contradicts max_completion_tokens")
    expect(bench.page.get_by_label("Send max_tokens")).not_to_be_checked()
    expect(bench.field("max_tokens")).to_have_value("2048")
    sent = json.loads(bench.body())
    assert {"max_tokens", "functions", "audio", "temperature"} & set(sent) == set()
    assert [message["role"] for message in sent["messages"]].count("function") == 0
    assert sent["modalities"] == ["text"]


def test_what_is_no_number_stays_in_the_field_and_says_so(bench: Bench):
    bench.change(lambda: bench.field("max_completion_tokens").fill("200"))

    after = bench.change(lambda: bench.field("max_completion_tokens").fill("200x"))

    assert json.loads(after)["max_completion_tokens"] == 200
    expect(bench.row("/max_completion_tokens")).to_contain_text("no such value")
    expect(bench.field("max_completion_tokens")).to_have_value("200x")


def test_a_slider_and_its_field_say_the_same(bench: Bench):
    bench.page.get_by_label("temperature, slider").fill("1.5")

    expect(bench.field("temperature")).to_have_value("1.5")
    assert json.loads(bench.body())["temperature"] == 1.5


def test_a_few_choices_are_walked_by_the_arrow_keys(bench: Bench):
    group = bench.page.get_by_role("radiogroup", name="verbosity")
    group.get_by_role("radio", name="low").click()

    bench.page.keyboard.press("ArrowRight")

    expect(group.get_by_role("radio", name="medium")).to_be_checked()
    expect(group.get_by_role("radio", name="medium")).to_be_focused()
    assert json.loads(bench.body())["verbosity"] == "medium"


def test_a_list_offers_its_values_and_takes_any_other(bench: Bench):
    model = bench.field("model")
    model.click()
    model.fill("gpt-5.4-n")
    bench.page.keyboard.press("ArrowDown")
    bench.page.keyboard.press("Enter")
    assert json.loads(bench.body())["model"] == "gpt-5.4-nano"

    bench.change(lambda: model.fill("a-model-of-our-own:fast"))
    assert json.loads(bench.body())["model"] == "a-model-of-our-own:fast"


def test_tags_are_added_and_taken_away(bench: Bench):
    bench.page.get_by_label("Kind of stop").select_option("list")
    entry = bench.page.get_by_label("Add to stop")
    entry.fill("###")
    entry.press("Enter")
    entry.fill("END")
    entry.press("Enter")
    assert json.loads(bench.body())["stop"] == ["###", "END"]

    entry.press("Backspace")
    assert json.loads(bench.body())["stop"] == ["###"]


def test_an_object_unfolds_into_rows_and_keeps_what_nobody_knows(bench: Bench):
    bench.write_json('{"model":"m","messages":[],"stream_options":{"include_usage":true,"mine":[1.0]}}')
    bench.tab("form")
    bench.page.get_by_label("Unfold stream_options").click()

    bench.row("/stream_options/include_usage").get_by_role("radio", name="false").click()

    assert bench.body() == '{"model":"m","messages":[],"stream_options":{"include_usage":false,"mine":[1.0]}}'
    expect(bench.row("/stream_options/mine")).to_contain_text("not in the document")


def test_an_alternative_that_was_left_comes_back_as_it_was(bench: Bench):
    bench.open("full-chat")
    before = json.loads(bench.body())["tool_choice"]
    kind = bench.page.get_by_label("Kind of tool_choice")

    bench.change(lambda: kind.select_option("string"))
    assert isinstance(json.loads(bench.body())["tool_choice"], str)
    bench.change(lambda: kind.select_option("allowed_tools"))

    assert json.loads(bench.body())["tool_choice"] == before


def test_tools_are_added_moved_switched_off_and_deleted_with_a_way_back(bench: Bench):
    bench.open("full-chat")
    bench.page.get_by_label("Unfold tools").click()
    names = lambda: [tool["type"] for tool in json.loads(bench.body())["tools"]]  # noqa: E731
    tools = bench.row("/tools")
    before = bench.body()

    tools.get_by_label("Move up").nth(1).click()
    assert names() == ["custom", "function"]
    tools.get_by_label("Move down").nth(0).click()
    assert bench.body() == before
    tools.get_by_label("Send this item").nth(0).click()
    assert names() == ["custom"]
    tools.get_by_label("Send this item").nth(0).click()
    assert bench.body() == before
    tools.get_by_label("Delete").nth(1).click()
    assert names() == ["function"]
    bench.page.get_by_role("button", name="Undo").click()
    assert bench.body() == before


def test_changed_values_are_marked_and_go_back_to_the_example(bench: Bench):
    before = bench.body()
    bench.change(lambda: bench.field("temperature").fill("0.2"))
    expect(bench.row("/temperature")).to_have_class("param is-changed")

    after = bench.change(lambda: bench.row("/temperature").get_by_label("Put temperature back to the example").click())

    assert after == before


def test_the_filter_finds_nested_parameters_and_marks_what_it_found(bench: Bench):
    bench.open("full-chat")
    bench.page.get_by_label("Filter parameters").fill("timezone")

    expect(bench.page.locator("param-form .param-found")).to_have_text("1 of 57 shown")
    expect(bench.row("/web_search_options/user_location")).to_be_visible()

    bench.page.get_by_label("Filter parameters").fill("nothing is called so")
    expect(bench.page.locator("param-form")).to_contain_text("No parameter is called that.")


def test_only_set_shows_what_will_be_sent(bench: Bench):
    bench.page.get_by_text("Only set").click()

    names = bench.page.locator("param-form .param > .param-line .param-name").all_inner_texts()
    assert names == ["model", "messages"]


def test_newer_parameters_are_folded_away_at_the_end_of_their_group(bench: Bench):
    expect(bench.row("/moderation")).to_have_count(0)

    bench.page.locator('[data-group="advanced"] .param-aside').click()

    expect(bench.row("/moderation")).to_contain_text("newer")


def test_a_broken_text_says_where_and_loses_nothing(bench: Bench):
    bench.write_json('{"model": "m",\n "messages": [],}')
    bench.tab("form")

    notice = bench.page.locator(".form-notice")
    expect(notice).to_contain_text("The JSON is broken in line 2, column 17")
    expect(bench.field("model")).to_have_value("gpt-4.1-mini")

    notice.get_by_role("button", name="Back to the last good text").click()
    expect(notice).to_have_count(0)
    expect(bench.field("model")).to_have_value("gpt-4.1-mini")


def test_a_key_that_stands_twice_is_a_problem(bench: Bench):
    bench.write_json('{"model":"m","messages":[{"role":"user","content":"x"}],"seed":1,"seed":2}')
    bench.tab("form")

    expect(bench.row("/seed")).to_contain_text("stands twice")


def test_a_problem_stands_beside_its_field_and_sending_stays_possible(bench: Bench):
    bench.change(lambda: bench.field("temperature").fill("7"))

    expect(bench.row("/temperature").locator(".param-problem")).to_be_visible()
    expect(bench.page.locator(".foot-problems")).to_be_visible()
    bench.page.keyboard.press("ControlOrMeta+Enter")
    bench.wait_for("succeeded")


def test_the_cursor_stays_where_it_is_while_problems_come_and_go(bench: Bench):
    text = bench.message(2).locator("textarea").first
    text.click()
    bench.page.keyboard.press("End")
    bench.page.keyboard.type("abc", delay=300)

    expect(text).to_be_focused()
    assert json.loads(bench.body())["messages"][1]["content"].endswith("abc")


@pytest.mark.parametrize("name", ["user", "prompt"])
def test_a_text_of_any_length_is_typed_without_losing_the_cursor(bench: Bench, name: str):
    bench.open("image-generate")
    text = "A red bicycle leaning against a wall of yellow brick"

    bench.field(name).clear()
    bench.field(name).press_sequentially(text)

    expect(bench.field(name)).to_be_focused()
    expect(bench.field(name)).to_have_value(text)
    assert json.loads(bench.body())[name] == text


def test_a_long_text_gets_a_line_of_its_own_once_the_cursor_has_left(bench: Bench):
    bench.open("image-generate")

    bench.field("user").press_sequentially("somebody with a name of more than forty letters")
    expect(bench.row("/user").locator(".param-wide")).to_have_count(0)
    bench.page.keyboard.press("Tab")

    expect(bench.row("/user").locator(".param-wide textarea")).to_have_value(
        "somebody with a name of more than forty letters"
    )


def test_a_model_in_the_path_is_a_row_among_the_parameters(bench: Bench):
    bench.open("full-v1beta")
    row = bench.row("/path/model")

    bench.field("model").fill("gemini-2.5-pro")
    bench.page.keyboard.press("Enter")

    expect(bench.page.locator("[data-part=path]")).to_have_text(
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
    )
    row.get_by_label("Put model back to the example").click()
    expect(bench.field("model")).to_have_value("gemini-2.5-flash")


def test_what_a_call_without_body_wants_in_its_path_is_asked_for(bench: Bench):
    bench.open("video-status")
    row = bench.row("/path/video_id")

    bench.field("video_id").fill("a/b")
    expect(row).to_contain_text("A path value must not hold /")
    bench.field("video_id").fill("video_456")

    expect(row).not_to_contain_text("must not hold")
    expect(bench.page.locator("[data-part=path]")).to_have_text("/v1/videos/video_456")


def test_a_form_with_files_has_figures_and_switches_like_any_other(bench: Bench):
    bench.open("audio-transcribe")

    after = bench.change(bench.row("/stream").get_by_role("radio", name="false").click)
    bench.change(lambda: bench.field("temperature").fill("0.5"))

    assert json.loads(after)["stream"] is False
    assert json.loads(bench.body())["temperature"] == 0.5
