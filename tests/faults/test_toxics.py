"""The proxy of these tests does what it says, or they would prove nothing."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.toxics import toxic

PLAIN = b"0123456789" * 100


@contextmanager
def echoes(family: socket.AddressFamily = socket.AF_INET, place: object = ("127.0.0.1", 0)) -> Iterator[object]:
    """A server that says back what it hears and ends when the other side has ended."""
    door = socket.socket(family)
    door.bind(place)
    door.listen()

    def serve() -> None:
        while True:
            try:
                plug, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=_echo, args=(plug,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield door.getsockname()
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def _echo(plug: socket.socket) -> None:
    with plug:
        try:
            while data := plug.recv(2**16):
                plug.sendall(data)
        except OSError:
            return


@pytest.fixture
def way():
    with echoes() as place, toxic(place) as way:
        yield way


def said(plug: socket.socket, size: int) -> bytes:
    heard = b""
    while len(heard) < size and (data := plug.recv(2**16)):
        heard += data
    return heard


def test_bytes_pass_both_ways_and_ends_are_passed_on(way):
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.sendall(PLAIN)
        plug.shutdown(socket.SHUT_WR)

        assert said(plug, len(PLAIN) + 1) == PLAIN


def test_it_leads_to_a_unix_socket_too(tmp_path):
    place = str(tmp_path / "door")
    with (
        echoes(socket.AF_UNIX, place),
        toxic(Path(place)) as way,
        socket.create_connection(("127.0.0.1", way.port)) as plug,
    ):
        plug.sendall(PLAIN)

        assert said(plug, len(PLAIN)) == PLAIN


def test_what_is_late_is_not_slower(way):
    way.latency = 0.3
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        began = time.monotonic()
        for _ in range(5):
            plug.sendall(PLAIN)
            time.sleep(0.01)
        heard = said(plug, 5 * len(PLAIN))

    assert heard == 5 * PLAIN
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("setting", [{"bytes_per_second": 2000}, {"slice_bytes": 100, "slice_pause": 0.05}])
def test_a_narrow_way_takes_its_time_and_loses_nothing(way, setting):
    for name, value in setting.items():
        setattr(way, name, value)
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        began = time.monotonic()
        plug.sendall(PLAIN)
        plug.shutdown(socket.SHUT_WR)
        heard = said(plug, len(PLAIN) + 1)

    assert heard == PLAIN
    assert time.monotonic() - began >= 0.4


def test_a_limit_ends_the_connection_at_that_byte(way):
    way.limit = 250
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.sendall(PLAIN)

        assert said(plug, len(PLAIN)) == PLAIN[:250]


def test_a_silent_way_holds_the_bytes_until_it_speaks_again(way):
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.settimeout(0.3)
        way.is_silent = True
        plug.sendall(PLAIN)
        with pytest.raises(TimeoutError):
            plug.recv(1)
        way.is_silent = False
        plug.settimeout(10)

        assert said(plug, len(PLAIN)) == PLAIN


def test_a_slow_close_comes_later_than_the_last_byte(way):
    way.slow_close = 0.3
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.sendall(PLAIN)
        plug.shutdown(socket.SHUT_WR)
        said(plug, len(PLAIN))
        began = time.monotonic()

        assert plug.recv(1) == b""
        assert time.monotonic() - began >= 0.2


def test_a_reset_is_told_as_one_and_a_way_that_is_down_lets_nobody_through(way):
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.sendall(PLAIN)
        said(plug, len(PLAIN))
        way.down()
        with pytest.raises(ConnectionResetError):
            plug.recv(1)
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        assert plug.recv(1) == b""
    way.up()
    with socket.create_connection(("127.0.0.1", way.port)) as plug:
        plug.sendall(b"here")

        assert said(plug, 4) == b"here"


def test_who_comes_later_is_led_to_the_new_place(way):
    with echoes() as other, socket.create_connection(("127.0.0.1", way.port)) as before:
        before.sendall(b"before")
        said(before, 6)
        way.lead_to(other)
        with socket.create_connection(("127.0.0.1", way.port)) as after:
            after.sendall(b"after")
            before.sendall(b"still")

            assert (said(after, 5), said(before, 5)) == (b"after", b"still")
    assert way.connected == 2
