"""Names become addresses, and addresses inside our own network are refused."""

import asyncio
import ipaddress
import socket

import aiohttp
import aiohttp.abc

from playground import addresses
from playground.gateway.errors import AddressRefused, GatewayNameNotFound


def check_literal(host: str, allowed_networks: tuple[str, ...]) -> None:
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


class Resolver(aiohttp.abc.AbstractResolver):
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
                f"The name server gave no answer for {host} within {self._seconds:g} s.",
                host=host,
                limit="lookup",
                seconds=self._seconds,
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
