"""Ports of this machine."""

import socket


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]
