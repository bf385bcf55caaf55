"""With `X-Sandbox-Strict: 1` the sandbox refuses what the real vendors refuse."""

from typing import Any

import httpx
import pytest

from playground import catalogue

STRICT = {"x-sandbox-strict": "1"}
CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
MESSAGES = "/v1/messages"
GEMINI = "/v1beta/models/gemini-2.5-flash:fast:generateContent"
GOOD: dict[str, dict[str, Any]] = {
    CHAT: {"model": "gpt-4o-mini:fast", "messages": [{"role": "user", "content": "Hi"}]},
    RESPONSES: {"model": "gpt-4o-mini:fast", "input": "Hi"},
    MESSAGES: {"model": "claude-haiku-4-5:fast", "max_tokens": 2000, "messages": [{"role": "user", "content": "Hi"}]},
    GEMINI: {"contents": [{"parts": [{"text": "Hi"}]}]},
}
TOOL = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize("path", GOOD)
def test_a_good_request_is_answered_strictly_too(http: httpx.Client, path: str) -> None:
    assert http.post(path, json=GOOD[path], headers=STRICT).status_code == 200


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (CHAT, {"messages": None}),
        (CHAT, {"temperature": 3}),
        (CHAT, {"temperature": "hot"}),
        (CHAT, {"n": True}),
        (CHAT, {"max_tokens": 5, "max_completion_tokens": 5}),
        (CHAT, {"tools": [TOOL], "functions": [{"name": "f"}]}),
        (CHAT, {"tool_choice": "auto"}),
        (CHAT, {"stream_options": {"include_usage": True}}),
        (CHAT, {"top_logprobs": 2}),
        (CHAT, {"model": "gpt-5.1:fast", "temperature": 0.5}),
        (RESPONSES, {"input": None}),
        (RESPONSES, {"max_output_tokens": 1}),
        (RESPONSES, {"conversation": "conv_1", "previous_response_id": "resp_1"}),
        (MESSAGES, {"max_tokens": None}),
        (MESSAGES, {"temperature": 1.5}),
        (MESSAGES, {"temperature": 0.5, "top_p": 0.5}),
        (MESSAGES, {"thinking": {"type": "enabled", "budget_tokens": 4000}}),
        (MESSAGES, {"thinking": {"type": "adaptive"}, "temperature": 0.2}),
        (GEMINI, {"contents": None}),
        (GEMINI, {"generationConfig": {"topP": 2}}),
        (GEMINI, {"generation_config": {"thinking_config": {"thinking_budget": 1, "thinking_level": "LOW"}}}),
        (GEMINI, {"generationConfig": {"responseSchema": {}, "responseJsonSchema": {}}}),
    ],
)
def test_what_is_wrong_is_refused_only_strictly(http: httpx.Client, path: str, more: Any) -> None:
    body = {**GOOD[path], **more}

    assert [http.post(path, json=body, headers=headers).status_code for headers in (STRICT, {})] == [400, 200]


def test_a_refusal_names_the_parameter(http: httpx.Client) -> None:
    answer = http.post(CHAT, json={**GOOD[CHAT], "temperature": 3}, headers=STRICT)

    assert answer.json()["error"] == {
        "message": "Invalid value for 'temperature': expected a number from 0 to 2.",
        "type": "invalid_request_error",
        "param": "temperature",
        "code": "invalid_value",
    }


@pytest.mark.parametrize("name", ["full-chat", "full-responses", "full-messages", "full-v1beta"])
def test_every_parameter_at_once_is_refused_strictly(http: httpx.Client, name: str) -> None:
    row: Any = catalogue.find(name)

    assert http.post(row.path.replace("{model}", "g:fast"), json=row.example, headers=STRICT).status_code == 400
