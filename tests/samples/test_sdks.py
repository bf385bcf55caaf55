"""The official libraries of Python and JavaScript, run: what they send says what the site sends."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
import yaml
from google import genai

from playground import catalogue, samples
from playground.calls import Call, call_from
from playground.samples.sdks.function import FUNCTIONS
from tests.samples.capture import SOUND, Capture, capturing
from tests.samples.cases import FILES, NASTY
from tests.samples.programs import prepared, started, started_with_libraries

LANGUAGES = ("python", "javascript")
OWN_ARGUMENTS = {"extra_headers", "extra_query", "extra_body", "timeout"}


def _call(operation: str, body: dict[str, Any] | None = None, **more: Any) -> Call:
    found = catalogue.find(operation)
    assert found is not None
    given = {"body": body, **more.pop("given", {})} if body is not None else more.pop("given", {})
    return call_from(found, given, **more)


MESSAGES = [{"role": "user", "content": NASTY}]
CASES = {
    "chat": _call(
        "chat-basic",
        {"model": "m", "messages": MESSAGES, "temperature": 0.5, "stop": None, "vendor_field": {"deep": [True, None]}},
        given={"headers": {"X-Note": 'it\'s "here"'}, "query": {"q": "a b"}},
    ),
    "responses": _call("gpt51-thinking", {"model": "m", "input": NASTY, "reasoning": {"effort": "high"}}),
    "messages": _call(
        "claude-chat",
        {"model": "m", "max_tokens": 64000, "messages": MESSAGES, "vendor_field": 1},
        given={"headers": {"anthropic-beta": "one,two"}},
    ),
    "gemini": _call(
        "gemini-chat",
        {
            "contents": [{"role": "user", "parts": [{"text": NASTY}]}],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "generationConfig": {"temperature": 0.5, "maxOutputTokens": 9, "thinkingConfig": {"thinkingBudget": 0}},
        },
        given={"path": {"model": "gemini-2.5-flash"}},
    ),
    "speech": _call("audio-speech", {"model": "tts-1", "input": NASTY, "voice": "alloy", "instructions": "Slowly"}),
    "embeddings": _call("embeddings", {"model": "m", "input": [NASTY], "encoding_format": "float"}),
    "models": _call("list-models"),
    "edit": _call(
        "image-edit",
        {"model": "gpt-image-1", "prompt": NASTY, "image": ["@file:cat.png", "@file:dog two.png"], "n": 2},
        attachments=FILES,
    ),
}


@pytest.fixture(scope="module")
def capture() -> Iterator[Capture]:
    with capturing() as kept:
        yield kept


def _run(call: Call, language: str, base_url: str, folder: Path) -> bytes:
    """Run the sample of the language's official library; what it told."""
    [library] = [
        each for each in samples.languages(catalogue.find(call.operation)) if each.id.startswith(f"{language}-")
    ]
    code = samples.sample(call, library.id, base_url=base_url)
    prepared(folder, language, library.file, code)
    program = started(folder, language) if language == "python" else started_with_libraries(folder)
    output, errors = program.communicate(timeout=120)
    return output + errors


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_an_official_library_sends_the_call(case: str, language: str, capture: Capture, tmp_path: Path) -> None:
    call, sent = CASES[case], f"sdk-{language}/{case}"
    told = _run(call, language, f"{capture.url}/{sent}", tmp_path / case)

    assert sent in capture.requests, told.decode()
    found = capture.only(sent)
    assert (found.method, found.path, found.query) == (call.method, call.path, list(call.query))
    assert dict(call.headers).items() <= {name: found.headers.get(name.lower()) for name, _ in call.headers}.items()
    if call.content_type.startswith("multipart/"):
        assert sorted(found.content, key=repr) == sorted(_parts(call), key=repr)  # type: ignore[call-overload]
    elif call.body:
        assert json.loads(found.body) == json.loads(call.body)


def _parts(call: Call) -> list[tuple[str, str | None, bytes]]:
    request = samples.request_of(call, "http://gateway.example", "KEY")
    return [
        (part.name, part.file or None, FILES[part.file].content if part.file else part.text.encode())
        for part in request.form
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sound_is_saved_by_the_library(language: str, capture: Capture, tmp_path: Path) -> None:
    _run(CASES["speech"], language, f"{capture.url}/saved-{language}/speech", tmp_path / "saved")

    assert (tmp_path / "saved" / "speech.mp3").read_bytes() == SOUND


def _functions() -> list[tuple[str, str, list[str]]]:
    listed = yaml.safe_load(FUNCTIONS.read_text("utf-8"))
    return [(library, entry["function"], entry["fields"]) for library in listed for entry in listed[library].values()]


@pytest.mark.parametrize(("library", "name", "fields"), _functions())
def test_the_list_of_fields_is_the_librarys_own(library: str, name: str, fields: list[str]) -> None:
    clients = {
        "openai": openai.OpenAI(api_key="x"),
        "anthropic": anthropic.Anthropic(api_key="x"),
        "google-genai": genai.Client(api_key="x"),
    }
    function: Any = clients[library]
    for step in name.split("."):
        function = getattr(function, step)

    if library == "google-genai":
        known = {field.alias for field in genai.types.GenerateContentConfig.model_fields.values()}
        assert set(fields) <= known
    else:
        assert set(fields) == set(inspect.signature(function).parameters) - OWN_ARGUMENTS
