"""Data folders that the site was started over before: a first start takes seconds, a copy of what it made does not."""

import base64
import subprocess
from pathlib import Path

import psycopg

from playground import postgres
from tests.server import served

MASTER_KEYS = "1:" + base64.b64encode(b"k" * 32).decode()


def make_used(folder: Path) -> None:
    """What a first start leaves behind, at rest: every table, the demo team, its key under `MASTER_KEYS`."""
    folder.mkdir(parents=True)
    keys = folder / "key_encryption_keys"
    keys.touch(mode=0o600)
    keys.write_text(MASTER_KEYS)
    # Joined here too, the database has ended when this has, however the server came to its end.
    with postgres.joined(folder):
        with served(folder, JOBS="off"):
            pass
        without_sync(folder)


def without_sync(data_dir: Path) -> None:
    """Let the database of this folder wait for no disk: nobody needs its tables after a loss of power."""
    where = f"host={postgres.socket_folder(data_dir)} user={postgres.USER} dbname={postgres.DATABASE}"
    with psycopg.connect(where, autocommit=True) as database:
        database.execute("ALTER SYSTEM SET fsync = off")
        database.execute("SELECT pg_reload_conf()")


def copy(folder: Path, place: Path) -> Path:
    """A copy of a folder at rest, its owners and rights with it. `place` is not there yet."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(folder), str(place)], check=True)
    return place
