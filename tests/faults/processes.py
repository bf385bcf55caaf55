"""What the kernel tells of a server's process, and what it tells of itself."""

import os
import re
from pathlib import Path

import httpx

from tests.server import Server

# `METRICS_TOKEN` of servers that are asked for their figures.
WATCHER = "a-long-token-of-these-tests"


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


def lines_lost(server: Server) -> int:
    """How many lines of its log it says that it left out."""
    told = httpx.get(server.url + "/metrics", headers={"Authorization": f"Bearer {WATCHER}"}, timeout=30).text
    return int(re.search(r"^playground_log_lines_dropped_total (\d+)$", told, re.MULTILINE)[1])
