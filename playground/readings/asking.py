"""Holding the conversation of a reading with a real gateway: few at once at one host, never for long."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from django.conf import settings

from accounts.models import Key
from playground import gateway
from playground.balances import Answered, Ask, Balance, NoBalance, telling
from playground.calls import BadCall, Call
from playground.gateway import GatewayError, Limits, Route, own_address

LARGEST = 2**20
# How long an answer that is the same for every key is believed.
KEPT_SECONDS = 600
# A gateway that says "too often" without saying until when.
HELD_SECONDS = 60.0
LONGEST_HOLD = 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for a key: a balance, or a code and perhaps the gateway's sentence."""

    kind: str = ""
    balance: Balance | None = None
    code: str = ""
    said: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Everything needed to ask for one key, taken from the database before."""

    kind: str
    route: Route
    mask: str
    facts: dict[str, str]


def question_for(key: Key, facts: dict[str, str] | None = None) -> Question:
    """The question for a key; `facts` are those of its last reading."""
    base_url = f"{own_address()}/sandbox" if key.gateway.is_sandbox else key.gateway.base_url
    trusted = key.gateway.trusted or key.gateway.is_sandbox
    return Question(key.gateway.kind, Route(base_url, key.secret.reveal(), trusted), key.mask, facts or {})


class Asker:
    """Asks gateways on one event loop: `BALANCE_ASKS_PER_HOST` at once at one host."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._door = gateway.Door(
            transport=settings.CALL_TRANSPORT, allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS)
        )
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._held: dict[str, float] = {}
        self._kept: dict[tuple[str, str], tuple[float, Answered]] = {}

    async def close(self) -> None:
        await self._door.close()

    async def balance(self, question: Question) -> Outcome:
        """Ask for one key. Never raises for what a gateway does."""
        host = gateway.host_of(question.route.base_url)
        try:
            async with self._hosts.setdefault(host, asyncio.Semaphore(settings.BALANCE_ASKS_PER_HOST)):
                self._refuse_held(host)
                return await self._converse(question)
        except NoBalance as reason:
            if reason.code == "rate_limited":
                self._hold(host, reason.retry_after)
            said = reason.said.replace(question.route.secret, question.mask)
            return Outcome(reason.kind, None, reason.code, said, reason.retry_after)
        except GatewayError as error:
            return Outcome(code=error.code, said=str(error))
        except BadCall:
            return Outcome(code="refused")

    async def _converse(self, question: Question) -> Outcome:
        told = telling(question.kind, question.route.base_url, question.facts)
        try:
            ask = next(told)
            while True:
                ask = told.send(await self._answer(ask, question.route))
        except StopIteration as end:
            return Outcome(end.value.kind, end.value.balance)

    async def _answer(self, ask: Ask, route: Route) -> Answered:
        if not ask.open:
            return await self._asked(ask, route)
        place = (route.base_url, ask.path)
        kept = self._kept.get(place)
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            kept = time.monotonic(), await self._asked(ask, replace(route, secret=""))
            # An answer that failed may do better next time.
            if kept[1].status < 300:
                self._kept[place] = kept
        return kept[1]

    async def _asked(self, ask: Ask, route: Route) -> Answered:
        auth = "none" if ask.open else "bearer"
        call = Call(operation="balance", dialect="whole", auth=auth, method="GET", path=ask.path)
        async with gateway.send(call, route, limits(), self._door) as answer:
            body = b"".join([data async for data in answer.reads()])
        return Answered(answer.status, body, seconds_in(answer.headers.get("retry-after", "")))

    def _hold(self, host: str, seconds: float | None) -> None:
        self._held[host] = time.monotonic() + min(seconds or HELD_SECONDS, LONGEST_HOLD)

    def _refuse_held(self, host: str) -> None:
        wait = self._held.get(host, 0.0) - time.monotonic()
        if wait > 0:
            raise NoBalance("rate_limited", "", wait)


def limits() -> Limits:
    """What one question may take."""
    seconds = settings.BALANCE_ASK_SECONDS
    return Limits(
        lookup=min(5, seconds), connect=min(5, seconds), first_byte=seconds, silence=seconds, total=2 * seconds,
        run_bytes=LARGEST,
    )  # fmt: skip


def seconds_in(retry_after: str) -> float | None:
    """The seconds that a Retry-After header asks to wait, which may be a date."""
    try:
        if retry_after.strip().isdecimal():
            return float(retry_after[:9])
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time()) if retry_after else None
    except (ValueError, OverflowError):
        return None


_shared: Asker | None = None


@contextlib.asynccontextmanager
async def asker() -> AsyncIterator[Asker]:
    """The asker of the server's loop; on any other loop one for this block."""
    if _shared and _shared.loop is asyncio.get_running_loop():
        yield _shared
        return
    own = Asker()
    try:
        yield own
    finally:
        await own.close()


@contextlib.asynccontextmanager
async def shared_asker() -> AsyncIterator[None]:
    """Share one asker on this loop while the block lasts."""
    global _shared
    mine = _shared = Asker()
    try:
        yield
    finally:
        if _shared is mine:
            _shared = None
        await mine.close()
