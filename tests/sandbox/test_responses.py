"""The responses API of the sandbox, read by OpenAI's own client."""

import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from .conftest import PNG, WEATHER, leftovers

MODEL = "gpt-5.1:fast"
TOOL: Any = {"type": "function", "name": "get_weather", "parameters": WEATHER, "strict": False}


def ask(gpt: openai.OpenAI, prompt: Any, **more: Any) -> Any:
    return gpt.responses.create(model=MODEL, input=prompt, **more)


def types(response: Any) -> list[str]:
    return [item.type for item in response.output]


def test_a_response_talks_about_its_input(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "Tell me about tea", instructions="Be kind.")

    assert "tea" in response.output_text and (response.status, types(response)) == ("completed", ["message"])
    assert (response.model, response.instructions) == (MODEL, "Be kind.")
    # The vendor echoes `store`, though its own types do not know it.
    assert leftovers(response) == [".store"]


def test_a_stream_ends_with_the_whole_response(gpt: openai.OpenAI) -> None:
    events = list(ask(gpt, "Tell me about tea", stream=True, reasoning={"effort": "low", "summary": "auto"}))

    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    thought = "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta")
    last = events[-1].response
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[-1].type, last.output_text) == ("response.completed", text)
    assert types(last) == ["reasoning", "message"] and last.output[0].summary[0].text == thought
    assert last.usage.output_tokens_details.reasoning_tokens > 0


def test_the_events_of_a_reasoning_answer_come_in_their_order(gpt: openai.OpenAI) -> None:
    events = ask(gpt, "Tea?", stream=True, reasoning={"effort": "low", "summary": "auto"})

    assert list(dict.fromkeys(event.type.removeprefix("response.") for event in events)) == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "completed",
    ]


def test_no_reasoning_is_told_unless_a_summary_is_asked_for(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "Tea?", reasoning={"effort": "high"})

    assert response.output[0].type == "reasoning" and response.output[0].summary == []


def test_an_optional_function_is_called_beside_an_answer(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "Weather in Berlin?", tools=[TOOL])

    assert types(response) == ["message", "function_call"]
    assert json.loads(response.output[1].arguments)["city"] == "Berlin"


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_a_forced_function_gives_the_call_alone(gpt: openai.OpenAI, choice: Any) -> None:
    events = list(ask(gpt, "Weather in Berlin?", tools=[TOOL], tool_choice=choice, stream=True))

    pieces = [event.delta for event in events if event.type == "response.function_call_arguments.delta"]
    assert types(events[-1].response) == ["function_call"]
    assert json.loads("".join(pieces)) == {"city": "Berlin", "unit": "celsius"}


def test_a_custom_tool_gets_text(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "Count users", tools=[{"type": "custom", "name": "run_sql"}], tool_choice="required")

    assert (types(response), response.output[0].input) == (["custom_tool_call"], "SELECT 'Count users'")


def test_results_of_a_function_are_used(gpt: openai.OpenAI) -> None:
    given: Any = [
        {"role": "user", "content": "Weather?"},
        {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": '{"temp":3}'},
    ]

    response = ask(gpt, given, tools=[TOOL])

    assert types(response) == ["message"] and '`get_weather` answered `{"temp":3}`' in response.output_text


class Plan(BaseModel):
    title: str
    steps: list[str]


def test_a_structured_response_parses_into_its_type(gpt: openai.OpenAI) -> None:
    parsed = gpt.responses.parse(model=MODEL, input="Plan a day in Rome", text_format=Plan).output_parsed

    assert isinstance(parsed, Plan) and len(parsed.steps) >= 2


def test_a_web_search_is_told_and_cited(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "News on tea", tools=[{"type": "web_search"}], include=["web_search_call.action.sources"])

    search, message = response.output
    text = message.content[0].text
    notes = message.content[0].annotations
    assert [source.url for source in search.action.sources] == [note.url for note in notes]
    assert text[notes[0].start_index : notes[0].end_index].startswith("Example News reports")


@pytest.mark.parametrize("tool", ["image_generation", "code_interpreter"])
def test_a_hosted_tool_is_run_where_it_stands_alone(gpt: openai.OpenAI, tool: str) -> None:
    given: Any = {"type": tool, "container": {"type": "auto"}} if tool == "code_interpreter" else {"type": tool}

    events = list(ask(gpt, "Do it", tools=[given], stream=True))

    assert types(events[-1].response) == [f"{tool}_call", "message"]
    assert f"response.{tool}_call.completed" in [event.type for event in events]


def test_a_limit_of_tokens_leaves_the_response_incomplete(gpt: openai.OpenAI) -> None:
    events = list(ask(gpt, "Tell me everything", max_output_tokens=16, stream=True))

    last = events[-1]
    assert (last.type, last.response.incomplete_details.reason) == ("response.incomplete", "max_output_tokens")
    assert last.response.usage.output_tokens <= 16


def test_logprobs_come_when_included(gpt: openai.OpenAI) -> None:
    response = ask(gpt, "Likely?", include=["message.output_text.logprobs"], top_logprobs=1)

    part = response.output[0].content[0]
    assert "".join(each.token for each in part.logprobs) == part.text


def test_pictures_and_files_are_described(gpt: openai.OpenAI) -> None:
    content: Any = [
        {"type": "input_text", "text": "Look"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}", "detail": "auto"},
        {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjQK"},
    ]

    text = ask(gpt, [{"role": "user", "content": content}]).output_text

    assert "- image (image/png, 16 × 16, 79 bytes)\n- file (application/pdf, 9 bytes, a.pdf)" in text
