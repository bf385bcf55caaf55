"""The only file that opens a connection to the outside: addresses checked, times and sizes limited, nothing followed.

    async with gateway.send(call, route, limits) as answer:
        async for data in answer.reads(): ...

Upstream is read by httpx with an aiohttp transport (less than half the cost a chunk); `CALL_TRANSPORT=httpx` is plain httpx.
"""

import asyncio
import contextlib
import functools
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import aiohttp.abc
import httpx
import yarl
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import ContentLengthError
from django.conf import settings
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream

from playground import addresses
from playground.calls import Call, with_key
from playground.frames import Frame, problem


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one call may take; each is a setting."""

    lookup: float = 5
    connect: float = 10
    first_byte: float = 300
    silence: float = 120
    total: float = 3600
    event_bytes: int = 32 * 2**20
    run_bytes: int = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Route:
    """Where a call goes: a gateway's root and the key's secret. A trusted gateway may stand anywhere."""

    base_url: str
    secret: str
    trusted: bool

    def __repr__(self) -> str:
        return f"Route({self.base_url!r})"


class GatewayError(Exception):
    """Something between us and the gateway failed; `frame()` tells people what, whose fault, what to do."""

    code = "broken"
    fault = "gateway"
    retry = True
    remedies: tuple[str, ...] = ("retry", "check_gateway")

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    def frame(self) -> Frame:
        remedies = [{"action": action} for action in self.remedies]
        return problem(self.code, self.fault, str(self), self.retry, None, remedies, **self.details)


class GatewayUnreachable(GatewayError):
    """No connection: refused, no route, closed before a byte."""

    code = "unreachable"


class GatewayNameNotFound(GatewayError):
    """The host's name does not resolve, or the name server is silent."""

    code = "name_not_found"
    remedies = ("check_gateway",)


class GatewayNotTrusted(GatewayError):
    """The certificate or the TLS version cannot be trusted; not a byte of the key was sent."""

    code = "tls"
    retry = False
    remedies = ("check_gateway",)


class AddressRefused(GatewayError):
    """The address is inside our own network and nobody allowed it."""

    code = "address_refused"
    fault = "person"
    retry = False
    remedies = ("check_gateway",)


class GatewayTimedOut(GatewayError):
    """A limit of time was reached; `limit` names it."""

    code = "timeout"


class GatewayBroke(GatewayError):
    """The connection broke in the middle of an answer, or the answer was no HTTP."""

    code = "broken"


class BadAnswer(GatewayError):
    """The answer contradicts itself: no HTTP, or another length than it told. An end mark in it proves nothing."""

    code = "bad_answer"


class AnswerTooLarge(GatewayError):
    """A limit of size was reached; what had come is kept. The run is cut short."""

    code = "over_limit"
    fault = "us"
    retry = False
    remedies = ()


class Answer:
    """An open answer: status and headers are here, the body comes by `reads()`."""

    def __init__(self, response: httpx.Response, limits: Limits, clock: "_Clock") -> None:
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.content_type = self.headers.get("content-type", "")
        self._response, self._limits, self._clock = response, limits, clock

    async def reads(self) -> AsyncIterator[bytes]:
        """The body as it arrives, content encoding undone, never more than `run_bytes`. Raises GatewayError."""
        unpack = _unpacker(self.headers.get("content-encoding", ""))
        left = self._limits.run_bytes
        # The transport's own stream: httpx's iterators around it cost a tenth of reading a chunk and add nothing here.
        async for raw in self._response.extensions.get("body", self._response.stream):
            self._clock.sign_of_life()
            for data in unpack.feed(raw):
                if len(data) > left:
                    yield data[:left]
                    raise AnswerTooLarge(_said_size("The answer", self._limits.run_bytes), limit="run_bytes")
                left -= len(data)
                yield data
        unpack.finish()


@contextlib.asynccontextmanager
async def send(call: Call, route: Route, limits: Limits, door: "Door") -> AsyncIterator[Answer]:
    """Send one call and give its answer while the block lasts. Raises GatewayError; nothing is tried twice."""
    # With params=() httpx would drop a query that the path carries (`?alt=sse`).
    url = httpx.URL(route.base_url.rstrip("/") + call.path, **({"params": call.query} if call.query else {}))
    headers = [*with_key(call, route.secret), ("Accept-Encoding", "identity" if call.streaming else "gzip, deflate")]
    clock = _Clock(limits)
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
        raise explained(error, url.host) from error


