"""`manage.py doctor`: looks at everything the site needs, and says of each what is and what to mend. 1 when something is wrong."""

import logging
import re
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts import crypto
from playground import fail_over
from playground.management import archives
from playground.models.attachments import folder
from playground.starting import CannotStart, check_data_folder, check_database

SECONDS = 5
LEAST_DISK = 2 * 2**30
MOST_CLOCK_SECONDS = 5
OLDEST_POSTGRES = 140000
JOBS_SILENT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing: `good`, `odd` (works, but mind it) or `bad` (mend it)."""

    state: str
    what: str


def good(what: str) -> Finding:
    return Finding("good", what)


def odd(what: str) -> Finding:
    return Finding("odd", what)


def bad(what: str) -> Finding:
    return Finding("bad", what)


class Command(BaseCommand):
    help = "Checks the set-up and says what to mend."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at all, also after something bad was found."""
        # What it finds is told below, once.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        findings = list(examined())
        for name, finding in findings:
            self.stdout.write(f"{finding.state:<5}{name}: {finding.what}")
        wrong = sum(finding.state == "bad" for _, finding in findings)
        if wrong:
            self.stdout.write(f"{wrong} to mend.")
            raise SystemExit(1)
        self.stdout.write("The site can work.")


def examined() -> Iterator[tuple[str, Finding]]:
    """One finding a thing. What fails in a way nobody thought of is bad too, told by the kind of error and what to look at."""
    found: dict[str, Finding] = {}
    for name in LOOKS:
        found[name] = _looked_at(name, found)
        yield name, found[name]


def _looked_at(name: str, before: dict[str, Finding]) -> Finding:
    ill = next((each for each in NEEDS.get(name, ()) if before[each].state == "bad"), "")
    if ill == "database":
        return bad("cannot be looked at before the database is mended.")
    try:
        return LOOKS[name]()
    except CannotStart as error:
        return bad(str(error))
    except (DatabaseError, redis.RedisError, OSError, crypto.CannotOpen, ValueError, ImproperlyConfigured) as error:
        way = f"Mend this first: {ill}." if ill else WAYS[name]
        return bad(f"could not be looked at ({type(error).__name__}). {way}")


def _data_folder() -> Finding:
    check_data_folder(settings.DATA_DIR)
    for name in ("secret_key", "key_encryption_keys"):
        path = settings.DATA_DIR / name
        if path.exists() and path.stat().st_mode & 0o077:
            return bad(f"others can read {path}. Run: chmod 600 {path}")
    return good(str(settings.DATA_DIR))


def _disk() -> Finding:
    free = min(shutil.disk_usage(path).free for path in (settings.DATA_DIR, folder()) if path.exists())
    told = f"{free / 2**30:.1f} GiB free"
    return (
        good(told) if free > LEAST_DISK else bad(f"only {told}. Make room, or let teams keep less (History, Keeping).")
    )


def _database() -> Finding:
    if settings.DATABASE_URL:
        check_database(settings.DATABASE_URL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('max_connections')::int"
        )
        number, version, most = cursor.fetchone()
    if number < OLDEST_POSTGRES:
        return bad(f"Postgres {version} is too old: 14 or newer is needed.")
    told = f"Postgres {version}, at most {most} connections (each server process uses up to 24)"
    return _databases(told) if "," in settings.DATABASES["default"]["HOST"] else good(told)


def _databases(told: str) -> Finding:
    """Of several databases one is written to, and the others follow it."""
    taken = connection.connection.info.host, connection.connection.info.port
    place = settings.DATABASES["default"]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    parameters = {name: place.get(setting) or None for name, setting in names.items()}
    given = {name: value for name, value in place["OPTIONS"].items() if name.startswith(("ssl", "connect_timeout"))}
    others = {at: line for at, line in fail_over.survey(parameters | given).items() if at != taken}
    writable, silent = (
        ", ".join(f"{host}:{port}" for (host, port), line in others.items() if is_meant(line))
        for is_meant in (bool, lambda line: line is None)
    )
    here = f"{taken[0]}:{taken[1]}"
    if writable:
        return bad(
            f"the site writes to {here}, but {writable} takes writes too. Fence it, or make it follow (docs/deploy.md, A second Postgres)."
        )
    if silent:
        return odd(f"{told}. The site writes to {here}; {silent} does not answer, so that nothing could take over.")
    return good(f"{told}. The site writes to {here}, the others follow")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return bad(f"{len(missing)} are missing. Run: manage.py migrate") if missing else good("all are there")


def _keys() -> Finding:
    numbers = ", ".join(key.partition(":")[0] for key in settings.KEY_ENCRYPTION_KEYS)
    crypto.unseal(crypto.seal("x", crypto.Place("t", "c", "r")), crypto.Place("t", "c", "r"))
    closed, total = archives.unopened()
    if closed:
        return bad(
            f"{closed} of {total} stored secrets cannot be opened with master key {numbers}. Put the one they were sealed with behind it in KEY_ENCRYPTION_KEYS."
        )
    return good(f"master key {numbers} opens all {total} stored secrets")


