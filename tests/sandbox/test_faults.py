"""Every fault of the sandbox does on the wire what its name says."""

import json
import socket
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from playground.sandbox import faults

from .conftest import KEY

PROMPT = {"messages": [{"role": "user", "content": "Tell me about the moon"}]}
CLAUDE = {"model": "claude-haiku-4-5:fast", "max_tokens": 900, **PROMPT}
GEMINI = {"contents": [{"parts": [{"text": "Tell me about the moon"}]}]}
STREAMS: list[tuple[str, dict[str, Any]]] = [
    ("/v1/chat/completions", {"model": "gpt-4o-mini:fast", "stream": True, **PROMPT}),
    ("/v1/responses", {"model": "gpt-5.1:fast", "stream": True, "input": "Tell me about the moon"}),
    ("/v1/messages", {"stream": True, **CLAUDE}),
    ("/v1beta/models/gemini-2.5-flash:fast:streamGenerateContent?alt=sse", GEMINI),
]
WHOLE: list[tuple[str, dict[str, Any]]] = [
    ("/v1/chat/completions", {"model": "gpt-4o-mini:fast", **PROMPT}),
    ("/v1/responses", {"model": "gpt-5.1:fast", "input": "Tell me about the moon"}),
    ("/v1/messages", CLAUDE),
    ("/v1beta/models/gemini-2.5-flash:fast:generateContent", GEMINI),
]
END_MARKS = (b"[DONE]", b'"finish_reason":"stop"', b"response.completed", b"message_stop", b'"finishReason"')

streamed = pytest.mark.parametrize(("path", "body"), STREAMS, ids=["chat", "responses", "messages", "gemini"])
whole = pytest.mark.parametrize(("path", "body"), WHOLE, ids=["chat", "responses", "messages", "gemini"])


def send(http: httpx.Client, path: str, body: Any, fault: str, **headers: str) -> httpx.Response:
    return http.post(path, json=body, headers={"x-sandbox-fault": fault, "x-sandbox-seconds": "0.2", **headers})


def raw(sandbox: str, path: str, body: Any, fault: str) -> tuple[bytes, BaseException | None]:
    """All bytes of an answer as they come off the socket, and how the connection ended."""
    at = urlsplit(sandbox)
    content = json.dumps(body).encode()
    head = (
        f"POST {at.path}{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\nx-sandbox-fault: {fault}\r\n"
        f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
    )
    got = b""
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=20) as connection:
        connection.sendall(head.encode() + content)
        try:
            while piece := connection.recv(65_536):
                got += piece
        except OSError as broken:
            return got, broken
    return got, None


