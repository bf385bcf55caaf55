"""A run belongs to the site: numbered, kept, watched by anybody of the team, stopped only by Stop."""

import asyncio
import gzip
import json
import random
import time
import uuid

import pytest

from playground.models import Run
from tests.histories import History, faults_in
from tests.people import chat, start, tell, watch_until_end
from tests.upstream import CHAT_END, SSE_HEAD, chat_event, reset, says
from tests.upstream import chat as streams

LETTERS = [f"{number} " for number in range(40)]
ALL = "".join(LETTERS)


def test_an_answer_streams_to_the_person_and_is_kept(owner, gateway):
    gateway(streams(*LETTERS, pause=0.02))

    live = owner.run("chat-stream", chat())
    kept = owner.watch(live.run)

    assert (live.state, live.text(), live.is_whole()) == ("succeeded", ALL, True)
    assert len([frame for frame in live.frames if frame["kind"] == "text"]) > 5
    assert (kept.frames, kept.metrics) == (live.frames, live.metrics)


def test_raw_events_are_kept_with_their_times(owner, gateway):
    gateway(streams("a", "b", pause=0.05))

    live = owner.run("chat-stream", chat(), raw=True)
    again = owner.watch(live.run, raw=True, after_event=1)

    assert [event["n"] for event in live.events] == [1, 2, 3, 4]
    assert [json.loads(event["data"])["choices"][0]["delta"] for event in live.events[:2]] == [
        {"content": "a"},
        {"content": "b"},
    ]
    assert live.events[3]["data"] == "[DONE]"
    # The second is sent 50 ms after the call came in; the first may be read late, but not after it.
    assert live.events[0]["at"] <= live.events[1]["at"] >= 49
    assert again.events == live.events[1:]


def test_the_request_goes_out_byte_for_byte(owner, gateway):
    there = gateway(streams("a"))
    text = '{ "model":"m", "messages" : [], "big":9007199254740993, "n":1.0,"e":1e3, "nothing":null, "stream":true}'

    seen = owner.run("chat-stream", {"body_text": text})

    assert seen.state == "succeeded"
    assert there.requests[0].body == text.encode()


def test_f38_starting_the_same_run_twice_starts_it_once(owner, gateway):
    there = gateway(streams(*LETTERS, pause=0.01))
    name = str(uuid.uuid4())

    with owner.socket() as one, owner.socket() as two:
        for socket in (one, two, one):
            start(socket, "chat-stream", chat(), run=name)
        first, second = watch_until_end(one, name), watch_until_end(two, name)
    third = owner.run("chat-stream", chat("something else"), run=name)

    assert len(there.requests) == 1
    assert first.text() == second.text() == third.text() == ALL


def test_a_closed_socket_stops_nothing(owner, gateway):
    gateway(streams(*LETTERS, pause=0.02))
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        before = watch_until_end(socket, name, until=lambda seen: len(seen.text()) > 5)

    after = owner.watch(name, before.last)

    assert before.text() + after.text() == ALL
    assert after.state == "succeeded"


def test_f34_a_teammate_sees_the_same_run_from_its_beginning(owner, member, gateway):
    gateway(streams(*LETTERS, pause=0.02))
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        part = watch_until_end(socket, name, until=lambda seen: len(seen.text()) > 20)
        theirs = member.watch(name)
        rest = watch_until_end(socket, name)

    assert part.frames + rest.frames == theirs.frames
    assert theirs.text() == ALL


def test_f34_a_stop_in_one_tab_stops_the_run_in_all_of_them(owner, member, gateway):
    there = gateway(streams(*LETTERS * 100, pause=0.02))
    with owner.socket() as one, owner.socket() as two, member.socket() as theirs:
        name = start(one, "chat-stream", chat())
        watch_until_end(one, name, until=lambda seen: len(seen.text()) > 5)
        for socket in (two, theirs):
            tell(socket, type="watch", run=name)
        watch_until_end(theirs, name, until=lambda seen: len(seen.text()) > 5)
        tell(two, type="stop", run=name)
        states = [watch_until_end(socket, name).state for socket in (one, two, theirs)]

    assert states == ["stopped"] * 3
    assert len({owner.watch(name).text(), member.watch(name).text()}) == 1
    assert there.left.wait(20)


