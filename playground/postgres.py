"""The embedded database: a real Postgres from a wheel, started and stopped by the site itself."""

import hashlib
from pathlib import Path

DATABASE = "playground"
USER = "postgres"


def socket_folder(data_dir: Path) -> Path:
    """Where the server of this data folder listens: short, for a socket's path ends at 107 bytes."""
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path("/tmp") / f"playground-{mark}"  # noqa: S108  the folder is made with mode 0700
