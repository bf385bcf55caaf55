"""Sending one call: its answer is open while the block lasts, nothing is tried twice."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator

import aiohttp
import httpx

from playground.calls import Call, with_key
from playground.gateway.clock import Clock
from playground.gateway.door import Door
from playground.gateway.errors import AddressRefused, AnswerTooLarge, explained
from playground.gateway.limits import Limits, Route
from playground.gateway.unpacking import unpacker


class Answer:
    """An open answer: status and headers are here, the body comes by `reads()`."""

    def __init__(self, response: httpx.Response, limits: Limits, clock: Clock) -> None:
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.content_type = self.headers.get("content-type", "")
        self._response, self._limits, self._clock = response, limits, clock

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """While we do not read, the gateway's silence is none of its own."""
        self._clock.hold()
        try:
            yield
        finally:
            self._clock.sign_of_life()

    def ending(self) -> None:
        """Its last mark was read: wait only shortly for what else may come."""
        self._clock.ending()

    async def reads(self) -> AsyncIterator[bytes]:
        """The body as it arrives, content encoding undone, never more than `run_bytes`. Raises GatewayError."""
        unpack = unpacker(self.headers.get("content-encoding", ""))
        left = self._limits.run_bytes
        # The transport's own stream: httpx's iterators around it cost a tenth of reading a chunk and add nothing here.
        async for raw in self._response.extensions.get("body", self._response.stream):
            self._clock.sign_of_life()
            for data in unpack.feed(raw):
                if len(data) > left:
                    yield data[:left]
                    most = self._limits.run_bytes
                    raise AnswerTooLarge(_said_size("The answer", most), limit="run_bytes", limit_bytes=most)
                left -= len(data)
                yield data
        unpack.finish()


@contextlib.asynccontextmanager
async def send(call: Call, route: Route, limits: Limits, door: Door) -> AsyncIterator[Answer]:
    """Send one call and give its answer while the block lasts. Raises GatewayError; nothing is tried twice."""
    url = _address(call, route)
    headers = [*with_key(call, route.secret), ("Accept-Encoding", "identity" if call.streaming else "gzip, deflate")]
    clock = Clock(limits)
    try:
        async with clock.running():
            client = await door.client_for(url, route.trusted, limits)
            request = client.build_request(call.method, url, headers=headers, content=call.body or None)
            request.extensions["timeout"] = {
                "connect": limits.connect,
                "read": None,
                "write": limits.silence,
                "pool": limits.connect + limits.lookup,
            }
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                clock.sign_of_life()
                yield Answer(response, limits, clock)
            finally:
                with contextlib.suppress(Exception):
                    await response.aclose()
    except TimeoutError as error:
        if not clock.rang:
            raise
        raise clock.error() from error
    except (httpx.HTTPError, aiohttp.ClientError, ssl.SSLError, OSError) as error:
        raise explained(error, url.host, limits.connect) from error


def _address(call: Call, route: Route) -> httpx.URL:
    try:
        # With params=() httpx would drop a query that the path carries (`?alt=sse`).
        url = httpx.URL(route.base_url.rstrip("/") + call.path, **({"params": call.query} if call.query else {}))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("The gateway's address is none that can be called.") from error
    if url.userinfo:
        raise AddressRefused("The gateway's address must hold no user or password.")
    return url


def _said_size(what: str, size: int) -> str:
    return f"{what} is larger than {size / 2**20:g} MiB, the most that is kept; what came before is here."
