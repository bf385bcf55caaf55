"""What the site must know before it starts: generated secrets in the data folder, and where the database is."""

import base64
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from playground import postgres


def site_secret(data_dir: Path) -> str:
    """Django's secret: from `SECRET_KEY`, else kept in the data folder."""
    return os.environ.get("SECRET_KEY") or _kept(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))


def encryption_keys(data_dir: Path) -> list[str]:
    """Master keys `number:base64`, newest first: from `KEY_ENCRYPTION_KEYS`, else one kept in the data folder."""
    given = os.environ.get("KEY_ENCRYPTION_KEYS") or _kept(data_dir / "key_encryption_keys", _new_master_key)
    return [key for key in given.replace(",", " ").split() if key]


def database(data_dir: Path, url: str) -> dict[str, Any]:
    """Django's settings of the database: the server of `DATABASE_URL`, else the embedded one."""
    place = _from_url(url) if url else {"NAME": postgres.DATABASE, "HOST": str(postgres.socket_folder(data_dir)), "USER": postgres.USER}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        **place,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 12, "timeout": 10}, **place.get("OPTIONS", {})},
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _new_master_key() -> str:
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, make: Any) -> str:
    """The text kept at `path`, made at first; whoever comes second reads what the first wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text().strip()