class _Clock:
    """Ends a call at the first of its limits. Looking at the time again is cheap: the alarm moves only now and then."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._first = limits, True
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
        if self._first or now - self._moved > self._limits.silence / 20:
            self._first, self._moved = False, now
            self._alarm.reschedule(min(self._end, now + self._limits.silence))

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
            f"The gateway sent nothing for {self._limits.silence:g} s.", limit="silence", seconds=self._limits.silence
        )


class Door:
    """The clients of one process: a trusted one and a checked one, with no connection or name shared between them."""

    def __init__(
        self,
        *,
        transport: str = "aiohttp",
        connections: int = 1000,
        per_host: int = 500,
        allowed_networks: tuple[str, ...] = (),
    ) -> None:
        self._transport, self._connections, self._per_host = transport, connections, per_host
        self._allowed_networks = allowed_networks
        self._clients: dict[tuple[bool, float], httpx.AsyncClient] = {}

    async def client_for(self, url: httpx.URL, trusted: bool, limits: Limits) -> httpx.AsyncClient:
        """The client that may call `url`. Raises AddressRefused for a literal address inside."""
        if url.scheme not in ("http", "https") or not url.host:
            raise AddressRefused("The gateway's base URL must begin with http:// or https:// and name a host.")
        if not trusted:
            _check_literal(url.host, self._allowed_networks)
        if (trusted, limits.lookup) not in self._clients:
            self._clients[trusted, limits.lookup] = self._make(trusted, limits.lookup)
        return self._clients[trusted, limits.lookup]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _make(self, trusted: bool, lookup: float) -> httpx.AsyncClient:
        resolver = _Resolver(lookup, None if trusted else self._allowed_networks)
        if self._transport == "httpx":
            limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=50)
            transport: httpx.AsyncBaseTransport = _ResolvingTransport(
                resolver, httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
            )
        else:
            transport = _AiohttpTransport(client=lambda: self._session(resolver))
        return httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113  each request has its own

    def _session(self, resolver: "_Resolver") -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=self._per_host,
            resolver=resolver,
            use_dns_cache=False,
            ssl=ssl.create_default_context(),
        )
        connector._factory = functools.partial(_Handler, loop=asyncio.get_running_loop())  # type: ignore[assignment]
        session = aiohttp.ClientSession(
            connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        # aiohttp would send a GET again when a kept connection turns out closed; a run is one exchange.
        session._retry_connection = False
        # The address goes out as it was spelled: `%2F` in a signed one must not become a slash.
        session._build_url = functools.partial(yarl.URL, encoded=True)  # type: ignore[method-assign]
        return session


def _check_literal(host: str, allowed_networks: tuple[str, ...]) -> None:
    """A literal address is never looked up, so it is checked before. Odd spellings (0x7f.1, 127.1) count as literals."""
    try:
        literal = str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        try:
            literal = socket.inet_ntoa(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return
    if not addresses.is_outside(literal, allowed_networks):
        raise AddressRefused(f"{host} is an address inside this server's network; it may not be called.", host=host)


class _Resolver(aiohttp.abc.AbstractResolver):
    """Names become addresses in a thread, within a limit; addresses inside are left out unless `allowed` is None."""

    def __init__(self, seconds: float, allowed: tuple[str, ...] | None) -> None:
        self._seconds, self._allowed = seconds, allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        try:
            async with asyncio.timeout(self._seconds):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        except TimeoutError:
            raise GatewayNameNotFound(
                f"The name server gave no answer for {host} within {self._seconds:g} s.", host=host, limit="lookup"
            ) from None
        except (OSError, UnicodeError):
            raise GatewayNameNotFound(f"The name {host} was not found.", host=host) from None
        places = [(kind, place[0]) for kind, _, _, _, place in found]
        if self._allowed is not None:
            places = [(kind, ip) for kind, ip in places if addresses.is_outside(str(ip), self._allowed)]
        if not places:
            raise AddressRefused(
                f"{host} leads to an address inside this server's network; it may not be called.", host=host
            )
        return [
            {
                "hostname": host,
                "host": str(ip),
                "port": port,
                "family": kind,
                "proto": socket.IPPROTO_TCP,
                "flags": socket.AI_NUMERICHOST,
            }
            for kind, ip in places
        ]

    async def close(self) -> None:
        """Nothing is held."""


class _Handler(ResponseHandler):
    """As the library's, but a reset is a break also where the answer's end is the connection's end."""

    def connection_lost(self, exc: BaseException | None) -> None:
        if isinstance(exc, OSError) and self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(aiohttp.ClientOSError(exc.errno, "the connection was reset"))
        super().connection_lost(exc)


class _AiohttpTransport(AiohttpTransport):
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


class _ResolvingTransport(httpx.AsyncBaseTransport):
    """Plain httpx that connects to a checked address; name, Host and SNI stay."""

    def __init__(self, resolver: _Resolver, inner: httpx.AsyncHTTPTransport) -> None:
        self._resolver, self._inner = resolver, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        place = (await self._resolver.resolve(host, request.url.port or 0))[0]["host"]
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=place)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Plain:
    """A body without content encoding."""

    def feed(self, raw: bytes) -> list[bytes]:
        return [raw]

    def finish(self) -> None:
        """Nothing is pending."""


