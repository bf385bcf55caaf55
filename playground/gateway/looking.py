"""Looking at a gateway's address a step at a time, for who sets it up."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playground import addresses
from playground.gateway.errors import AddressRefused, GatewayUnreachable, explained, no_connection
from playground.gateway.limits import Limits
from playground.gateway.resolving import Resolver, check_literal


@dataclass(frozen=True, slots=True)
class Look:
    """One step of looking at a gateway's address: `resolved`, `connected` or `tls`, how long it took, what was found."""

    step: str
    ms: int
    found: dict[str, Any]


async def look(base_url: str, trusted: bool, limits: Limits, allowed_networks: tuple[str, ...]) -> AsyncIterator[Look]:
    """Resolve, connect and shake hands, a step at a time; nothing is sent. Raises GatewayError at the step that fails."""
    host, port, secure = _place(base_url)
    writer: asyncio.StreamWriter | None = None
    began = time.monotonic()
    try:
        if not trusted:
            check_literal(host, allowed_networks)
        found = await Resolver(limits.lookup, None if trusted else allowed_networks).resolve(host, port)
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
        raise no_connection(host, limits.connect) from error
    except (ssl.SSLError, OSError) as error:
        if isinstance(error, ssl.SSLError):
            raise explained(error, host, limits.connect) from error
        raise GatewayUnreachable(f"Cannot reach {host}.", host=host) from error
    finally:
        if writer:
            writer.close()


def _place(base_url: str) -> tuple[str, int, bool]:
    """Host, port and whether TLS is spoken there."""
    try:
        if "\0" in base_url:
            raise ValueError(base_url)
        place = urlsplit(base_url)
        secure = place.scheme == "https"
        return place.hostname or "", place.port or (443 if secure else 80), secure
    except ValueError as error:
        raise AddressRefused("The gateway's address is none that can be called.") from error


def _handshake(writer: asyncio.StreamWriter) -> dict[str, Any]:
    certificate = writer.get_extra_info("peercert") or {}
    return {"version": writer.get_extra_info("ssl_object").version(), "until": certificate.get("notAfter", "")}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
