"""The sandbox answers what the catalogue documents, full-parameter examples included."""

import copy
from base64 import b64decode
from typing import Any

import httpx
import pytest

from playground import catalogue
from playground.sandbox.sound import wav

from .conftest import PNG

ROWS = [row for row in catalogue.operations() if row.kind == "operation"]
FILES = {"png": ("input.png", b64decode(PNG), "image/png"), "mp3": ("speech.wav", wav(bytes(48_000)), "audio/wav")}
FULL = ["full-chat", "full-responses", "full-messages", "full-v1beta"]


def called(http: httpx.Client, row: Any, stream: bool | None = None) -> httpx.Response:
    path = row.path
    for name, value in (row.path_values or {}).items():
        path = path.replace(f"{{{name}}}", f"{value}:fast")
    body = copy.deepcopy(row.example)
    if body and "model" in body:
        body["model"] += ":fast"
    if stream and row.dialect == "gemini":
        path = path.replace(":generateContent", ":streamGenerateContent?alt=sse")
    elif stream is not None and row.dialect != "gemini":
        body["stream"] = stream
    if row.content_type == "multipart":
        return http.request(row.method, path, data=texts(body), files=files(body))
    return http.request(row.method, path, json=body)


def texts(body: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in body.items() if "@file:" not in str(value)}


def files(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """A real file for each that an example names."""
    named = ((name, each) for name, value in body.items() for each in (value if isinstance(value, list) else [value]))
    return [(name, FILES[str(each).rpartition(".")[2]]) for name, each in named if str(each).startswith("@file:")]


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_every_operation_of_the_document_is_answered(http: httpx.Client, row: Any) -> None:
    assert called(http, row).status_code == 200


def test_the_document_has_fifty_nine_operations() -> None:
    assert len(ROWS) == 59


@pytest.mark.parametrize("name", FULL)
def test_every_parameter_at_once_streams_text_and_thinks(http: httpx.Client, name: str) -> None:
    answer = called(http, catalogue.find(name), stream=True)

    text = {
        "full-chat": '"delta":{"content":"',
        "full-responses": '"type":"response.output_text.delta"',
        "full-messages": '"type":"text_delta"',
        "full-v1beta": '"parts":[{"text":"',
    }[name]
    thought = {
        "full-chat": '"reasoning_content":"',
        "full-responses": '"type":"response.reasoning_summary_text.delta"',
        "full-messages": '"type":"thinking_delta"',
        "full-v1beta": '"thought":true',
    }[name]
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.text.count(text) >= 3 and answer.text.count(thought) >= 3 and "get_weather" in answer.text


@pytest.mark.parametrize("name", FULL)
def test_every_parameter_at_once_is_answered_whole_too(http: httpx.Client, name: str) -> None:
    answer = called(http, catalogue.find(name), stream=False)

    assert answer.json() and answer.headers["content-type"] == "application/json"
