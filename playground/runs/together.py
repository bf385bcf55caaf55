"""One question to the database for many who ask at the same moment: five hundred sockets that come back cost a few."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")

AT_ONCE = 4  # questions under way; who comes meanwhile is asked for by the next one


class Together(Generic[Key, Answer]):
    """Asks for keys by `ask`, which answers for all of those it knows.

    Nobody is answered by a question that was sent before they came: an answer is never older than its asking.
    """

    def __init__(self, ask: Callable[[list[Key]], Awaitable[Mapping[Key, Answer]]]) -> None:
        self._ask = ask
        self._next: dict[Key, asyncio.Future[Answer | None]] = {}
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, key: Key) -> Answer | None:
        """What there is for this key; raises what the question raised."""
        if key not in self._next:
            self._next[key] = asyncio.get_running_loop().create_future()
        waiting = self._next[key]
        if self._under_way < AT_ONCE:
            self._under_way += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        # Others may wait for the same answer: who leaves does not take it away.
        return await asyncio.shield(waiting)

    async def _work(self) -> None:
        try:
            while self._next:
                await self._ask_next()
        finally:
            self._under_way -= 1

    async def _ask_next(self) -> None:
        asked, self._next = self._next, {}
        try:
            answers = await self._ask(list(asked))
        except Exception as error:  # whoever asked is told
            for waiting in asked.values():
                waiting.set_exception(error)
        else:
            for key, waiting in asked.items():
                waiting.set_result(answers.get(key))
