"""The faults by number, in a few words each, and where their tests stand."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

ROWS = {
    1: "the gateway refuses the connection",
    2: "its name is not found, or the name server is silent",
    3: "its certificate or its TLS cannot be trusted",
    4: "connecting hangs",
    5: "the first byte comes late",
    6: "a pause in mid-stream",
    7: "silence for ever",
    8: "a reset in mid-chunk",
    9: "an end without an end mark",
    10: "compressed data that ends early",
    11: "a web page instead of an answer",
    12: "too many requests, with every kind of waiting time",
    13: "errors of the server, then well at the third try",
    14: "a huge event, a bomb, a stream without end",
    15: "broken events, bad UTF-8, NUL, lone surrogates",
    16: "one byte a segment",
    17: "redirects",
    18: "balances or lists of models are down",
    19: "contradicting or malformed heads",
    20: "a hundred calls that hang",
    21: "the server is killed in mid-run",
    22: "a new server takes over while streams run",
    23: "a process is ended by a limit of memory",
    24: "the event loop stands still",
    25: "no database connection is left",
    26: "Postgres is restarted in mid-run",
    27: "Postgres stands still",
    28: "fail-over to a standby",
    29: "a disk is full",
    30: "Redis is away, hangs, or comes back empty",
    31: "a tab is closed, refreshed, crashes",
    32: "a laptop sleeps",
    33: "the network comes and goes",
    34: "two tabs, devices and people on one run",
    35: "a stale tab saves over newer text",
    36: "a burst to a socket that reads slowly",
    37: "five hundred sockets drop and return",
    38: "the same start is said twice",
    39: "clocks jump",
    40: "the browser's clock is wrong by a day",
    41: "tables change while streams run",
    42: "a backup under load, restored elsewhere",
    43: "the master key is changed during calls",
    44: "nobody reads the log",
    45: "the mail server is down",
    46: "slow and silent clients",
    47: "models, usage and events change in mid-run",
    48: "files cannot be kept when a result arrives",
}

WAITS: dict[int, str] = {}

DEFINED = re.compile(r"^(?:async )?def (test_f(\d\d)_\w+)", re.MULTILINE)


def proofs() -> dict[int, list[tuple[str, str]]]:
    """Of every row its tests as (file, name)."""
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in ROWS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, number in DEFINED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(int(number), []).append((str(path.relative_to(TESTS.parent)), name))
    return found
