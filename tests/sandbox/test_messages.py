"""Messages of the sandbox, read by Anthropic's own client."""

from typing import Any

import anthropic
import pytest

from .conftest import PNG, WEATHER, leftovers

MODEL = "claude-sonnet-4-5-20250929:fast"
TOOL: Any = {"name": "get_weather", "input_schema": WEATHER}
SEARCH: Any = {"type": "web_search_20250305", "name": "web_search"}


def ask(claude: anthropic.Anthropic, prompt: Any, **more: Any) -> Any:
    given = {"max_tokens": 1000, **more}
    return claude.messages.create(model=MODEL, messages=[{"role": "user", "content": prompt}], **given)


def streamed(claude: anthropic.Anthropic, prompt: str, **more: Any) -> tuple[list[Any], Any]:
    with claude.messages.stream(
        model=MODEL, max_tokens=4000, messages=[{"role": "user", "content": prompt}], **more
    ) as stream:
        events = list(stream)
        return events, stream.get_final_message()


def kinds(message: Any) -> list[str]:
    return [block.type for block in message.content]


def test_a_message_talks_about_the_prompt(claude: anthropic.Anthropic) -> None:
    message = ask(claude, "Tell me about the sea")

    assert kinds(message) == ["text"] and "the sea" in message.content[0].text
    assert (message.model, message.stop_reason, leftovers(message)) == (MODEL, "end_turn", [])


def test_a_streamed_message_is_the_whole_message(claude: anthropic.Anthropic) -> None:
    events, message = streamed(claude, "Tell me about the sea")

    assert message.content[0].text == ask(claude, "Tell me about the sea").content[0].text
    assert sum(event.type == "text" for event in events) > 10
    assert message.usage.output_tokens == ask(claude, "Tell me about the sea").usage.output_tokens


@pytest.mark.parametrize("thinking", [{"type": "enabled", "budget_tokens": 1024}, {"type": "adaptive"}])
def test_thinking_is_a_signed_block_of_its_own(claude: anthropic.Anthropic, thinking: Any) -> None:
    _, message = streamed(claude, "Prove it", thinking=thinking)

    assert kinds(message) == ["thinking", "text"]
    assert message.content[0].thinking and message.content[0].signature
    assert message.usage.output_tokens_details.thinking_tokens > 0


def test_omitted_thinking_is_only_signed_for(claude: anthropic.Anthropic) -> None:
    _, message = streamed(claude, "Prove it", thinking={"type": "adaptive", "display": "omitted"})

    assert (message.content[0].thinking, bool(message.content[0].signature)) == ("", True)


def test_an_optional_tool_is_used_beside_a_text(claude: anthropic.Anthropic) -> None:
    _, message = streamed(claude, "广州今天天气如何？", tools=[TOOL])

    assert (kinds(message), message.stop_reason) == (["text", "tool_use"], "tool_use")
    assert message.content[1].input == {"city": "广州", "unit": "celsius"}


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "get_weather"}])
def test_a_forced_tool_is_used_alone(claude: anthropic.Anthropic, choice: Any) -> None:
    message = ask(claude, "Weather in Rome?", tools=[TOOL], tool_choice=choice)

    assert (kinds(message), message.content[0].input["city"]) == (["tool_use"], "Rome")


def test_tool_results_are_used_and_end_the_turn(claude: anthropic.Anthropic) -> None:
    messages: Any = [
        {"role": "user", "content": "Weather in Rome?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "23 degrees"}]},
    ]

    message: Any = claude.messages.create(model=MODEL, max_tokens=1000, messages=messages, tools=[TOOL])

    assert (kinds(message), message.stop_reason) == (["text"], "end_turn")
    assert "The tool `get_weather` answered `23 degrees`." in message.content[0].text


def test_a_search_shows_its_results_and_cites_them(claude: anthropic.Anthropic) -> None:
    _, message = streamed(claude, "News on tea", tools=[SEARCH])

    assert kinds(message)[:2] == ["server_tool_use", "web_search_tool_result"]
    cited = [block for block in message.content if block.type == "text" and block.citations]
    assert [block.citations[0].cited_text for block in cited] == [block.text for block in cited] != []
    assert message.usage.server_tool_use.web_search_requests == 1
    assert leftovers(message) == []


def test_structured_output_obeys_its_schema(claude: anthropic.Anthropic) -> None:
    schema = {"type": "object", "properties": {"total": {"type": "integer"}}, "required": ["total"]}

    message = ask(claude, "I paid 42", output_config={"format": {"type": "json_schema", "schema": schema}})

    assert message.content[0].text == '{"total":42}'


def test_a_limit_of_tokens_and_a_stop_sequence_are_told_apart(claude: anthropic.Anthropic) -> None:
    cut = ask(claude, "Tell me everything", max_tokens=5)
    stopped = ask(claude, "Tell me everything", stop_sequences=["```"])

    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 5)
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "```")


def test_pictures_and_documents_are_described(claude: anthropic.Anthropic) -> None:
    content = [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
        {"type": "document", "title": "note", "source": {"type": "text", "media_type": "text/plain", "data": "hi"}},
        {"type": "text", "text": "What are these?"},
    ]

    text = ask(claude, content).content[0].text

    assert "- image (image/png, 16 × 16, 79 bytes)\n- file (text/plain, 2 bytes, note)" in text


def test_tokens_can_be_counted(claude: anthropic.Anthropic) -> None:
    counted = claude.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "one two three"}])

    assert counted.input_tokens == ask(claude, "one two three").usage.input_tokens > 3


def test_a_refused_key_raises_the_clients_own_error(sandbox: str) -> None:
    stranger = anthropic.Anthropic(base_url=sandbox, api_key="nonsense", max_retries=0)

    with pytest.raises(anthropic.AuthenticationError) as refused:
        ask(stranger, "Hello")

    assert refused.value.body["error"]["type"] == "authentication_error"  # type: ignore[index]
