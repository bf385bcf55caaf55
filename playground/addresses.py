"""Which addresses the site may call: everything outside is free, everything inside must be allowed by name."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        ),
    )
)
# All that is given out for use by everybody; what lies outside is private, translated, or nobody's yet.
_GLOBAL = ipaddress.ip_network("2000::/3")
# An IPv4 address behind one of these marks is what a tunnel of that kind (ISATAP) really leads to.
_ISATAP = (0x00005EFE, 0x02005EFE)


_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_LONGEST = 8192


class BadAddress(ValueError):
    """A text that is no address which can be called."""


def parted(url: str) -> tuple[str, str]:
    """The origin and the path with its query of an http address, its name spelled in ASCII. Raises BadAddress.

    What programs read in different ways is refused: user-info, backslashes, escapes and odd digits in the host, controls.
    """
    if len(url) > _LONGEST or re.search(r"[\x00-\x20\x7f\\]", url):
        raise BadAddress(url)
    try:
        parts = urlsplit(url)
        host, port = _spelled(parts.hostname or ""), parts.port
    except ValueError:
        raise BadAddress(url) from None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise BadAddress(url)
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return origin, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _spelled(host: str) -> str:
    """A host as it goes out: an IPv6 address in its brackets, a name in ASCII. Raises ValueError."""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    name = (host if host.isascii() else host.encode("idna").decode()).removesuffix(".")
    if not _NAME.fullmatch(name):
        raise ValueError(host)
    if name.rpartition(".")[2][:1].isdigit():
        # Its last part makes it an IPv4 address, which has one spelling here: four plain numbers.
        return str(ipaddress.IPv4Address(name))
    return name


def is_outside(address: str, allowed_networks: Iterable[str] = ()) -> bool:
    """Whether a resolved address is public, or inside a network that the operator names.

    Private, loopback, link-local (metadata), multicast, reserved, mapped and translated forms (IPv4 in IPv6, NAT64, 6to4,
    Teredo, ISATAP) are inside. Raises ValueError for what is no address.
    """
    plain = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if any(plain in ipaddress.ip_network(network, strict=False) for network in allowed_networks):
        return True
    if isinstance(plain, ipaddress.IPv6Address) and plain not in _GLOBAL:
        return False
    return plain.is_global and not plain.is_multicast and not any(plain in network for network in _NEVER)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside a mapped or NAT64 one, else the address itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in ipaddress.ip_network("::/96") and int(address) > 1:
        return ipaddress.IPv4Address(int(address))
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
