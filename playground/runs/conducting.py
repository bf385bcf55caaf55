"""Work that waits in the database: in every server process one looks after it, now and then and when it is woken."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class Conductor:
    """Does `work` while the server is up; the event that `work` is given tells that there is something new."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._woken: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def wake(self) -> None:
        """Something waits: look at once. May be called from any thread; without a conductor here another one looks."""
        if self._woken:
            loop, event = self._woken
            with contextlib.suppress(RuntimeError):  # the loop is just closing
                loop.call_soon_threadsafe(event.set)

    @contextlib.asynccontextmanager
    async def conducting(self) -> AsyncIterator[None]:
        """Work in this process while the block lasts."""
        event = asyncio.Event()
        self._woken = (asyncio.get_running_loop(), event)
        work = asyncio.create_task(self._work(event))
        try:
            yield
        finally:
            self._woken = None
            work.cancel()
            await asyncio.wait([work], timeout=5)
