"""The two libraries that can carry a call, each mended where it loses bytes or sends twice."""

from collections.abc import AsyncIterator

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream

from playground.gateway.resolving import Resolver


class Handler(ResponseHandler):
    """As the library's, but a reset is a break also where the answer's end is the connection's end."""

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
