"""The two libraries that can carry a call, each mended where it loses bytes, sends twice or believes too much."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpcore
import httpx
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.streams import StreamReader
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream

from playground.gateway.resolving import Resolver

LONE_LF = "a line of the head does not end in CR LF"


class Head:
    """Looks at the head of one answer as it passes: both parsers would take lines that end in LF alone."""

    def __init__(self) -> None:
        self._seen, self._is_over = b"", False

    def is_broken_by(self, data: bytes) -> bool:
        """Whether a line of the head, with these bytes of it, ends in another way than lines of a head do."""
        if self._is_over:
            return False
        head, end, rest = (self._seen + data).partition(b"\r\n\r\n")
        if head.count(b"\n") != head.count(b"\r\n"):
            return True
        if end and head.startswith(b"HTTP/1.1 1"):  # only announces another head
            self._seen = b""
            return self.is_broken_by(rest)
        self._seen, self._is_over = (b"", True) if end else (head, False)
        return False


class Handler(ResponseHandler):
    """As the library's, but strict about heads, and deaf to what nobody asked for.

    A reset is a break also where the answer's end is the connection's end.
    """

    _head = Head()
    _answer: StreamReader | None = None

    def set_response_params(self, **given: Any) -> None:
        """The connection is used, perhaps again."""
        self._head, self._answer = Head(), None
        super().set_response_params(**given)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """A head was read."""
        if data[0].code >= 200:
            self._answer = data[1]
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Read on. What follows the end of an answer ends the connection: the next call would take it for its own."""
        is_late = data and self._answer is not None and self._answer.is_eof()
        if is_late or (self._parser is not None and self._head.is_broken_by(data)):
            self.set_exception(BadHttpMessage("the answer had ended" if is_late else LONE_LF))
            if self.transport is not None:
                self.transport.close()
        else:
            super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        if isinstance(exc, OSError) and self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(aiohttp.ClientOSError(exc.errno, "the connection was reset"))
        super().connection_lost(exc)


class WholeTransport(AiohttpTransport):
    """As the library's, but what had arrived before a connection broke is given out first."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if isinstance(response.stream, AiohttpResponseStream):
            response.stream = response.extensions["body"] = _WholeStream(response.stream._aiohttp_response)
        return response


class _WholeStream(AiohttpResponseStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self._aiohttp_response.content
        try:
            while data := await content.readany():
                yield data
        except (aiohttp.ClientError, OSError):
            if rest := content._read_nowait(-1):
                yield rest
            raise

    async def aclose(self) -> None:
        # An answer that was not read to its end must not return to the pool.
        self._aiohttp_response.close()


class ResolvingTransport(httpx.AsyncBaseTransport):
    """Plain httpx that connects to a checked address; name, Host and SNI stay."""

    def __init__(self, resolver: Resolver, inner: httpx.AsyncHTTPTransport) -> None:
        self._resolver, self._inner = resolver, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        place = (await self._resolver.resolve(host, request.url.port or 0))[0]["host"]
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=place)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class StrictBackend(httpcore.AsyncNetworkBackend):
    """The network as httpcore knows it, but heads are strict."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *place: Any, **given: Any) -> httpcore.AsyncNetworkStream:
        return _StrictStream(await self._inner.connect_tcp(*place, **given))

    async def connect_unix_socket(self, *place: Any, **given: Any) -> httpcore.AsyncNetworkStream:
        return _StrictStream(await self._inner.connect_unix_socket(*place, **given))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _StrictStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner, self._head = inner, Head()

    async def read(self, *given: Any, **more: Any) -> bytes:
        data = await self._inner.read(*given, **more)
        if self._head.is_broken_by(data):
            raise httpcore.RemoteProtocolError(LONE_LF)
        return data

    async def write(self, *given: Any, **more: Any) -> None:
        self._head = Head()  # nothing is read while a request goes out: what comes next begins with a head
        await self._inner.write(*given, **more)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *given: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        return _StrictStream(await self._inner.start_tls(*given, **more))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