def _clock() -> Finding:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = abs(float(cursor.fetchone()[0]) - (before + time.time()) / 2)
    told = f"{apart:.1f} s from the database's"
    return (
        good(told)
        if apart < MOST_CLOCK_SECONDS
        else bad(f"{told}. Let both keep time by NTP: sign-in codes and expiry go wrong.")
    )


def _redis() -> Finding:
    if not settings.REDIS_URL:
        return odd("not set. Good for one server process, not for several.")
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as asked:
        version = asked.info("server")["redis_version"]
        policy = asked.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    return good(f"Redis {version}, {policy}")


def _static() -> Finding:
    built = settings.BASE_DIR / "static" / "dist" / "versions.json"
    return good("built") if built.exists() else bad("scripts and styles are not built. Run: make build")


def _texts() -> Finding:
    compiled = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    return good("compiled") if compiled.exists() else bad("translations are not compiled. Run: make build")


def _mail() -> Finding:
    if "console" in settings.EMAIL_BACKEND:
        return odd("is printed, not sent. Set EMAIL_URL, or invitations and forgotten passwords reach nobody.")
    with get_connection(timeout=SECONDS):
        return good(f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes it")


def _address() -> Finding:
    if not settings.SITE_URL:
        return odd("SITE_URL is not set. Behind a proxy it must be, or links and websockets go wrong.")
    place = urlsplit(settings.SITE_URL)
    if place.scheme != "https":
        return bad("SITE_URL is not https: passwords and keys would pass in the open.")
    if place.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return bad(f"ALLOWED_HOSTS lacks {place.hostname}.")
    return good(settings.SITE_URL)


def _gateway() -> Finding:
    if not settings.GATEWAY_URL:
        return (
            odd("the sandbox alone. Set GATEWAY_URL to call a real gateway.")
            if settings.SANDBOX
            else odd("none of the operator's")
        )
    place = urlsplit(settings.GATEWAY_URL)
    port = place.port or (443 if place.scheme == "https" else 80)
    try:
        plain = socket.create_connection((place.hostname or "", port), SECONDS)
    except OSError as error:
        return bad(
            f"{place.hostname}:{port} cannot be reached ({type(error).__name__}). Correct GATEWAY_URL, or the way there."
        )
    with plain:
        if place.scheme == "https":
            with ssl.create_default_context().wrap_socket(plain, server_hostname=place.hostname):
                pass
    return (
        good(f"{place.hostname}:{port} answers")
        if place.scheme == "https"
        else odd(f"{place.hostname}:{port} answers, without TLS")
    )


def _jobs() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        beat = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now() - interval '10 minutes')"
        )
        waiting = cursor.fetchone()[0]
    silent = (datetime.now(UTC) - beat).total_seconds() if beat else None
    if silent is None or silent > JOBS_SILENT_SECONDS:
        return odd("nobody works jobs off just now. Start the site, or manage.py jobs.")
    return odd(f"{waiting} wait: one worker may be too few.") if waiting > 1000 else good("are worked off")


def _passwords() -> Finding:
    if not settings.BREACHED_PASSWORDS:
        return good("common ones are refused; breached ones too, with a list of them in BREACHED_PASSWORDS")
    path = Path(settings.BREACHED_PASSWORDS)
    with path.open("rb") as file:
        first = file.readline(200)
    if not re.fullmatch(rb"[0-9A-Fa-f]{40}(:\d+)?\r?\n", first):
        return bad(f"{path} is no list of SHA-1 digests, one a line and sorted. Correct BREACHED_PASSWORDS.")
    return good(f"{path} is asked, {path.stat().st_size / 2**20:,.0f} MiB")


def _debug() -> Finding:
    return bad("is on: strangers would see code and settings. Unset DEBUG.") if settings.DEBUG else good("is off")


LOOKS: dict[str, Callable[[], Finding]] = {
    "data folder": _data_folder, "disk": _disk, "database": _database, "migrations": _migrations, "keys": _keys,
    "clock": _clock, "redis": _redis, "static files": _static, "texts": _texts, "mail": _mail, "address": _address,
    "gateway": _gateway, "jobs": _jobs, "passwords": _passwords, "debug": _debug,
}  # fmt: skip

# What must be well before the other can be looked at.
NEEDS = {
    "disk": ("data folder",), "migrations": ("database",), "keys": ("database", "migrations"), "clock": ("database",),
    "jobs": ("database", "migrations"),
}  # fmt: skip

# Where to go on when looking fails.
WAYS = {
    "data folder": "Correct DATA_DIR.",
    "disk": "Correct DATA_DIR.",
    "database": "Look into its log.",
    "migrations": "Run: manage.py migrate",
    "keys": "KEY_ENCRYPTION_KEYS are `number:base64 of 32 bytes`, the newest first, with commas between.",
    "clock": "Look into the database's log.",
    "redis": "Start Redis, or correct REDIS_URL with its password.",
    "static files": "Run: make build",
    "texts": "Run: make build",
    "mail": "Start the mail server, or correct EMAIL_URL with its user and password.",
    "address": "Correct SITE_URL.",
    "gateway": "It speaks no TLS, or its certificate is not to be trusted: correct GATEWAY_URL, or the certificate.",
    "jobs": "Look into the database's log.",
    "passwords": "Correct BREACHED_PASSWORDS.",
    "debug": "Unset DEBUG.",
}
