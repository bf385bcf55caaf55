"""The old completions and the lists of models, read by their vendors' clients."""

import anthropic
import httpx
import openai

from .conftest import leftovers

MODEL = "gpt-3.5-turbo-instruct:fast"


def test_a_prompt_is_continued(gpt: openai.OpenAI) -> None:
    answer = gpt.completions.create(model=MODEL, prompt=["Tea is", "Coffee is"], n=2, echo=True, logprobs=1)

    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert [choice.text[:4] for choice in answer.choices] == ["Tea ", "Tea ", "Coff", "Coff"]
    assert answer.choices[0].logprobs and "".join(answer.choices[0].logprobs.tokens or []) == answer.choices[0].text
    assert leftovers(answer) == []


def test_a_streamed_continuation_ends_with_its_usage(gpt: openai.OpenAI) -> None:
    chunks = list(
        gpt.completions.create(model=MODEL, prompt="Tea is", stream=True, stream_options={"include_usage": True})
    )

    whole = gpt.completions.create(model=MODEL, prompt="Tea is")
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == whole.choices[0].text
    assert chunks[-1].usage == whole.usage


def test_models_say_which_dialects_they_speak(http: httpx.Client) -> None:
    listed = {model["id"]: model for model in http.get("/v1/models").json()["data"]}

    assert listed["claude-sonnet-4-5-20250929"] == {
        "id": "claude-sonnet-4-5-20250929",
        "object": "model",
        "created": 1626777600,
        "owned_by": "anthropic",
        "supported_endpoint_types": ["anthropic", "openai"],
    }


def test_openais_and_anthropics_clients_list_models(gpt: openai.OpenAI, claude: anthropic.Anthropic) -> None:
    assert [model.id for model in gpt.models.list()] == [model.id for model in claude.models.list(limit=100)]


def test_anthropics_own_shape_is_known_by_its_version_alone(http: httpx.Client) -> None:
    one, all_of_them = (
        http.get(path, headers={"anthropic-version": "2023-06-01"}).json()
        for path in ("/v1/models/claude-haiku-4-5", "/v1/models")
    )

    assert (one["type"], one["display_name"]) == ("model", "claude-haiku-4-5")
    assert one in all_of_them["data"]


def test_an_unknown_model_is_an_error_with_status_200(http: httpx.Client) -> None:
    answer = http.get("/v1/models/nobody")

    assert (answer.status_code, answer.json()["error"]["code"]) == (200, "model_not_found")
