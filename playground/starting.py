"""What must hold before the site can start, and the one sentence that says what does not."""

import errno
import resource
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

DATABASE_SECONDS = 5


class CannotStart(Exception):
    """Why the site cannot start: one sentence, which also says what to do."""


def check_data_folder(data_dir: Path) -> None:
    """Refuse a data folder that cannot be made or written."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise CannotStart(
            f"The data folder {data_dir} cannot be written ({error.strerror}): correct it or choose another with DATA_DIR=…."
        ) from error


def allow_many_files() -> None:
    """Every connection is an open file: take as many as this machine allows, not the few that it begins with."""
    _few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # some systems allow "without limit" only where it is not asked for
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def open_door(host: str, port: int) -> socket.socket:
    """The socket the site will listen at, taken now, so that nobody else gets it while the site starts."""
    door = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as error:
        if door:
            door.close()
        raise CannotStart(_why_no_door(host, port, error)) from error
    return door


def _why_no_door(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} at {host} is taken: stop what listens there or choose another with PORT=…."
    if error.errno == errno.EACCES:
        return f"This user may not listen at port {port}: choose one above 1023 with PORT=…."
    return f"HOST={host} is no address of this machine: choose another, for example HOST=127.0.0.1."


def check_database(url: str) -> None:
    """Refuse a `DATABASE_URL` whose server does not let us in."""
    try:
        psycopg.connect(url, connect_timeout=DATABASE_SECONDS).close()
    except psycopg.Error as error:
        raise CannotStart(_why_no_database(url, str(error))) from error


def _why_no_database(url: str, reason: str) -> str:
    parts = conninfo_to_dict(url)
    place = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    if "password" in reason or "authentication failed" in reason:
        return f"The database server at {place} refuses the user or the password of DATABASE_URL."
    if "database" in reason and "does not exist" in reason:
        return f"The server at {place} has no database {parts.get('dbname')!r}: create it or correct DATABASE_URL."
    if "refused" in reason or "No such file" in reason:
        return f"No database server listens at {place}: start it or correct DATABASE_URL."
    return f"The database of DATABASE_URL cannot be used: {' '.join(reason.split())}"
