"""Keys, paths, guards and paces: what holds for every operation of the sandbox."""

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from playground.sandbox import model_name, pace

from .conftest import KEY

CHAT: dict[str, Any] = {"model": "gpt-4o-mini:fast", "messages": [{"role": "user", "content": "Hello"}]}
GUARDS = {"content-security-policy": "sandbox; default-src 'none'", "x-content-type-options": "nosniff"}


def test_every_answer_is_guarded(http: httpx.Client) -> None:
    answers = [
        http.get("/v1/models"),
        http.post("/v1/chat/completions", json=CHAT),
        http.post("/v1/chat/completions", json={**CHAT, "stream": True}),
        http.post("/v1/chat/completions", json=CHAT, headers={"x-sandbox-fault": "html-502"}),
        http.post("/v1/chat/completions", json=CHAT, headers={"authorization": ""}),
        http.get("/nowhere"),
    ]

    assert [{name: answer.headers[name] for name in GUARDS} for answer in answers] == [GUARDS] * len(answers)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/v1/chat/completions", {"code": "invalid_api_key", "param": None, "type": "invalid_request_error"}),
        ("/v1/messages", {"type": "authentication_error"}),
        ("/v1beta/models/gemini-2.5-flash:generateContent", {"code": 401, "status": "UNAUTHENTICATED"}),
    ],
)
@pytest.mark.parametrize("shown", [{}, {"authorization": "Bearer nonsense"}, {"x-api-key": "sk-"}])
def test_without_a_key_every_dialect_says_so_in_its_own_words(
    sandbox: str, path: str, error: Any, shown: dict[str, str]
) -> None:
    answer = httpx.post(sandbox + path, json=CHAT, headers=shown)

    told = {name: value for name, value in answer.json()["error"].items() if name not in ("message", "details")}
    assert (answer.status_code, told) == (401, error)


@pytest.mark.parametrize(
    "shown",
    [
        {"headers": {"authorization": f"Bearer {KEY}"}},
        {"headers": {"x-api-key": KEY}},
        {"headers": {"x-goog-api-key": KEY}},
        {"params": {"key": KEY}},
    ],
)
def test_a_key_is_found_wherever_its_vendor_wants_it(sandbox: str, shown: Any) -> None:
    assert httpx.post(f"{sandbox}/v1/chat/completions", json=CHAT, **shown).status_code == 200


@pytest.mark.parametrize(("ending", "status"), [("empty", 403), ("expired", 401), ("limited", 403)])
def test_the_end_of_a_key_says_what_is_the_matter_with_it(sandbox: str, ending: str, status: int) -> None:
    body = {**CHAT, "model": "gpt-5.1:fast"}

    answer = httpx.post(f"{sandbox}/v1/chat/completions", json=body, headers={"x-api-key": f"sk-demo-{ending}"})

    assert answer.status_code == status


def test_a_limited_key_may_use_its_one_model(sandbox: str) -> None:
    headers = {"authorization": "Bearer sk-demo-limited"}

    listed = httpx.get(f"{sandbox}/v1/models", headers=headers).json()["data"]
    answer = httpx.post(f"{sandbox}/v1/chat/completions", json=CHAT, headers=headers)

    assert ([model["id"] for model in listed], answer.status_code) == (["gpt-4o-mini"], 200)


def test_an_unknown_path_is_answered_as_the_gateway_does(http: httpx.Client) -> None:
    answer = http.post("/v1/nowhere")

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Invalid URL (POST /v1/nowhere)"


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"'])
def test_a_body_that_is_no_object_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post("/v1/chat/completions", content=body).status_code == 400


@pytest.mark.parametrize("value", [None, 7, "text", True, [], {}, [[]], [None], {"type": []}])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v1/chat/completions", "messages tools tool_choice response_format stop n audio modalities stream_options"),
        ("/v1/responses", "input tools tool_choice text reasoning include instructions metadata max_output_tokens"),
        ("/v1/messages", "messages system tools tool_choice thinking output_config stop_sequences max_tokens"),
        ("/v1beta/models/g:generateContent", "contents tools toolConfig generationConfig systemInstruction"),
        ("/v1/completions", "prompt n stop logprobs echo max_tokens"),
    ],
)
def test_values_of_the_wrong_type_break_nothing(http: httpx.Client, path: str, names: str, value: Any) -> None:
    statuses = {name: http.post(path, json={"model": "m:fast", name: value}).status_code for name in names.split()}

    assert set(statuses.values()) == {200}, statuses


@pytest.mark.parametrize("sent", ["gpt-4o-mini:slow:fault-cut", "gpt-4o-mini:fault-cut:slow"])
def test_wishes_end_a_models_name_in_any_order(sent: str) -> None:
    read = model_name.read(sent)

    assert (read.sent, read.base, read.pace, read.fault) == (sent, "gpt-4o-mini", pace.SLOW, "cut")


def test_a_colon_of_the_models_own_stays_with_it() -> None:
    assert model_name.read("llama3:8b").base == "llama3:8b"


def test_a_long_answer_has_about_six_hundred_words(http: httpx.Client) -> None:
    answer = http.post("/v1/chat/completions", json={**CHAT, "model": "gpt-4o-mini:long", "stream": True})

    assert 590 <= answer.text.count('"delta":{"content":') <= 610


def test_a_slow_answer_says_five_words_a_second_for_thirty_seconds() -> None:
    assert pace.SLOW.words is not None
    assert pace.SLOW.due(pace.SLOW.words) == pytest.approx(30, abs=1)
    assert pace.SLOW.due(10) - pace.SLOW.due(5) == 1


def test_a_slow_key_is_slow_with_any_model(sandbox: str) -> None:
    body = {**CHAT, "model": "gpt-4o-mini", "stream": True}
    headers = {"authorization": "Bearer sk-demo-slow"}
    words = 0
    with (
        pytest.raises(httpx.ReadTimeout),
        httpx.stream("POST", f"{sandbox}/v1/chat/completions", json=body, headers=headers, timeout=0.18) as answer,
    ):
        for piece in answer.iter_text():
            words += piece.count('"delta":{"content":')

    assert words <= 2


def test_a_stream_that_nobody_reads_any_more_ends_at_once(sandbox: str) -> None:
    import asyncio

    at = urlsplit(sandbox)
    body = b'{"model":"m:slow","stream":true,"messages":[]}'
    head = f"POST {at.path}/v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: {KEY}\r\ncontent-length: {len(body)}\r\n\r\n"

    def streams() -> int:
        return sum(
            "_exchange" in str(task.get_coro()) or "run_asgi" in str(task.get_coro()) for task in _tasks(asyncio)
        )

    with socket.create_connection((at.hostname or "", at.port or 0)) as connection:
        connection.sendall(head.encode() + body)
        assert connection.recv(12) == b"HTTP/1.1 200"
        busy = streams()
    until = time.monotonic() + 5
    while streams() >= busy and time.monotonic() < until:
        time.sleep(0.02)

    assert streams() < busy


def _tasks(asyncio: Any) -> list[Any]:
    """The tasks of every loop of this process; the sandbox runs in a thread of it."""
    return [task for task in list(asyncio.tasks._all_tasks) if not task.done()]
