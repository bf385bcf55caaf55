"""Which addresses the site may call: everything outside is free, everything inside must be allowed by name."""

import ipaddress
from collections.abc import Iterable

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
            "fec0::/10",
            "2001::/32",
            "2002::/16",
        ),
    )
)


def is_outside(address: str, allowed_networks: Iterable[str] = ()) -> bool:
    """Whether a resolved address is public, or inside a network that the operator names.

    Private, loopback, link-local (metadata), multicast, reserved and mapped forms (IPv4 in IPv6, NAT64, 6to4, Teredo)
    are inside. Raises ValueError for what is no address.
    """
    plain = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if any(plain in ipaddress.ip_network(network, strict=False) for network in allowed_networks):
        return True
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
    return address
