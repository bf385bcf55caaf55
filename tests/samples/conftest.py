"""The server that samples and site send to, and what the site sent."""

import asyncio
from collections.abc import Iterator

import pytest

from playground import gateway
from tests.samples.capture import Capture, Captured, capturing
from tests.samples.cases import CASES
from tests.samples.programs import KEY


@pytest.fixture(scope="module")
def capture() -> Iterator[Capture]:
    with capturing() as kept:
        yield kept


@pytest.fixture(scope="module")
def sent_by_the_site(capture: Capture) -> dict[str, Captured]:
    """Every case, sent by the site's own gateway."""
    for case in CASES:
        capture.first_was_seen(f"site/{case}").set()
    asyncio.run(_send_all(capture.url))
    return {case: capture.only(f"site/{case}") for case in CASES}


async def _send_all(url: str) -> None:
    door = gateway.Door()
    for case, call in CASES.items():
        route = gateway.Route(f"{url}/site/{case}", KEY, trusted=True)
        async with gateway.send(call, route, gateway.Limits(), door) as answer:
            _ = [data async for data in answer.reads()]
    await door.close()
