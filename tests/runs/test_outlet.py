"""A watch leaves a socket that does not read, or that may not be there any longer."""

import asyncio

from playground.consumers.outlet import Outlet


async def send_at_once(message):
    """A socket that reads."""


async def send_never(message):
    """A socket that has stopped reading."""
    await asyncio.Event().wait()


async def test_f36_a_socket_that_does_not_read_is_left(settings):
    settings.SOCKET_SEND_SECONDS = 0.1
    outlet = Outlet(send_never)

    sending = asyncio.create_task(outlet.send("{}"))

    assert await asyncio.wait_for(outlet.reason_to_leave(asyncio.Event()), 20) == 1013
    sending.cancel()


async def test_a_socket_that_reads_is_left_only_when_its_right_is_taken_away(settings):
    settings.SOCKET_SEND_SECONDS = 0.1
    outlet, taken_away = Outlet(send_at_once), asyncio.Event()
    leaving = asyncio.create_task(outlet.reason_to_leave(taken_away))

    for _ in range(5):
        await outlet.send("{}")
        await asyncio.sleep(0.1)
    stayed = not leaving.done()
    taken_away.set()

    assert (stayed, await asyncio.wait_for(leaving, 20)) == (True, 4403)