def test_a_foreign_run_is_answered_as_a_missing_one(owner, stranger, gateway):
    gateway(streams("secret"))
    live = owner.run("chat-stream", chat())

    foreign, missing = stranger.watch(live.run), stranger.watch(str(uuid.uuid4()))
    with stranger.socket() as socket:
        tell(socket, type="stop", run=live.run)
        stopped = watch_until_end(socket, live.run)
        start(socket, "chat-stream", chat(), run=live.run)
        started = watch_until_end(socket, live.run)

    answers = [
        {name: seen.error[name] for name in ("code", "message")} for seen in (foreign, missing, stopped, started)
    ]
    assert answers == [answers[0]] * 4
    assert answers[0]["code"] == "not_found"


def test_stop_ends_a_run_and_closes_the_gateways_connection(owner, gateway):
    there = gateway(streams(*LETTERS * 10, pause=0.02))

    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        part = watch_until_end(socket, name, until=lambda seen: len(seen.text()) > 5)
        tell(socket, type="stop", run=name)
        rest = watch_until_end(socket, name)

    assert there.left.wait(2)
    assert rest.state == "stopped"
    assert owner.watch(name).frames == part.frames + rest.frames


def test_a_member_may_not_stop_the_owners_run_and_an_owner_may_stop_a_members(owner, member, gateway):
    gateway(streams(*LETTERS * 10, pause=0.02))
    with owner.socket() as ours, member.socket() as theirs:
        mine = start(ours, "chat-stream", chat())
        assert json.loads(ours.recv(timeout=20))["type"] == "run"
        yours = start(theirs, "chat-stream", chat())
        tell(theirs, type="stop", run=mine)
        refused = watch_until_end(theirs, mine)
        tell(ours, type="stop", run=yours)
        stopped = watch_until_end(theirs, yours)
        tell(ours, type="stop", run=mine)
        watch_until_end(ours, mine)

    assert refused.error["code"] == "forbidden"
    assert stopped.state == "stopped"


def test_a_position_beyond_the_last_frame_is_refused(owner, gateway):
    gateway(streams("a"))
    live = owner.run("chat-stream", chat())

    assert owner.watch(live.run, after=live.last).state == "succeeded"
    assert owner.watch(live.run, after=live.last + 1).error["code"] == "bad_position"


def test_one_socket_watches_many_runs_at_once(owner, gateway):
    gateway(streams(*LETTERS, pause=0.01))
    with owner.socket() as socket:
        names = [start(socket, "chat-stream", chat(str(number))) for number in range(10)]
        texts, ended = dict.fromkeys(names, ""), set()
        while len(ended) < 10:
            message = json.loads(socket.recv(timeout=20))
            if message["type"] == "frames":
                texts[message["run"]] += "".join(frame.get("text", "") for frame in message["frames"])
            if message["type"] == "end":
                ended.add(message["run"])

    assert set(texts.values()) == {ALL}


def test_f31_runs_cut_at_random_lose_nothing(owner, member, gateway):
    history, chance = History(), random.Random(7)

    async def script(request, writer):
        run = request.json["user"]
        history.asked(run)
        await streams(*LETTERS, pause=0.01)(request, writer)
        history.sent(run, ALL)

    gateway(script)
    for _ in range(6):
        name = str(uuid.uuid4())
        last = _watched_in_pieces(owner, member, name, chance, history)
        history.saw("another tab", owner.watch(name))
        history.stored(member.watch(name))

        assert last.state == "succeeded"

    assert faults_in(history) == []


def _watched_in_pieces(owner, member, name, chance, history):
    """Start a run, leave after some frames, come back on another socket, four times."""
    with owner.socket() as socket:
        start(socket, "chat-stream", chat(user=name), run=name)
        seen = watch_until_end(socket, name, until=lambda seen: len(seen.frames) >= chance.randint(1, 8))
        history.saw("tab", seen)
    for cut in range(4):
        with chance.choice((owner, member)).socket() as socket:
            tell(socket, type="watch", run=name, after=seen.last)
            more = watch_until_end(
                socket, name, until=lambda seen, cut=cut: cut < 3 and len(seen.frames) >= chance.randint(1, 8)
            )
            history.saw("tab", more)
            seen = more if more.frames else seen
    return more


def test_f06_a_pause_in_mid_stream_loses_nothing(owner, gateway):
    gateway(streams("before ", "after", pause=1.5))

    seen = owner.run("chat-stream", chat())

    assert (seen.state, seen.text()) == ("succeeded", "before after")
    assert seen.frames[-1]["at"] - seen.frames[1]["at"] > 1400


