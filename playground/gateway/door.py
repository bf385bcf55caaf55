"""The clients that open connections: one for gateways we trust, one that checks every address."""

import asyncio
import functools
import ssl

import aiohttp
import httpx
import yarl

from playground.gateway.errors import AddressRefused
from playground.gateway.limits import Limits
from playground.gateway.resolving import Resolver, check_literal
from playground.gateway.transports import Handler, ResolvingTransport, StrictBackend, WholeTransport


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
            check_literal(url.host, self._allowed_networks)
        if (trusted, limits.lookup) not in self._clients:
            self._clients[trusted, limits.lookup] = self._make(trusted, limits.lookup)
        return self._clients[trusted, limits.lookup]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _make(self, trusted: bool, lookup: float) -> httpx.AsyncClient:
        resolver = Resolver(lookup, None if trusted else self._allowed_networks)
        if self._transport == "httpx":
            # Kept, a connection of httpx would give what follows an answer to the next call as its own.
            limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=0)
            plain = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
            plain._pool._network_backend = StrictBackend(plain._pool._network_backend)
            transport: httpx.AsyncBaseTransport = ResolvingTransport(resolver, plain)
        else:
            transport = WholeTransport(client=lambda: self._session(resolver))
        return httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113  each request has its own

    def _session(self, resolver: Resolver) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=self._per_host,
            resolver=resolver,
            use_dns_cache=False,
            ssl=ssl.create_default_context(),
        )
        connector._factory = functools.partial(Handler, loop=asyncio.get_running_loop())  # type: ignore[assignment]
        session = aiohttp.ClientSession(
            connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        # aiohttp would send a GET again when a kept connection turns out closed; a run is one exchange.
        session._retry_connection = False
        # The address goes out as it was spelled: `%2F` in a signed one must not become a slash.
        session._build_url = functools.partial(yarl.URL, encoded=True)  # type: ignore[method-assign]
        return session
