"""What the kernel tells of a server's process."""

import os
from pathlib import Path

from tests.server import Server


def memory(server: Server, peak: bool = False) -> int:
    """Bytes of memory the process holds; with `peak` the most it ever held."""
    name = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def seconds_of_work(server: Server) -> float:
    """Seconds of a processor that the process has used."""
    words = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def open_files(server: Server) -> int:
    """How many files and sockets it holds open."""
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))
