"""The scripted upstream, the direct client and the page's client tell the same story."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from bench.arrivals import Arrivals
from bench.direct import DirectStream
from bench.load import Watched
from bench.upstream import STAMP_LENGTH, stamp, stamps_in


@pytest.fixture
def upstream() -> Iterator[int]:
    """The port of a scripted upstream."""
    running = subprocess.Popen([sys.executable, "-m", "bench.upstream"], stdout=subprocess.PIPE, text=True)
    assert running.stdout
    yield int(running.stdout.readline())
    running.kill()
    running.wait()


def test_a_stamp_has_24_characters_and_can_be_read_again():
    moments = [1, 123_456_789_012, 2**62]

    text = "".join(map(stamp, moments))

    assert (len(text), stamps_in(text)) == (3 * STAMP_LENGTH, moments)


def test_arrivals_are_counted_by_the_time_they_were_sent():
    arrivals = Arrivals()
    for sent, arrived in ((10, 15), (20, 30), (30, 31)):
        arrivals.add(sent, arrived)

    assert arrivals.between(10, 30) == [5, 10]


async def test_the_direct_client_reads_every_chunk_the_upstream_sends(upstream):
    arrivals = Arrivals()

    stream = await DirectStream.open(upstream, "bench-500-40", arrivals)
    await asyncio.wait_for(stream.ended, 30)

    assert len(arrivals.sent) == 40
    assert list(arrivals.sent) == sorted(arrivals.sent)
    assert min(arrivals.delays) > 0
    assert arrivals.sent[-1] < time.monotonic_ns()


async def test_a_watched_run_complains_of_a_missing_frame():
    watched = Watched(Arrivals())
    text = {"kind": "text", "text": stamp(5)}

    watched.hear({"type": "frames", "frames": [{"seq": 1, **text}]}, 25, 150)
    watched.hear({"type": "frames", "frames": [{"seq": 3, **text}]}, 45, 150)

    assert (watched.complaint, list(watched.arrivals.delays)) == ("frame 3 came where 2 was due", [20])


async def test_folded_deltas_count_each_on_its_own():
    watched = Watched(Arrivals())

    watched.hear({"type": "frames", "frames": [{"seq": 1, "kind": "text", "text": stamp(5) + stamp(7)}]}, 25, 170)

    assert (list(watched.arrivals.sent), watched.deltas) == ([5, 7], 0)
