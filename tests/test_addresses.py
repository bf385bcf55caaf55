"""Addresses in every disguise: what is inside stays inside."""

import pytest

from playground.addresses import is_outside

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "::ffff:0:7f00:1",
    "::ffff:0:8.8.8.8",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:1",
    "fec0::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "4000::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_a_public_address_is_free(address: str) -> None:
    assert is_outside(address)


def test_an_inside_network_may_be_allowed_by_name() -> None:
    assert is_outside("10.1.2.3", ["10.1.0.0/16"])
    assert is_outside("::ffff:10.1.2.3", ["10.1.0.0/16"])
    assert not is_outside("10.2.2.3", ["10.1.0.0/16"])
