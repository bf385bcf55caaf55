"""The time that one call may take."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from playground.gateway.errors import GatewayTimedOut
from playground.gateway.limits import Limits


class Clock:
    """Ends a call at the first of its limits. Looking at the time again is cheap: the alarm moves only now and then."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._first, self._silence = limits, True, limits.silence
        self.rang = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._end = loop.time() + self._limits.total
        self._moved = 0.0
        try:
            async with asyncio.timeout_at(min(self._end, loop.time() + self._limits.first_byte)) as self._alarm:
                yield
        finally:
            self.rang = self._alarm.expired()

    def sign_of_life(self) -> None:
        now = self._now()
        if self._first or now - self._moved > self._silence / 20:
            self._first, self._moved = False, now
            self._alarm.reschedule(min(self._end, now + self._silence))

    def ending(self) -> None:
        """The answer has its last mark: what else may come is waited for only shortly, whoever keeps the line open."""
        self._silence = min(self._silence, self._limits.after_end)
        self._moved = 0.0
        self.sign_of_life()

    def hold(self) -> None:
        """Look at the whole of the call alone until there is the next sign of life."""
        self._moved = 0.0
        self._alarm.reschedule(self._end)

    def error(self) -> GatewayTimedOut:
        if self._now() >= self._end:
            return GatewayTimedOut(
                f"The call was ended after {self._limits.total:g} s, the longest a call may take.",
                limit="total",
                seconds=self._limits.total,
            )
        if self._first:
            return GatewayTimedOut(
                f"The gateway gave no answer within {self._limits.first_byte:g} s.",
                limit="first_byte",
                seconds=self._limits.first_byte,
            )
        return GatewayTimedOut(
            f"The gateway sent nothing for {self._silence:g} s.", limit="silence", seconds=self._silence
        )