class _Unzip:
    """gzip and deflate in small pieces, so that no bomb goes off. Raises GatewayBroke for a damaged or short body."""

    PIECE = 256 * 2**10

    def __init__(self, wbits: int) -> None:
        self._unzip, self._fed = zlib.decompressobj(wbits), False

    def feed(self, raw: bytes) -> Any:
        self._fed = True
        try:
            while raw:
                if data := self._unzip.decompress(raw, self.PIECE):
                    yield data
                raw = self._unzip.unconsumed_tail
        except zlib.error as error:
            raise GatewayBroke("The answer's compressed data is damaged.") from error

    def finish(self) -> None:
        if self._fed and not self._unzip.eof:
            raise GatewayBroke("The answer's compressed data ended too early.")


def _unpacker(encoding: str) -> "_Plain | _Unzip":
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Unzip(31)
        case "deflate":
            return _Unzip(15)
        case other:
            raise GatewayBroke(f"The gateway used a content encoding that was not asked for: {other[:40]}.")


def explained(error: BaseException, host: str) -> GatewayError:
    """The error in our words, whichever library raised it."""
    for cause in _causes(error):
        if isinstance(cause, GatewayError):
            return cause
        if isinstance(cause, ssl.SSLError | aiohttp.ClientSSLError):
            return GatewayNotTrusted(f"The certificate of {host} cannot be trusted: {_tls_reason(cause)}.", host=host)
    for cause in _causes(error):
        if isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout | aiohttp.ServerTimeoutError) and not isinstance(
            cause.__cause__, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError
        ):
            return GatewayTimedOut(f"{host} did not accept a connection in time.", limit="connect", host=host)
        if isinstance(cause, aiohttp.ClientConnectorError | ConnectionRefusedError | httpx.ConnectError):
            return GatewayUnreachable(f"Cannot reach {host}.", host=host)
        if isinstance(cause, ContentLengthError) or "bytes, expected" in str(cause):
            return BadAnswer(f"{host} told another length than its answer had.", host=host)
        if isinstance(cause, aiohttp.ServerDisconnectedError) or "without sending a response" in str(cause):
            return GatewayUnreachable(f"{host} closed the connection without an answer.", host=host)
        if "incomplete chunked read" in str(cause):
            break
        if isinstance(cause, aiohttp.ClientResponseError | httpx.RemoteProtocolError):
            return BadAnswer(f"{host} gave an answer that is not valid HTTP.", host=host)
    return GatewayBroke(f"The connection to {host} broke.", host=host)


def _causes(error: BaseException | None) -> Any:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls_reason(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or inner)[:200]


def _said_size(what: str, size: int) -> str:
    return f"{what} is larger than {size / 2**20:g} MiB, the most that is kept; what came before is here."


def host_of(base_url: str) -> str:
    """The host a base URL names, for sentences."""
    return urlsplit(base_url).hostname or base_url


@dataclass(frozen=True, slots=True)
class Look:
    """One step of looking at a gateway's address: `resolved`, `connected` or `tls`, how long it took, what was found."""

    step: str
    ms: int
    found: dict[str, Any]


async def look(base_url: str, trusted: bool, limits: Limits, allowed_networks: tuple[str, ...]) -> AsyncIterator[Look]:
    """Resolve, connect and shake hands, a step at a time; nothing is sent. Raises GatewayError at the step that fails."""
    place = urlsplit(base_url)
    host, secure = place.hostname or "", place.scheme == "https"
    port = place.port or (443 if secure else 80)
    writer: asyncio.StreamWriter | None = None
    began = time.monotonic()
    try:
        if not trusted:
            _check_literal(host, allowed_networks)
        found = await _Resolver(limits.lookup, None if trusted else allowed_networks).resolve(host, port)
        ip = found[0]["host"]
        yield Look("resolved", _since(began), {"host": host, "address": ip, "inside": not addresses.is_outside(ip)})
        began = time.monotonic()
        async with asyncio.timeout(limits.connect):
            _reader, writer = await asyncio.open_connection(ip, port)
        yield Look("connected", _since(began), {"address": ip, "port": port})
        if secure:
            began = time.monotonic()
            async with asyncio.timeout(limits.connect):
                await writer.start_tls(ssl.create_default_context(), server_hostname=host)
            yield Look("tls", _since(began), _handshake(writer))
    except TimeoutError as error:
        raise GatewayTimedOut(f"{host} did not accept a connection in time.", limit="connect", host=host) from error
    except (ssl.SSLError, OSError) as error:
        if isinstance(error, ssl.SSLError):
            raise explained(error, host) from error
        raise GatewayUnreachable(f"Cannot reach {host}.", host=host) from error
    finally:
        if writer:
            writer.close()


def _handshake(writer: asyncio.StreamWriter) -> dict[str, Any]:
    certificate = writer.get_extra_info("peercert") or {}
    return {"version": writer.get_extra_info("ssl_object").version(), "until": certificate.get("notAfter", "")}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def own_address() -> str:
    """Where this server itself answers, for the sandbox."""
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::", "") else settings.HOST  # noqa: S104
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"
