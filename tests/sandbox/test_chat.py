"""Chat completions of the sandbox, read by OpenAI's own client."""

import base64
import io
import json
import wave
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from .conftest import PNG, WEATHER, leftovers

MODEL = "gpt-4o-mini:fast"
TOOL: Any = {"type": "function", "function": {"name": "get_weather", "parameters": WEATHER}}


def ask(gpt: openai.OpenAI, prompt: str, **more: Any) -> ChatCompletion:
    return gpt.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": prompt}], **more)


def pieces(gpt: openai.OpenAI, prompt: str, **more: Any) -> list[Any]:
    return list(ask(gpt, prompt, stream=True, **more))


def said(chunks: list[Any]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_an_answer_talks_about_the_prompt_with_a_table_code_and_a_formula(gpt: openai.OpenAI) -> None:
    answer = ask(gpt, "Tell me about lighthouses")

    text = answer.choices[0].message.content or ""
    assert [mark in text for mark in ("lighthouses", "|---|", "```python", "$$")] == [True] * 4
    assert (answer.model, answer.choices[0].finish_reason) == (MODEL, "stop")
    assert leftovers(answer) == []


def test_a_chinese_prompt_is_answered_in_chinese(gpt: openai.OpenAI) -> None:
    text = ask(gpt, "请谈谈紫薇花与星河").choices[0].message.content or ""

    assert "紫薇花与星河" in text and "提示词字数" in text


def test_a_streamed_answer_is_the_whole_answer_in_pieces(gpt: openai.OpenAI) -> None:
    chunks = pieces(gpt, "Tell me about lighthouses")

    whole = ask(gpt, "Tell me about lighthouses").choices[0].message.content or ""
    assert said(chunks) == whole
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert [found for chunk in chunks for found in leftovers(chunk)] == []


def test_the_same_request_gets_the_same_answer(gpt: openai.OpenAI) -> None:
    first, second = ask(gpt, "Once more"), ask(gpt, "Once more")

    assert first == second


def test_usage_comes_last_in_a_stream_and_only_when_asked(gpt: openai.OpenAI) -> None:
    asked = pieces(gpt, "Hello", stream_options={"include_usage": True})
    not_asked = pieces(gpt, "Hello")

    assert [chunk.usage for chunk in not_asked] == [None] * len(not_asked)
    assert asked[-1].choices == [] and asked[-1].usage.total_tokens > asked[-1].usage.prompt_tokens > 0
    assert asked[-1].usage.completion_tokens == ask(gpt, "Hello").usage.completion_tokens  # type: ignore[union-attr]


def test_an_optional_tool_is_called_beside_an_answer(gpt: openai.OpenAI) -> None:
    choice = ask(gpt, "北京今天多少度？", tools=[TOOL]).choices[0]

    [call] = choice.message.tool_calls or []
    assert json.loads(call.function.arguments) == {"city": "北京", "unit": "celsius"}  # type: ignore[union-attr]
    assert choice.finish_reason == "tool_calls" and "北京" in (choice.message.content or "")


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
def test_a_forced_tool_gives_the_call_alone(gpt: openai.OpenAI, choice: Any) -> None:
    message = ask(gpt, "Weather in Paris?", tools=[TOOL], tool_choice=choice).choices[0].message

    assert message.content is None and [call.type for call in message.tool_calls or []] == ["function"]


def test_no_tool_is_called_when_none_may_be(gpt: openai.OpenAI) -> None:
    choice = ask(gpt, "Weather in Paris?", tools=[TOOL], tool_choice="none").choices[0]

    assert (choice.message.tool_calls, choice.finish_reason) == (None, "stop")


def test_streamed_arguments_join_to_json(gpt: openai.OpenAI) -> None:
    chunks = pieces(gpt, "Weather in Tokyo?", tools=[TOOL])

    calls = [call for chunk in chunks for call in (chunk.choices[0].delta.tool_calls or [])]
    assert json.loads("".join(call.function.arguments for call in calls)) == {"city": "Tokyo", "unit": "celsius"}
    assert (calls[0].function.name, len({call.id for call in calls if call.id})) == ("get_weather", 1)


def test_tool_results_are_used_and_no_further_tool_is_called(gpt: openai.OpenAI) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'}}
    messages: Any = [
        {"role": "user", "content": "Weather in Paris?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"temp":21}'},
    ]

    choice = gpt.chat.completions.create(model=MODEL, messages=messages, tools=[TOOL]).choices[0]

    assert 'The tool `get_weather` answered `{"temp":21}`.' in (choice.message.content or "")
    assert (choice.message.tool_calls, choice.finish_reason) == (None, "stop")


def test_the_old_functions_get_an_old_call(gpt: openai.OpenAI) -> None:
    functions: Any = [{"name": "get_weather", "parameters": WEATHER}]

    choice = ask(gpt, "Weather in Rome?", functions=functions).choices[0]

    assert choice.finish_reason == "function_call" and choice.message.function_call is not None
    assert json.loads(choice.message.function_call.arguments)["city"] == "Rome"


class Person(BaseModel):
    name: str
    age: int
    skills: list[str]


def test_a_structured_answer_parses_into_its_type(gpt: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "张三，28 岁，会 Python 和 Go。提取信息。"}]

    parsed = gpt.chat.completions.parse(model=MODEL, messages=messages, response_format=Person)

    assert parsed.choices[0].message.parsed == Person(name="张三", age=28, skills=["Python", "Go"])


def test_a_structured_answer_streams_in_pieces(gpt: openai.OpenAI) -> None:
    chunks = pieces(gpt, "One number: 7", response_format={"type": "json_object"})

    assert json.loads(said(chunks))["count"] == 7
    assert sum(bool(chunk.choices[0].delta.content) for chunk in chunks) > 2


@pytest.mark.parametrize(
    "wish",
    [
        {"reasoning_effort": "medium"},
        {"extra_body": {"thinking": {"type": "enabled"}}},
        {"extra_body": {"enable_thinking": True}},
    ],
)
def test_thinking_comes_first_where_it_is_asked_for(gpt: openai.OpenAI, wish: Any) -> None:
    chunks = pieces(gpt, "9.11 or 9.8?", **wish)

    kinds = [
        "think" if getattr(c.choices[0].delta, "reasoning_content", None) else "say"
        for c in chunks
        if c.choices[0].delta.content or getattr(c.choices[0].delta, "reasoning_content", None)
    ]
    assert kinds == sorted(kinds, reverse=True) and set(kinds) == {"think", "say"}


def test_nobody_thinks_unasked(gpt: openai.OpenAI) -> None:
    assert not hasattr(ask(gpt, "9.11 or 9.8?").choices[0].message, "reasoning_content")


def test_what_was_sent_is_described_by_kind_and_size(gpt: openai.OpenAI) -> None:
    content: Any = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjQK"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/clip.mp4"}},
    ]

    text = (
        gpt.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
        .choices[0]
        .message.content
        or ""
    )

    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- image (image/png, 16 × 16, 79 bytes)",
        "- audio (audio/wav, 4 bytes)",
        "- file (application/pdf, 9 bytes, a.pdf)",
        "- video (https://example.com/clip.mp4)",
    ]


