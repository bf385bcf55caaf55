"""The one door to the outside: limits hold, nothing is followed, what had arrived is kept."""

import asyncio
import contextlib
import dataclasses
import gzip
import json
import socket
import threading
import zlib

import pytest

from playground import gateway
from playground.calls import Call, call_from
from playground.catalogue import find
from tests.upstream import CHAT_END, SSE_HEAD, Request, chat, chat_event, reset, says, upstream

SECRET = "sk-test0123456789"


def a_call(streaming: bool = True) -> Call:
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": streaming}
    return call_from(find("chat-stream"), {"body": body})


@pytest.fixture(params=["aiohttp", "httpx"])
async def door(request):
    door = gateway.Door(transport=request.param)
    yield door
    await door.close()


async def read(door: gateway.Door, url: str, trusted: bool = True, streaming: bool = True, **limits: float) -> bytes:
    """The whole body; an error of the gateway carries what had come before as `.before`."""
    body = b""
    route = gateway.Route(url, SECRET, trusted)
    try:
        async with gateway.send(a_call(streaming), route, gateway.Limits(**limits), door) as answer:
            async for data in answer.reads():
                body += data
    except gateway.GatewayError as error:
        error.before = body
        raise
    return body


async def test_the_key_goes_in_a_header_and_never_in_the_address(door):
    with upstream(chat("hello")) as there:
        await read(door, there.url)

    (request,) = there.requests
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.json["messages"] == [{"role": "user", "content": "hi"}]


async def test_an_address_goes_out_as_it_was_spelled(door):
    call = dataclasses.replace(a_call(), path="/v1/a%2Fb;c:d%3Be", query=(("signed", "x/y+z ä"),))
    with upstream(chat("hello")) as there:
        async with gateway.send(call, gateway.Route(there.url, SECRET, True), gateway.Limits(), door) as answer:
            assert answer.status == 200

    assert there.requests[0].path == "/v1/a%2Fb;c:d%3Be?signed=x%2Fy%2Bz+%C3%A4"


async def test_f01_a_closed_port_is_unreachable(door):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(gateway.GatewayUnreachable) as told:
            await read(door, f"http://127.0.0.1:{closed.getsockname()[1]}")

    assert str(told.value) == "Cannot reach 127.0.0.1."


async def test_f02_a_name_that_does_not_exist_is_told(door):
    with pytest.raises(gateway.GatewayNameNotFound):
        await read(door, "http://nothing.invalid", lookup=3)


async def test_f02_a_silent_name_server_is_told_and_holds_up_no_other_call(door, monkeypatch):
    known, spoken = socket.getaddrinfo, threading.Event()

    def silent(host, *rest, **more):
        return spoken.wait(60) if host == "silent.example" else known(host, *rest, **more)

    # The system's own resolver cannot be pointed elsewhere by one process: it stands still here as it would for a real one.
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with upstream(chat("hello")) as there, pytest.raises(gateway.GatewayNameNotFound) as told:
        waiting = asyncio.create_task(read(door, "http://silent.example", lookup=1))
        assert b"hello" in await read(door, there.url)
        await waiting
    spoken.set()

    assert (told.value.details["limit"], told.value.details["seconds"]) == ("lookup", 1)
    assert str(told.value) == "The name server gave no answer for silent.example within 1 s."


async def test_f04_a_connection_that_hangs_ends_at_its_limit(door):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        with pytest.raises(gateway.GatewayTimedOut) as told:
            await read(door, f"http://127.0.0.1:{full.getsockname()[1]}", connect=0.5, lookup=0.5)
        for filler in fillers:
            filler.close()

    assert (told.value.details["limit"], told.value.details["seconds"]) == ("connect", 0.5)


async def test_f07_silence_ends_a_call_and_keeps_what_came(door):
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(SSE_HEAD + chat_event("a"))
        await asyncio.sleep(30)

    with upstream(script) as there, pytest.raises(gateway.GatewayTimedOut) as told:
        await read(door, there.url, silence=0.4)

    assert (told.value.details["limit"], told.value.before) == ("silence", chat_event("a"))


async def test_no_answer_at_all_ends_at_the_limit_of_the_first_byte(door):
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    with upstream(script) as there, pytest.raises(gateway.GatewayTimedOut) as told:
        await read(door, there.url, first_byte=0.4)

    assert told.value.details["limit"] == "first_byte"


async def test_the_total_time_is_limited_while_data_still_comes(door):
    with upstream(chat(*"abcdefghij" * 20, pause=0.05)) as there, pytest.raises(gateway.GatewayTimedOut) as told:
        await read(door, there.url, total=0.6)

    assert told.value.details["limit"] == "total"


async def test_f08_a_reset_in_mid_chunk_keeps_every_byte_that_came(door):
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"%x\r\n%b" % (1000, chat_event("a")))
        await writer.drain()
        await asyncio.sleep(0.1)
        reset(writer)

    with upstream(script) as there, pytest.raises(gateway.GatewayBroke) as told:
        await read(door, there.url)

    assert told.value.before == chat_event("a")


