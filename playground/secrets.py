"""What the site must know before it starts: generated secrets in the data folder, where the database and the mail are."""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from playground import fail_over, postgres
from playground.starting import CannotStart

MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def site_secret(data_dir: Path) -> str:
    """Django's secret: from `SECRET_KEY`, else kept in the data folder."""
    return os.environ.get("SECRET_KEY") or _kept(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))


def encryption_keys(data_dir: Path) -> list[str]:
    """Master keys `number:base64`, newest first: from `KEY_ENCRYPTION_KEYS`, else one kept in the data folder."""
    given = os.environ.get("KEY_ENCRYPTION_KEYS") or _kept(data_dir / "key_encryption_keys", _new_master_key)
    keys = given.replace(",", " ").split()
    if not keys or not all(map(_is_master_key, keys)):
        raise CannotStart(
            "KEY_ENCRYPTION_KEYS is not of the form number:base64 of 32 bytes, the newest first, with commas between."
        )
    return keys


def _is_master_key(key: str) -> bool:
    number, _, text = key.partition(":")
    try:
        return number.isdecimal() and len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def database(data_dir: Path, url: str, statement_seconds: float = 60) -> dict[str, Any]:
    """Django's settings of the database: the server of `DATABASE_URL`, else the embedded one.

    A statement that takes longer than `statement_seconds` is given up by the database itself.
    """
    place: dict[str, Any] = (
        _from_url(url)
        if url
        else {"NAME": postgres.DATABASE, "HOST": str(postgres.socket_folder(data_dir)), "USER": postgres.USER}
    )
    given = place.get("OPTIONS", {})
    limits = f"-c statement_timeout={statement_seconds * 1000:.0f} -c idle_in_transaction_session_timeout=120000"
    return {
        "ENGINE": "playground.database",
        "CONN_HEALTH_CHECKS": True,
        **place,
        "OPTIONS": {
            "pool": {
                "min_size": 2,
                "max_size": 12,
                "timeout": 10,
                "connection_class": fail_over.connection_class(place["HOST"]),
            },
            # Django's own cursors prepare nothing; those that ask for it may.
            "prepare_threshold": 5,
            **given,
            "options": f"{limits} {given.get('options', '')}".strip(),
        },
    }


def _from_url(url: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {}
    is_address = url.startswith(("postgres://", "postgresql://")) and parts.get("dbname")
    # Several hosts have several ports; libpq tries one after the other.
    ports = str(parts.get("port") or 5432).split(",")
    if not is_address or not all(port.isdecimal() or not port for port in ports):
        raise CannotStart("DATABASE_URL is not of the form postgres://user:password@host:port/name.")
    names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    place: dict[str, Any] = {setting: str(parts.pop(name, "") or "") for setting, name in names.items()}
    return {**place, "OPTIONS": parts}


def mail(url: str) -> dict[str, Any]:
    """Django's settings of outgoing mail: `console:`, `smtp://user:password@host:port`, `smtp+tls://…` or `smtps://…`."""
    if url == "console:":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise CannotStart("EMAIL_URL is neither console: nor of the form smtp+tls://user:password@host:port.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def _new_master_key() -> str:
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The text kept at `path`, made at first; whoever comes second reads what the first wrote."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_first(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise CannotStart(
            f"The data folder {path.parent} cannot be used ({error.strerror}): correct it or choose another with DATA_DIR=…."
        ) from error


def _write_first(path: Path, text: str) -> None:
    """Let `text` appear at `path` at once and whole, unless somebody else was first."""
    number, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(number, "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()


def single_sign_on(issuer: str, client_id: str, client_secret: str, name: str) -> dict[str, Any]:
    """allauth's settings for one OpenID Connect issuer; without one nobody is offered it."""
    if not issuer:
        return {"openid_connect": {"APPS": []}}
    app = {
        "provider_id": "oidc", "name": name, "client_id": client_id, "secret": client_secret,
        "settings": {"server_url": issuer.rstrip("/")},
    }  # fmt: skip
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
