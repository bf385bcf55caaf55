"""Another process that joins the embedded database of a folder, says so, and leaves when it is told to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from playground import postgres

SITE = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from pathlib import Path
from playground import postgres
from playground.starting import CannotStart
try:
    with postgres.joined(Path(sys.argv[1])):
        print("joined", flush=True)
        sys.stdin.readline()
except CannotStart as fault:
    sys.exit(str(fault))
"""
# The tests' own Python may stand in a folder that is closed to others; this lets it be read, and changes nothing else.
AS_USER = ["setpriv", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def start(folder: Path, user: str = "") -> subprocess.Popen[str]:
    """A process that joins, as `user` where one is named."""
    change = [*AS_USER, f"--reuid={user}", f"--regid={user}"] if user else []
    command = [*change, sys.executable, "-c", PROGRAM, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=SITE, text=True, env={"PATH": os.environ["PATH"]}, **pipes)


@contextmanager
def joined(folder: Path, user: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that has joined, and leaves at the end unless it was killed."""
    process = start(folder, user)
    try:
        assert process.stdout and process.stdout.readline() == "joined\n", process.communicate()[1]
        yield process
    finally:
        process.communicate("leave\n")


def ask(folder: Path, query: str) -> list[tuple]:
    """What the database of `folder` answers."""
    with psycopg.connect(
        host=str(postgres.socket_folder(folder)), user=postgres.USER, dbname=postgres.DATABASE, autocommit=True
    ) as connection:
        answer = connection.execute(query)
        return answer.fetchall() if answer.description else []


def server_number(folder: Path) -> int:
    """The process number of the server over `folder`."""
    return int((folder / "pg" / "postmaster.pid").read_text().split()[0])


def is_running(folder: Path) -> bool:
    """Whether a server is up over `folder`."""
    return (folder / "pg" / "postmaster.pid").exists()