async def test_f10_compressed_data_that_ends_early_is_told(door):
    packed = gzip.compress(b"x" * 50 + json.dumps(list(range(5000))).encode())
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"

    with upstream(says(head + packed[: len(packed) * 6 // 10])) as there, pytest.raises(gateway.GatewayBroke) as told:
        await read(door, there.url, streaming=False)

    assert told.value.before.startswith(b"x" * 50)


async def test_deflate_is_read_with_its_header_and_without(door):
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: deflate\r\nConnection: close\r\n\r\n"
    )
    headed = zlib.compress(b"hello " * 20)

    for packed in (headed, headed[2:-4]):
        with upstream(says(head + packed)) as there:
            assert await read(door, there.url, streaming=False) == b"hello " * 20


async def test_f14_a_bomb_is_cut_at_the_limit(door):
    packed = gzip.compress(b"\0" * 50_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"

    with upstream(says(head + packed)) as there, pytest.raises(gateway.AnswerTooLarge) as told:
        await read(door, there.url, streaming=False, run_bytes=1_000_000)

    assert len(told.value.before) == 1_000_000


async def test_f17_a_redirect_is_an_answer_and_its_target_is_never_asked(door):
    with upstream(chat("secret")) as target:
        head = b"HTTP/1.1 302 Found\r\nLocation: %b/\r\nContent-Length: 0\r\n\r\n" % target.url.encode()
        with upstream(says(head)) as there:
            assert await read(door, there.url) == b""

    assert target.requests == []


OK = b"HTTP/1.1 200 OK\r\n"
MALFORMED = {
    "two_lengths": OK + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
    "a_length_that_is_no_number": OK + b"Content-Length: five\r\n\r\nhello",
    "a_length_below_nothing": OK + b"Content-Length: -5\r\n\r\nhello",
    "no_http": b"hello, who is there?\r\n\r\n",
    "lines_that_end_in_lf_alone": b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    "one_line_that_ends_in_lf_alone": OK + b"X-Odd: 1\nContent-Length: 5\r\n\r\nhello",
    "an_end_in_lf_alone": OK + b"Content-Length: 5\r\n\nhello",
    "lf_alone_after_a_first_head": b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
}


@pytest.mark.parametrize("pieces", [1, 7])
@pytest.mark.parametrize("case", MALFORMED)
async def test_f19_a_malformed_head_is_a_bad_answer_and_its_connection_is_not_used_again(door, case, pieces):
    """The gateway would keep the connection; only we close it. What comes in pieces is looked at as one."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        said = MALFORMED[case] if there.connections == 1 else OK + b"Content-Length: 4\r\n\r\nwell"
        for at in range(0, len(said), size := -(-len(said) // pieces)):
            writer.write(said[at : at + size])
            await writer.drain()
            await asyncio.sleep(0)
        await asyncio.sleep(60)

    with upstream(script) as there:
        with pytest.raises(gateway.BadAnswer):
            await read(door, there.url)
        assert await asyncio.to_thread(there.left.wait, 20)
        assert await read(door, there.url) == b"well"

    assert there.connections == len(there.requests) == 2


@pytest.mark.parametrize("late", [False, True])
async def test_f19_what_follows_after_the_length_that_was_told_is_no_answer_to_the_next_call(door, late):
    stale, is_read, is_said = OK + b"Content-Length: 5\r\n\r\nstale", threading.Event(), threading.Event()

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Content-Length: 4\r\n\r\nwell" + (stale if there.connections == 1 and not late else b""))
        try:
            if there.connections == 1 and late:
                await asyncio.to_thread(is_read.wait, 20)
                writer.write(stale)
        finally:
            is_said.set()
        await asyncio.sleep(60)

    with upstream(script) as there:
        with contextlib.suppress(gateway.BadAnswer):
            assert await read(door, there.url) == b"well"
        is_read.set()
        await asyncio.to_thread(is_said.wait, 20)
        assert await read(door, there.url) == b"well"

    assert there.connections == len(there.requests) == 2


async def test_f19_another_length_than_told_is_a_bad_answer(door):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9000\r\n\r\n"
    with upstream(says(head + chat_event("a") + CHAT_END)) as there, pytest.raises(gateway.BadAnswer) as told:
        await read(door, there.url)

    assert told.value.before == chat_event("a") + CHAT_END


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "127.1",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "169.254.169.254",
    ],
)
async def test_a_members_gateway_may_not_stand_inside(door, host):
    with upstream(chat("secret")) as there:
        port = there.url.rpartition(":")[2]
        with pytest.raises(gateway.AddressRefused):
            await read(door, f"http://{host}:{port}", trusted=False)

    assert there.requests == []


async def test_an_allowed_network_may_be_called():
    door = gateway.Door(allowed_networks=("127.0.0.0/8",))
    with upstream(chat("hello")) as there:
        body = await read(door, there.url, trusted=False)
    await door.close()

    assert chat_event("hello") in body


async def test_a_call_that_is_left_closes_its_connection(door):
    with upstream(chat(*"abcdefghij", pause=0.2)) as there:
        async with gateway.send(a_call(), gateway.Route(there.url, SECRET, True), gateway.Limits(), door) as answer:
            async for _data in answer.reads():
                break
        left = await asyncio.to_thread(there.left.wait, 3)

    assert left