def test_several_samples_differ(gpt: openai.OpenAI) -> None:
    whole = ask(gpt, "Say something", n=3)
    chunks = pieces(gpt, "Say something", n=3)

    assert [choice.index for choice in whole.choices] == [0, 1, 2]
    assert len({choice.message.content for choice in whole.choices}) > 1
    assert {choice.index for chunk in chunks for choice in chunk.choices if choice.finish_reason} == {0, 1, 2}


def test_a_limit_of_tokens_cuts_the_answer(gpt: openai.OpenAI) -> None:
    answer = ask(gpt, "Tell me everything", max_completion_tokens=10)

    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None and answer.usage.completion_tokens == 10


def test_a_stop_sequence_ends_the_answer_before_it(gpt: openai.OpenAI) -> None:
    choice = ask(gpt, "Tell me everything", stop=["|---|"]).choices[0]

    assert choice.finish_reason == "stop" and (choice.message.content or "").endswith("| What | How many |\n")


def test_logprobs_cover_the_whole_text(gpt: openai.OpenAI) -> None:
    choice = ask(gpt, "How likely?", logprobs=True, top_logprobs=2).choices[0]

    assert choice.logprobs is not None and choice.logprobs.content is not None
    assert "".join(token.token for token in choice.logprobs.content) == choice.message.content
    assert {len(token.top_logprobs) for token in choice.logprobs.content} == {2}


def test_sound_is_a_real_file_with_its_words(gpt: openai.OpenAI) -> None:
    message = (
        ask(gpt, "Speak to me", modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"})
        .choices[0]
        .message
    )

    assert message.audio is not None and message.content is None and message.audio.transcript
    with wave.open(io.BytesIO(base64.b64decode(message.audio.data))) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (24_000, 1)
        assert sound.getnframes() > 5_000


def test_sound_as_mp3_can_be_decoded(gpt: openai.OpenAI) -> None:
    import av

    chunks = pieces(gpt, "Speak to me", modalities=["text", "audio"], audio={"voice": "alloy", "format": "mp3"})

    data = "".join(
        chunk.choices[0].delta.audio.data or "" for chunk in chunks if chunk.choices and chunk.choices[0].delta.audio
    )
    with av.open(io.BytesIO(base64.b64decode(data))) as sound:
        assert sound.streams.audio[0].codec_context.name.startswith("mp3")


def test_a_search_is_cited_where_the_text_speaks_of_it(gpt: openai.OpenAI) -> None:
    message = ask(gpt, "What is new in tea?", web_search_options={}).choices[0].message

    text = message.content or ""
    cited = [note.url_citation for note in message.annotations or []]
    assert [text[note.start_index : note.end_index] for note in cited] == [
        "Example News reports on “What is new in tea?” today.",
        "Example Wiki explains what led to “What is new in tea?”.",
    ]


def test_a_picture_model_draws_a_real_picture(gpt: openai.OpenAI) -> None:
    from PIL import Image

    answer = gpt.chat.completions.create(
        model="gemini-2.5-flash-image:fast", messages=[{"role": "user", "content": "Draw a cat"}]
    )

    data = (answer.choices[0].message.content or "").partition("base64,")[2].removesuffix(")")
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (256, 256)
