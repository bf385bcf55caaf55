"""What gateways do to us, from the first byte to the last: the run says what happened, and nothing that came is lost."""

import asyncio
import json
import struct
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from playground.models import Run
from tests.faults.certificates import Authority, behind_tls
from tests.faults.conftest import counted
from tests.faults.processes import memory, seconds_of_work
from tests.faults.tabs import Tab
from tests.people import OWNER, Person, chat, start, tell, watch_until_end
from tests.ports import free_port
from tests.toxics import toxic
from tests.upstream import CHAT_END, SSE_HEAD, chat_event, says, upstream
from tests.upstream import chat as streams

ANSWER = SSE_HEAD + chat_event("hello") + CHAT_END


def lead(url: str) -> None:
    """Let every key call this address."""
    from accounts.models import Gateway, Key

    Key.objects.update(gateway=Gateway.objects.create(name="Behind TLS", base_url=url, trusted=True))


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """Certificates that this machine believes while the test lasts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_f01_a_run_whose_gateway_refuses_the_connection_fails_costs_nothing_and_may_be_tried_again(owner):
    lead(f"http://127.0.0.1:{free_port()}")

    seen = owner.run("chat-stream", chat())
    row = Run.objects.get(uuid=seen.run)

    assert (seen.state, seen.problem["code"], seen.problem["retry"]) == ("failed", "unreachable", True)
    assert "127.0.0.1" in seen.problem["message"]
    assert (row.state, row.cost, row.input_tokens) == ("failed", None, None)


CERTIFICATES = {
    "expired": ({"days": -1}, "expired"),
    "another_name": ({"host": "gateway.example"}, "not valid for '127.0.0.1'"),
    "an_old_version_of_tls": ({}, "no version of tls that is safe"),
    "signed_by_itself": ({"by_itself": True}, "self-signed"),
}


@pytest.mark.parametrize("case", CERTIFICATES)
def test_f03_a_certificate_that_cannot_be_trusted_ends_the_call_before_a_byte_of_the_key(authority, owner, case):
    given, reason = CERTIFICATES[case]
    certificate = authority.certificate(**given)
    with behind_tls(certificate, ANSWER, oldest=case == "an_old_version_of_tls") as there:
        lead(there.url)
        seen = owner.run("chat-stream", chat())

    assert (seen.state, seen.problem["code"], seen.problem["retry"]) == ("failed", "tls", False)
    assert reason in seen.problem["message"].lower()
    assert there.heard == []


def test_f03_a_good_certificate_is_believed(authority, owner):
    with behind_tls(authority.certificate(), ANSWER) as there:
        lead(there.url)
        seen = owner.run("chat-stream", chat())

    assert (seen.state, seen.text()) == ("succeeded", "hello")
    assert b"Bearer sk-" in there.heard[0]


def test_f05_a_late_first_byte_is_waited_for_longer_than_silence_would_be(owner, gateway, settings):
    settings.CALL_SILENCE_SECONDS = 1.5

    async def script(request, writer):
        await asyncio.sleep(float(request.json["messages"][0]["content"]))
        writer.write(ANSWER)

    gateway(script)
    with owner.socket() as socket:
        names = [start(socket, "chat-stream", chat(seconds)) for seconds in ("0", "2.5", "4")]
        late = watch_until_end(socket, names[-1])
    others = [owner.watch(name) for name in names]

    assert [seen.state for seen in others] == ["succeeded"] * 3
    assert (late.text(), late.frames[0]["at"] >= 3900) == ("hello", True)


def test_f05_a_run_that_waits_for_its_first_byte_can_be_stopped(owner, gateway):
    async def script(request, writer):
        await asyncio.sleep(60)

    there = gateway(script)
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        while not there.requests:
            time.sleep(0.02)
        tell(socket, type="stop", run=name)
        seen = watch_until_end(socket, name)

    assert seen.state == "stopped"
    assert there.left.wait(5)


WAITS = {
    "seconds": ("7", lambda wait: wait == 7000),
    "date": (format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True), lambda wait: 0 < wait <= 3_600_000),
    "garbage": ("soon, perhaps", lambda wait: wait is None),
}


@pytest.mark.parametrize("case", WAITS)
def test_f12_too_many_requests_tells_how_long_to_wait_and_is_not_tried_again_by_itself(owner, gateway, case):
    said, is_right = WAITS[case]
    body = b'{"error":{"message":"slow down","type":"rate_limit_error"}}'
    head = f"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: {said}\r\n"
    there = gateway(says(head.encode() + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body))

    seen = owner.run("chat-stream", chat())
    time.sleep(0.5)

    assert (seen.state, seen.problem["code"], seen.problem["retry"]) == ("failed", "rate_limited", True)
    assert is_right(seen.problem.get("retry_after_ms"))
    assert len(there.requests) == 1


def test_f13_every_try_is_a_run_of_its_own_that_names_the_first(owner, gateway):
    answers = [b"500 Internal Server Error", b"529 Overloaded", b""]

    async def script(request, writer):
        status = answers[len(there.requests) - 1]
        failed = b'HTTP/1.1 %b\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"error":{"message":"no"}}'
        writer.write(failed % status if status else ANSWER)

    there = gateway(script)
    first = owner.run("chat-stream", chat())
    second = owner.run("chat-stream", chat(), retry_of=first.run)
    third = owner.run("chat-stream", chat(), retry_of=second.run)
    rows = {str(run.uuid): run for run in Run.objects.all()}

    assert [seen.state for seen in (first, second, third)] == ["failed", "failed", "succeeded"]
    assert len(there.requests) == 3
    assert [rows[seen.run].retry_of_id for seen in (second, third)] == [rows[first.run].id] * 2


def test_f47_other_models_other_usage_and_unknown_events_do_not_disturb_and_are_kept_raw(owner, gateway):
    events = [
        {"model": "one", "choices": [{"index": 0, "delta": {"content": "a"}}]},
        {"object": "something.new", "payload": [1, {"deep": None}]},
        {"model": "two", "usage": {"prompt_tokens": "many", "surprise": {"x": 1}}, "choices": [{"delta": "text"}]},
        {"model": ["three"], "choices": [{"index": 0, "delta": {"content": "b", "mood": 3}}], "usage": 7},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3}},
    ]
    lines = b"".join(b"event: odd\ndata: " + json.dumps(event).encode() + b"\n\n" for event in events)
    gateway(says(SSE_HEAD + b": ping\n\nid: 7\nretry: 1\n\n" + lines + b"data: [DONE]\n\n"))

    seen = owner.run("chat-stream", chat(), raw=True)

    assert (seen.state, seen.text(), seen.is_whole()) == ("succeeded", "ab", True)
    told = [json.loads(event["data"]) for event in seen.events if event["data"].startswith("{")]
    assert told == events
    assert seen.metrics["input_tokens"] == 3


def test_f20_a_hundred_calls_that_hang_stand_in_nobodys_way(owner, gateway):
    from accounts.models import Gateway, Key

    async def hang(request, writer):
        await asyncio.sleep(60)

    with upstream(streams("hello")) as well, owner.socket() as socket:
        stuck = gateway(hang)
        names = [start(socket, "chat-stream", chat()) for _ in range(100)]
        while len(stuck.requests) < 100:
            time.sleep(0.05)
        Key.objects.update(gateway=Gateway.objects.create(name="Well", base_url=well.url, trusted=True))
        seen = Person(owner.url, OWNER).run("chat-stream", chat())
        pages = [owner.http.get(path).status_code for path in ("/", "/history/", "/keys/")]
        for name in names:
            tell(socket, type="stop", run=name)
        states = {watch_until_end(socket, name).state for name in names[-1:]}

    assert (seen.state, seen.text()) == ("succeeded", "hello")
    assert pages == [200, 200, 200]
    assert states == {"stopped"}


@pytest.fixture
def narrow(settings):
    """Few connections to one host, and little patience to get one."""
    settings.CALL_CONNECTIONS_PER_HOST, settings.CALL_CONNECT_SECONDS, settings.CALL_LOOKUP_SECONDS = 3, 1.5, 1.5


def test_f20_who_is_past_the_limit_of_a_host_is_told_and_calls_to_others_go_out(narrow, owner, gateway):
    async def hang(request, writer):
        await asyncio.sleep(60)

    stuck = gateway(hang)
    with owner.socket() as socket:
        for _ in range(3):
            start(socket, "chat-stream", chat())
        while len(stuck.requests) < 3:
            time.sleep(0.05)
        fourth = owner.run("chat-stream", chat())
        gateway(streams("hello"))
        other = owner.run("chat-stream", chat())

    assert (fourth.state, fourth.problem["code"]) == ("failed", "timeout")
    assert (other.state, other.text()) == ("succeeded", "hello")
    assert len(stuck.requests) == 3


def test_f16_one_byte_a_segment_is_read_at_little_cost(database, data, history, counting):
    there = counting(3, pause=0)
    with toxic(("127.0.0.1", int(there.url.rpartition(":")[2]))) as way:
        way.slice_bytes, way.slice_pause = 1, 0.005
        with database.site(data, GATEWAY_URL=way.url) as server:
            person = server.person()
            before, own = seconds_of_work(server), time.process_time()
            seen = Tab(person, history).join()
            work, own = seconds_of_work(server) - before, time.process_time() - own

    assert (seen.state, seen.text()) == ("succeeded", counted(3))
    # To carry a byte through the proxy of this test is the measure: reading, decoding and keeping it all may cost some more.
    assert work < 10 * own


def _event_of(size: int) -> bytes:
    return SSE_HEAD + chat_event("x" * size) + CHAT_END


def _bomb() -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    zeros, crc, packer = b"0" * 2**20, 0, zlib.compressobj(9, wbits=-15)
    for _ in range(1024):
        crc = zlib.crc32(zeros, crc)
    # What is flushed refers to nothing before it, so that the same bytes may stand there a thousand times.
    member = (packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)) * 1024 + packer.flush()
    return head + b"\x1f\x8b\x08" + bytes(6) + b"\xff" + member + struct.pack("<II", crc, 2**30)


async def _endless(request, writer):
    writer.write(SSE_HEAD)
    event = chat_event("y" * 60_000)
    while True:
        writer.write(event)
        await writer.drain()


def test_f14_what_is_too_large_is_cut_short_and_does_not_fill_the_memory(database, data):
    scripts = {"event": says(_event_of(10 * 2**20)), "bomb": says(_bomb()), "endless": _endless}

    async def script(request, writer):
        await scripts[request.json["messages"][0]["content"]](request, writer)

    with upstream(script) as there, database.site(data, GATEWAY_URL=there.url, CALL_RUN_BYTES="100000000") as server:
        person = server.person()
        before = memory(server)
        seen = {case: person.run("chat-stream", chat(case), seconds=120) for case in scripts}
        grown = memory(server, peak=True) - before

    assert {case: each.state for case, each in seen.items()} == {
        "event": "succeeded",
        "bomb": "cut_short",
        "endless": "cut_short",
    }
    assert len(seen["event"].text()) == 10 * 2**20
    assert seen["endless"].problem["code"] == "over_limit"
    assert seen["endless"].text().startswith("y" * 2**20)
    assert grown < 200 * 2**20
