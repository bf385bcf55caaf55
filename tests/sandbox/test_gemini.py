"""generateContent of the sandbox, read by Google's own client."""

import io
import json
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import types
from PIL import Image
from pydantic import BaseModel

from .conftest import KEY, PNG

MODEL = "gemini-2.5-flash:fast"
WEATHER: Any = {
    "function_declarations": [
        {
            "name": "get_weather",
            "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]},
        }
    ]
}


def ask(gemini: genai.Client, contents: Any, **config: Any) -> types.GenerateContentResponse:
    manual = types.AutomaticFunctionCallingConfig(disable=True)
    return gemini.models.generate_content(
        model=MODEL,
        contents=contents,
        config=types.GenerateContentConfig(automatic_function_calling=manual, **config),
    )


def parts(answer: types.GenerateContentResponse) -> list[types.Part]:
    assert answer.candidates and answer.candidates[0].content
    return answer.candidates[0].content.parts or []


def test_an_answer_talks_about_the_prompt(gemini: genai.Client) -> None:
    answer = ask(gemini, "Tell me about autumn")

    assert "autumn" in (answer.text or "") and answer.model_version == MODEL
    assert answer.candidates and answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert answer.usage_metadata and answer.usage_metadata.total_token_count


def test_a_stream_joins_to_the_whole_answer(gemini: genai.Client) -> None:
    chunks = list(gemini.models.generate_content_stream(model=MODEL, contents="Tell me about autumn"))

    assert "".join(chunk.text or "" for chunk in chunks) == ask(gemini, "Tell me about autumn").text
    assert chunks[-1].candidates and chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP


def test_without_alt_sse_the_stream_is_one_json_array(http: httpx.Client) -> None:
    body = {"contents": [{"parts": [{"text": "Tell me about autumn"}]}]}

    answer = http.post(f"/v1beta/models/{MODEL}:streamGenerateContent", json=body)

    chunks = answer.json()
    assert answer.headers["content-type"] == "application/json" and len(chunks) > 10
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"


def test_thoughts_are_parts_marked_as_such(gemini: genai.Client) -> None:
    thinking = types.ThinkingConfig(include_thoughts=True, thinking_budget=100)

    answer = ask(gemini, "Chickens and rabbits", thinking_config=thinking)

    assert [part.thought for part in parts(answer)] == [True, None]
    assert answer.usage_metadata and answer.usage_metadata.thoughts_token_count


def test_an_optional_function_is_called_beside_a_text(gemini: genai.Client) -> None:
    answer = ask(gemini, "上海现在多少度？", tools=[WEATHER])

    text, call = parts(answer)
    assert text.text and call.function_call
    assert (call.function_call.name, call.function_call.args) == ("get_weather", {"city": "上海"})


def test_a_forced_function_is_called_alone(gemini: genai.Client) -> None:
    forced: Any = {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["get_weather"]}}

    answer = ask(gemini, "Weather in Rome?", tools=[WEATHER], tool_config=forced)

    assert [bool(part.function_call) for part in parts(answer)] == [True]


def test_results_of_functions_are_used(gemini: genai.Client) -> None:
    contents: Any = [
        {"role": "user", "parts": [{"text": "Weather?"}]},
        {"role": "model", "parts": [{"function_call": {"name": "get_weather", "args": {"city": "Rome"}}}]},
        {"role": "user", "parts": [{"function_response": {"name": "get_weather", "response": {"temp": 9}}}]},
    ]

    answer = ask(gemini, contents, tools=[WEATHER])

    assert 'The tool `get_weather` answered `{"temp":9}`.' in (answer.text or "")
    assert not answer.function_calls


class Dish(BaseModel):
    name: str
    spicy: int


def test_a_structured_answer_parses_into_its_type(gemini: genai.Client) -> None:
    answer = ask(gemini, "列出两道川菜及辣度", response_mime_type="application/json", response_schema=list[Dish])

    assert isinstance(answer.parsed, list)
    assert [type(dish) for dish in answer.parsed] == [Dish, Dish]


def test_a_json_schema_of_the_new_kind_is_obeyed(gemini: genai.Client) -> None:
    schema = {"type": "object", "properties": {"city": {"enum": ["Rome", "Paris"]}}, "required": ["city"]}

    answer = ask(gemini, "I love Paris", response_mime_type="application/json", response_json_schema=schema)

    assert json.loads(answer.text or "") == {"city": "Paris"}


def test_a_search_grounds_the_answer(gemini: genai.Client) -> None:
    answer = ask(gemini, "今天有什么新闻？", tools=[types.Tool(google_search=types.GoogleSearch())])

    assert answer.candidates and answer.candidates[0].grounding_metadata
    grounding = answer.candidates[0].grounding_metadata
    text = (answer.text or "").encode()
    for support in grounding.grounding_supports or []:
        assert support.segment
        assert text[support.segment.start_index : support.segment.end_index].decode() == support.segment.text
    assert len(grounding.grounding_chunks or []) == 2


def test_a_picture_is_drawn_in_its_shape(gemini: genai.Client) -> None:
    shape = types.ImageConfig(aspect_ratio="16:9")

    answer = ask(gemini, "A banana", response_modalities=["TEXT", "IMAGE"], image_config=shape)

    [drawn] = [part.inline_data for part in parts(answer) if part.inline_data]
    assert Image.open(io.BytesIO(drawn.data or b"")).size == (320, 180)


def test_speech_is_raw_sound_alone(gemini: genai.Client) -> None:
    [part] = parts(ask(gemini, "Good morning", response_modalities=["AUDIO"]))

    assert part.inline_data and part.inline_data.data
    assert part.inline_data.mime_type == "audio/L16;codec=pcm;rate=24000" and len(part.inline_data.data) > 10_000


def test_several_candidates_and_limits_are_obeyed(gemini: genai.Client) -> None:
    answer = ask(gemini, "Tell me everything", candidate_count=2, max_output_tokens=5)

    assert [c.finish_reason for c in answer.candidates or []] == [types.FinishReason.MAX_TOKENS] * 2


def test_what_was_sent_is_described_under_either_spelling(http: httpx.Client) -> None:
    snake = {"inline_data": {"mime_type": "image/png", "data": PNG}}
    camel = {"inlineData": {"mimeType": "image/png", "data": PNG}}
    body = {"contents": [{"parts": [{"text": "What?"}, snake, camel]}]}

    answer = http.post(f"/v1beta/models/{MODEL}:generateContent", json=body).json()

    text = answer["candidates"][0]["content"]["parts"][0]["text"]
    assert text.count("- image (image/png, 16 × 16, 79 bytes)") == 2


@pytest.mark.parametrize("where", [{"headers": {"x-goog-api-key": KEY}}, {"params": {"key": KEY}}])
def test_a_key_may_come_as_google_has_it(sandbox: str, where: Any) -> None:
    body = {"contents": [{"parts": [{"text": "Hi"}]}]}

    assert httpx.post(f"{sandbox}/v1beta/models/{MODEL}:generateContent", json=body, **where).status_code == 200


def test_models_are_listed_by_googles_client(gemini: genai.Client) -> None:
    assert "models/gemini-2.5-flash" in [model.name for model in gemini.models.list()]


def test_tokens_can_be_counted(gemini: genai.Client) -> None:
    counted = gemini.models.count_tokens(model=MODEL, contents="one two three")

    assert (counted.total_tokens or 0) > 3
