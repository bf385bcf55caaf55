"""Two thousand idle sockets, all of them up and answering."""

import asyncio
import uuid
from typing import Any

from bench.figures import quantile
from bench.site import Site
from bench.sockets import RunsSocket, SocketClosed

COUNT = 2000
IDLE_SECONDS = 5
ANSWER_SECONDS = 20


async def sockets(site: Site) -> dict[str, Any]:
    """Each is asked for a run that does not exist and has to say so."""
    opened: list[RunsSocket] = []
    refused = 0
    for _ in range(COUNT):
        try:
            opened.append(await site.visitor().socket())
        except (SocketClosed, OSError, TimeoutError):
            refused += 1
    await asyncio.sleep(IDLE_SECONDS)
    loop = asyncio.get_running_loop()
    began = loop.time()
    answers = await asyncio.gather(*(_ask(socket) for socket in opened))
    for socket in opened:
        socket.close()
    up = [answer - began for answer in answers if answer is not None]
    return {"up": len(up), "refused": refused, "answered_p99_ms": quantile(up, 0.99) * 1000 if up else None}


async def _ask(socket: RunsSocket) -> float | None:
    answered = asyncio.Event()
    socket.hear = lambda message, at, size: answered.set()
    socket.say(type="watch", run=str(uuid.uuid4()), after=0)
    try:
        await asyncio.wait_for(answered.wait(), ANSWER_SECONDS)
    except TimeoutError:
        return None
    return asyncio.get_running_loop().time()