def texts(body: bytes) -> list[dict[str, Any]]:
    """The events of a stream that are JSON."""
    events = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: {")]
    return [json.loads(event) for event in events]


def test_every_fault_has_its_name_in_the_list() -> None:
    assert (
        frozenset(
            [
                "refuse",
                "slow-first-byte",
                "stall",
                "stall-forever",
                "reset",
                "cut",
                "truncated-gzip",
                "gzip-bomb",
                "html-502",
                "login-page-200",
                "401",
                "402",
                "403",
                "404",
                "429",
                "429-date",
                "500",
                "503",
                "529",
                "flaky",
                "bad-json",
                "bad-utf8",
                "nul",
                "surrogate",
                "huge-event",
                "endless",
                "one-byte",
                "redirect-loop",
                "redirect-private",
                "wrong-length",
                "unknown-events",
                "error-event",
                "echo-key",
            ]
        )
        == faults.NAMES
    )


@streamed
def test_refuse_closes_before_any_byte(sandbox: str, path: str, body: Any) -> None:
    assert raw(sandbox, path, body, "refuse") == (b"", None)


@streamed
def test_f08_reset_breaks_the_connection_in_the_middle_of_a_chunk(sandbox: str, path: str, body: Any) -> None:
    got, broken = raw(sandbox, path, body, "reset")

    assert isinstance(broken, ConnectionResetError)
    assert got.startswith(b"HTTP/1.1 200") and not any(mark in got for mark in END_MARKS)
    announced = int(got.rpartition(b"\r\n")[0].rpartition(b"\r\n")[2], 16)
    assert 0 < len(got.rpartition(b"\r\n")[2]) < announced


@streamed
def test_f09_cut_ends_cleanly_without_an_end_mark(http: httpx.Client, path: str, body: Any) -> None:
    answer = send(http, path, body, "cut")

    assert answer.status_code == 200 and b"moon" in answer.content
    assert not any(mark in answer.content for mark in END_MARKS)


@whole
def test_f09_cut_leaves_half_of_a_whole_answer(http: httpx.Client, path: str, body: Any) -> None:
    with pytest.raises(json.JSONDecodeError):
        send(http, path, body, "cut").json()


@streamed
def test_f10_truncated_gzip_stops_inside_the_member(http: httpx.Client, path: str, body: Any) -> None:
    with http.stream("POST", path, json=body, headers={"x-sandbox-fault": "truncated-gzip"}) as answer:
        packed = b"".join(answer.iter_raw())

    reader = zlib.decompressobj(31)
    text = reader.decompress(packed)
    assert answer.headers["content-encoding"] == "gzip"
    assert b"moon" in text and not reader.eof and not any(mark in text for mark in END_MARKS)


@pytest.mark.parametrize(("path", "body"), [STREAMS[0], WHOLE[0]], ids=["stream", "whole"])
def test_f14_gzip_bomb_holds_a_gigabyte_of_valid_gzip(http: httpx.Client, path: str, body: Any) -> None:
    reader, size, packed = zlib.decompressobj(31), 0, 0
    with http.stream("POST", path, json=body, headers={"x-sandbox-fault": "gzip-bomb"}) as answer:
        for piece in answer.iter_raw():
            packed += len(piece)
            while piece:
                size += len(reader.decompress(piece, 1 << 20))
                piece = reader.unconsumed_tail

    assert size > 1 << 30 and reader.eof and packed < 4 << 20


@streamed
def test_f14_huge_event_is_one_event_of_ten_megabytes(http: httpx.Client, path: str, body: Any) -> None:
    answer = send(http, path, body, "huge-event")

    sizes = sorted(len(line) for line in answer.content.split(b"\n"))
    assert sizes[-1] > 10_000_000 > sizes[-2] and texts(answer.content)


@streamed
def test_f14_endless_goes_on(http: httpx.Client, path: str, body: Any) -> None:
    got = 0
    with http.stream("POST", path, json=body, headers={"x-sandbox-fault": "endless"}) as answer:
        for piece in answer.iter_bytes():
            got += len(piece)
            if got > 20 << 20:
                break

    assert got > 20 << 20


@pytest.mark.parametrize("fault", ["401", "402", "403", "404", "429", "429-date", "500", "503", "529"])
@whole
def test_a_status_comes_in_its_dialects_own_shape(http: httpx.Client, path: str, body: Any, fault: str) -> None:
    answer = send(http, path, body, fault)

    error = answer.json()["error"]
    assert answer.status_code == int(fault[:3]) and error["message"]
    if path == "/v1/messages":
        assert answer.json()["type"] == "error" and error.keys() == {"type", "message"}
    elif path.startswith("/v1beta"):
        assert (error["code"], error["status"].isupper()) == (answer.status_code, True)
    else:
        assert error.keys() == {"message", "type", "param", "code"}


def test_f12_429_says_when_to_come_back(http: httpx.Client) -> None:
    path, body = WHOLE[0]

    assert send(http, path, body, "429").headers["retry-after"] == "7"
    assert send(http, path, body, "429-date").headers["retry-after"].endswith("GMT")


def test_f13_flaky_fails_twice_for_a_key_and_body_and_then_works(http: httpx.Client) -> None:
    path, body = WHOLE[0]
    other = {**body, "user": "another body"}

    first = [send(http, path, body, "flaky").status_code for _ in range(4)]
    second = [send(http, path, other, "flaky").status_code for _ in range(3)]

    assert (first, second) == ([500, 500, 200, 200], [500, 500, 200])


def test_f11_pages_of_proxies_come_as_html(http: httpx.Client) -> None:
    path, body = STREAMS[0]
    bad, login = send(http, path, body, "html-502"), send(http, path, body, "login-page-200")

    assert [(a.status_code, a.headers["content-type"]) for a in (bad, login)] == [
        (502, "text/html; charset=utf-8"),
        (200, "text/html; charset=utf-8"),
    ]


@streamed
def test_f15_bad_json_puts_three_broken_events_between_good_ones(http: httpx.Client, path: str, body: Any) -> None:
    clean, spoiled = http.post(path, json=body).content, send(http, path, body, "bad-json").content

    events = [
        line for line in spoiled.split(b"\n\n") if not (line.endswith(b"}") or line.endswith(b"[DONE]") or not line)
    ]
    assert len(events) == 3
    assert b"\n\n".join(part for part in spoiled.split(b"\n\n") if part not in events) == clean


@pytest.mark.parametrize(
    ("fault", "salt"), [("bad-utf8", b"\xff\xfe\xc3("), ("nul", b"\\u0000"), ("surrogate", b"\\ud83d")]
)
@streamed
def test_f15_salted_text_is_the_answer_but_for_the_salt(
    http: httpx.Client, path: str, body: Any, fault: str, salt: bytes
) -> None:
    clean, spoiled = http.post(path, json=body).content, send(http, path, body, fault).content

    assert spoiled.count(salt) == 3 and spoiled.replace(salt, b"") == clean


@pytest.mark.parametrize(("fault", "salt"), [("nul", b"\\u0000"), ("surrogate", b"\\ud83d")])
@whole
def test_f15_whole_answers_are_salted_too(http: httpx.Client, path: str, body: Any, fault: str, salt: bytes) -> None:
    spoiled = send(http, path, body, fault).content

    assert json.loads(spoiled) and spoiled.count(salt) == 1


@streamed
def test_f47_unknown_events_stand_between_known_ones(http: httpx.Client, path: str, body: Any) -> None:
    answer = send(http, path, body, "unknown-events").content

    assert answer.count(b"event: sandbox.unknown\n") == 3 and b": PING\n" in answer
    assert any(mark in answer for mark in END_MARKS)


@streamed
def test_an_error_event_ends_the_stream(http: httpx.Client, path: str, body: Any) -> None:
    answer = send(http, path, body, "error-event").content

    last = texts(answer)[-1]
    assert "The upstream is overloaded." in (last.get("message"), last.get("error", {}).get("message"))
    assert not any(mark in answer for mark in END_MARKS)


def test_f16_one_byte_a_write_is_a_short_whole_answer(http: httpx.Client) -> None:
    with ThreadPoolExecutor() as together:
        answers = list(together.map(lambda stream: send(http, stream[0], stream[1], "one-byte").content, STREAMS))

    assert [len(answer) < 7_000 and any(mark in answer for mark in END_MARKS) for answer in answers] == [True] * 4


def test_f17_redirects_point_to_themselves_or_to_private_places(http: httpx.Client) -> None:
    path, body = STREAMS[3]
    loop, private = send(http, path, body, "redirect-loop"), send(http, path, body, "redirect-private")

    assert (loop.status_code, loop.headers["location"]) == (307, str(loop.request.url))
    assert private.headers["location"] == "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize(("path", "body"), [STREAMS[0], WHOLE[0]], ids=["stream", "whole"])
def test_f19_wrong_length_announces_more_than_comes(sandbox: str, path: str, body: Any) -> None:
    got, broken = raw(sandbox, path, body, "wrong-length")

    head, _, content = got.partition(b"\r\n\r\n")
    assert broken is None and f"content-length: {len(content) + 100}".encode() in head


def test_echo_key_repeats_the_key(http: httpx.Client) -> None:
    answer = send(http, *WHOLE[0], "echo-key")

    assert (answer.status_code, KEY in answer.text) == (401, True)


@streamed
def test_f06_stall_pauses_and_goes_on(http: httpx.Client, path: str, body: Any) -> None:
    clean, paused = http.post(path, json=body).content, send(http, path, body, "stall")

    assert paused.content == clean and paused.elapsed.total_seconds() >= 0.2


def test_f05_slow_first_byte_is_the_same_answer_later(http: httpx.Client) -> None:
    path, body = STREAMS[0]

    late = send(http, path, body, "slow-first-byte")

    assert late.content == http.post(path, json=body).content and late.elapsed.total_seconds() >= 0.2


def test_f07_stall_forever_says_half_and_no_more(http: httpx.Client) -> None:
    path, body = STREAMS[0]
    got = b""
    with (
        pytest.raises(httpx.ReadTimeout),
        http.stream("POST", path, json=body, headers={"x-sandbox-fault": "stall-forever"}, timeout=1) as answer,
    ):
        for piece in answer.iter_bytes():
            got += piece

    assert b"moon" in got and not any(mark in got for mark in END_MARKS)


def test_a_fault_may_stand_at_the_end_of_the_models_name(http: httpx.Client) -> None:
    path, body = WHOLE[0]

    for model in ("gpt-4o-mini:fault-503:fast", "gpt-4o-mini:fast:fault-503"):
        assert http.post(path, json={**body, "model": model}).status_code == 503
    assert http.post("/v1beta/models/g:fault-402:fast:generateContent", json=GEMINI).status_code == 402


def test_an_unknown_fault_is_refused_with_the_names_there_are(http: httpx.Client) -> None:
    answer = send(http, *WHOLE[0], "earthquake")

    assert (answer.status_code, "stall-forever" in answer.json()["error"]["message"]) == (400, True)


def test_only_a_few_heavy_faults_happen_at_once(sandbox: str) -> None:
    path, body = STREAMS[0]
    at = urlsplit(sandbox)
    content = json.dumps({**body, "model": "m:fault-endless"}).encode()
    head = f"POST {at.path}{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: {len(content)}\r\n\r\n"
    held = []
    try:
        for _ in range(5):
            connection = socket.create_connection((at.hostname or "", at.port or 0), timeout=20)
            connection.sendall(head.encode() + content)
            held.append((connection, connection.recv(12)))
        assert [first for _, first in held] == [b"HTTP/1.1 200"] * 4 + [b"HTTP/1.1 503"]
    finally:
        for connection, _ in held:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