def test_f36_a_burst_reaches_a_watcher_that_pauses(owner, gateway):
    pieces = [f"{number:04} " * 4 for number in range(10_000)]

    async def burst(request, writer):
        writer.write(SSE_HEAD)
        for at in range(0, len(pieces), 100):
            writer.write(b"".join(map(chat_event, pieces[at : at + 100])))
            await writer.drain()
        writer.write(CHAT_END)
        await writer.drain()

    gateway(burst)
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        first = watch_until_end(socket, name, until=lambda seen: seen.text() != "")
        time.sleep(2)
        rest = watch_until_end(socket, name)

    assert first.text() + rest.text() == "".join(pieces)
    assert (first.frames + rest.frames)[-1]["seq"] == len(first.frames + rest.frames)


async def _resets(request, writer):
    writer.write(SSE_HEAD + chat_event("before"))
    await writer.drain()
    await asyncio.sleep(0.1)
    reset(writer)


async def _silence(request, writer):
    writer.write(SSE_HEAD + chat_event("before"))
    await asyncio.sleep(30)


async def _never_hangs_up(request, writer):
    writer.write(SSE_HEAD + chat_event("before") + CHAT_END)
    await asyncio.sleep(600)


def _gzip_of(text):
    packed = gzip.compress(chat_event(text) + random.Random(10).randbytes(5000).hex().encode())
    return SSE_HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n" + packed[: len(packed) * 6 // 10]


REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
HTML = b"HTTP/1.1 %b\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><script>alert(1)</script></html>"
LONG_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9000\r\n\r\n"
ENDS = {
    "test_f08_reset": (_resets, "failed", "before", "broken"),
    "test_f07_silence": (_silence, "failed", "before", "timeout"),
    "test_f09_clean_end_without_mark": (streams("before", end=b""), "cut_short", "before", "cut_short"),
    "test_f09_end_mark_without_done": (streams("before", end=chat_event(finish_reason="stop")), "succeeded", "before", None),
    "test_f09_end_mark_and_the_line_stays_open": (_never_hangs_up, "succeeded", "before", None),
    "test_f10_half_a_gzip": (says(_gzip_of("before")), "failed", "before", "broken"),
    "test_f11_bad_gateway": (says(HTML % b"502 Bad Gateway"), "failed", "", "html"),
    "test_f11_login_page": (says(HTML % b"200 OK"), "failed", "", "html"),
    "test_f15_broken_events": (streams("before", end=b"data: {nonsense\n\n" + CHAT_END), "succeeded", "before", None),
    "test_f15_nul_and_surrogates": (streams("\x00\ud800", end=CHAT_END), "succeeded", "\x00\ud800", None),
    "test_f17_redirect": (says(REDIRECT), "failed", "", "redirect"),
    "test_f19_another_length": (says(LONG_HEAD + chat_event("before") + CHAT_END), "failed", "before", "bad_answer"),
    "test_error_in_the_stream": (streams("before", end=b'data: {"error":{"message":"no more"}}\n\n'), "failed", "before", "error_event"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDS)
def test_every_end_has_its_state_and_keeps_the_text(owner, gateway, settings, case):
    script, state, text, problem = ENDS[case]
    if case == "test_f07_silence":  # a busy machine may be silent for that long while it speaks
        settings.CALL_SILENCE_SECONDS = 0.5
    settings.CALL_AFTER_END_SECONDS = 0.2
    gateway(script)

    seen = owner.run("chat-stream", chat())
    row = Run.objects.get(uuid=seen.run)

    assert (seen.state, seen.text(), seen.problem.get("code")) == (state, text, problem)
    assert (row.state, row.problem) == (state, problem or "")
    assert owner.watch(seen.run).frames == seen.frames


def test_f15_unreadable_events_are_counted(owner, gateway):
    gateway(streams("a", end=b"data: {nonsense\n\ndata: {again\n\n" + CHAT_END))

    assert owner.run("chat-stream", chat()).metrics["unreadable"] == 2


def test_the_rows_list_what_was_measured(owner, gateway):
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    gateway(streams("a", "b", pause=0.05, end=chat_event(finish_reason="stop", usage=None)[:-2] + b"\n\n" + b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\ndata: [DONE]\n\n"))  # fmt: skip

    seen = owner.run("chat-stream", chat("What is the weather like?"))
    row = Run.objects.get(uuid=seen.run)

    assert (row.summary, row.model, row.status, row.last_seq) == (
        "What is the weather like?",
        "gpt-4o-mini:fast",
        200,
        seen.last,
    )
    assert (row.input_tokens, row.output_tokens) == (9, 2)
    assert row.first_byte_ms <= row.first_frame_ms <= row.first_text_ms <= row.total_ms
    assert row.key_name and row.key_mask
