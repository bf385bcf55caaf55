"""Frames are folded, numbered and kept until the database has them."""

import asyncio
import json
import random

from playground import frames
from playground.runs.log import LONGEST_FOLDED, REMEMBERED, Log, Mirror, encoded, frames_message
from playground.runs.store import UNPACKED_BYTES, Unpacking, unpacked_reads


def told(log: Log, after: int = 0) -> list[dict]:
    return [json.loads(line) for line in log.after(after) or []]


async def test_the_first_frame_goes_at_once_and_the_next_are_folded() -> None:
    log = Log(1, "u")

    log.add([frames.text("a")], 10)
    for at, piece in enumerate("bcd", 11):
        log.add([frames.text(piece)], at)
    first = told(log)
    await asyncio.sleep(0.05)

    assert first == [{"seq": 1, "at": 10, "kind": "text", "text": "a"}]
    assert told(log, 1) == [{"seq": 2, "at": 11, "kind": "text", "text": "bcd"}]


async def test_only_deltas_of_the_same_kind_and_candidate_are_folded() -> None:
    log = Log(1, "u")
    pieces = [
        frames.reasoning("x"),
        frames.text("a"),
        frames.text("b"),
        frames.text("c", 1),
        frames.tool_call(0, "call_1", "weather", ""),
        frames.tool_call(0, None, None, '{"a'),
        frames.tool_call(0, None, None, '":1}'),
        frames.tool_call(1, None, None, "{}"),
    ]

    log.add(pieces, 5)
    log.give()

    assert told(log) == [
        {"seq": 1, "at": 5, **frames.reasoning("x")},
        {"seq": 2, "at": 5, **frames.text("ab")},
        {"seq": 3, "at": 5, **frames.text("c", 1)},
        {"seq": 4, "at": 5, **frames.tool_call(0, "call_1", "weather", '{"a":1}')},
        {"seq": 5, "at": 5, **frames.tool_call(1, None, None, "{}")},
    ]


async def test_frames_stay_in_memory_until_they_are_stored() -> None:
    log = Log(1, "u")
    for number in range(500):
        log.add([frames.usage(number, 0)], number)
        log.give()
    everything = told(log)

    while batch := log.unsaved(2000):
        assert log.after(0) is None or told(log) == everything
        log.acknowledge(batch)

    assert log.saved == log.last == 500
    assert log.after(0) is None
    assert len(log.lines) <= 3 * REMEMBERED


async def test_a_batch_holds_what_came_and_is_cut_by_size() -> None:
    log = Log(1, "u")
    for number in range(10):
        log.read(number, b"data: %d\n\n" % number)
        log.add([frames.json("x" * 100)], number)
        log.give()

    first = log.unsaved(500)
    log.acknowledge(first)
    rest = log.unsaved(10**6)
    log.acknowledge(rest)

    assert first.first == 1
    assert (rest.first, rest.last) == (first.last + 1, 10)
    assert first.frames.split(b"\n") + rest.frames.split(b"\n") == [encoded(f) for f in told_all(10)]
    packed = [batch.events for batch in (first, rest) if batch.events]
    assert unpacked_reads(packed) == [(n, b"data: %d\n\n" % n) for n in range(10)]
    assert log.unsaved(10**6, ended=True) is None


def told_all(count: int) -> list[dict]:
    return [{"seq": n + 1, "at": n, **frames.json("x" * 100)} for n in range(count)]


async def test_raw_reads_without_a_frame_are_stored_at_the_end() -> None:
    log = Log(1, "u")
    log.add([frames.text("a")], 1)
    log.acknowledge(log.unsaved(1000))
    log.read(2, b": ping\n\n")

    assert log.unsaved(1000) is None
    last = log.unsaved(1000, ended=True)
    assert (last.first, last.last, last.frames) == (2, 2, b"")
    assert unpacked_reads([last.events]) == [(2, b": ping\n\n")]


async def test_rows_that_are_unpacked_in_parts_tell_the_same_reads() -> None:
    log, batches, chance = Log(1, "u"), [], random.Random(36)
    for number, size in enumerate((7, 3 * UNPACKED_BYTES + 1, 1, UNPACKED_BYTES, 70_000)):
        log.read(number, chance.randbytes(size))
        log.add([frames.text(str(number))], number)
        log.give()
        if number % 2:
            batches.append(log.unsaved(10**7))
            log.acknowledge(batches[-1])
    batches.append(log.unsaved(10**7))

    unpacking, whole = Unpacking(), dict.fromkeys(range(5), b"")
    for batch in batches:
        for moment, part in unpacking.parts(batch.events):
            assert len(part) <= UNPACKED_BYTES + 10
            whole[moment] += part

    assert list(whole.items()) == unpacked_reads([batch.events for batch in batches])


async def test_deltas_of_a_burst_are_folded_into_frames_of_bounded_length() -> None:
    log, piece = Log(1, "u"), "word " * 500
    log.add([frames.text("first")], 0)
    for at in range(200):
        log.add([frames.text(piece)], at)
        log.add([frames.tool_call(0, None, None, piece)] if at > 100 else [], at)
    log.give()

    frames_told = told(log)
    assert "".join(frame.get("text", "") for frame in frames_told) == "first" + piece * 200
    assert "".join(frame.get("arguments", "") for frame in frames_told) == piece * 99
    assert max(len(line) for line in log.after(0) or []) < 2 * LONGEST_FOLDED


async def test_later_batches_lean_on_the_first_ones_words() -> None:
    log, batches = Log(1, "u"), []
    for number in range(4):
        log.read(number, b'data: {"choices":[{"delta":{"content":"number %d"}}]}\n\n' % number)
        log.add([frames.text(str(number))], number)
        log.give()
        batch = log.unsaved(10**6)
        batches.append(batch.events)
        log.acknowledge(batch)

    assert [at for at, _ in unpacked_reads(batches)] == [0, 1, 2, 3]
    assert len(batches[1]) < len(batches[0])


def test_a_mirror_takes_overlapping_rows_once_and_refuses_gaps() -> None:
    mirror = Mirror(1, "u", 2)

    mirror.append(1, [b"1", b"2", b"3"])
    mirror.append(3, [b"3", b"4"])
    mirror.append(7, [b"7"])

    assert (mirror.last, mirror.after(2)) == (4, [b"3", b"4"])


def test_a_message_is_limited_and_says_where_it_leads() -> None:
    lines = [b'{"seq":%d}' % n for n in range(1, 11)]

    upto, text = frames_message("u", 0, lines, limit=45)

    assert upto == 5
    assert json.loads(text) == {"type": "frames", "run": "u", "frames": [{"seq": n} for n in range(1, 6)]}


def test_lone_surrogates_and_nul_are_kept_as_escapes() -> None:
    line = encoded(frames.text("a\ud800b\x00"))

    assert json.loads(line)["text"] == "a\ud800b\x00"
    assert line.isascii()


async def test_the_first_text_does_not_wait_behind_the_status() -> None:
    log = Log(1, "u")

    log.add([frames.status(200, {})], 5)
    for at, piece in enumerate("ab", 6):
        log.add([frames.text(piece)], at)

    assert [(frame["seq"], frame["kind"]) for frame in told(log)] == [(1, "status"), (2, "text")]
    assert told(log, 1) == [{"seq": 2, "at": 6, "kind": "text", "text": "a"}]
