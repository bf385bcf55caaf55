"""A backup: one tar file with the database as pg_dump writes it, the uploads, and a list of what there should be.

The master keys are not in it on purpose: whoever finds a backup finds no key. They are kept apart (docs/operations.md).
"""

import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from accounts import crypto
from accounts.management.commands.reseal import sealed_fields
from playground import postgres
from playground.models.attachments import INCOMING, folder
from playground.starting import check_data_folder

DUMP, LIST, UPLOADS = "database.dump", "backup.json", "uploads"
COUNTED = (
    "accounts.User",
    "accounts.Team",
    "accounts.Key",
    "playground.Run",
    "playground.SavedRequest",
    "playground.Attachment",
)


class CannotArchive(Exception):
    """Why a backup was not made or not taken back: one sentence, with what to do."""


def make(target: Path) -> dict[str, Any]:
    """Write a backup to `target`, which appears whole or not at all; what is in it. Runs may go on meanwhile."""
    draft = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as space:
        dump = Path(space) / DUMP
        # Counted first: what begins meanwhile may be in the dump, never the other way round.
        told: dict[str, Any] = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "counts": counts(),
            "master_keys": _master_keys(),
        }
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", "--dbname", _address())
        with tarfile.open(draft, "w") as archive:
            draft.chmod(0o600)
            archive.add(dump, DUMP)
            told["uploads"] = _add_uploads(archive)
            _add_text(archive, LIST, json.dumps(told, indent=1))
    draft.replace(target)
    return told


def take_back(source: Path) -> dict[str, Any]:
    """Fill an empty site from a backup; what was in it. Raises CannotArchive where somebody is at home already."""
    check_data_folder(settings.DATA_DIR)
    _refuse_if_lived_in()
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as space, tarfile.open(source) as archive:
        archive.extractall(space, filter="data")
        told = json.loads((Path(space) / LIST).read_text())
        _run(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
            "--dbname", _address(), str(Path(space) / DUMP),
        )  # fmt: skip
        _move_uploads(Path(space) / UPLOADS)
    return told


def counts() -> dict[str, int]:
    """How many there are of what matters."""
    return {name: apps.get_model(name)._default_manager.count() for name in COUNTED}


def unopened() -> tuple[int, int]:
    """How many stored secrets the master keys of this machine do not open, and how many there are."""
    missing = total = 0
    for model, field in sealed_fields():
        for row in model._default_manager.exclude(**{f"{field.name}__isnull": True}).iterator():
            secret = getattr(row, field.attname)
            if not secret:
                continue
            total += 1
            try:
                secret.reveal()
            except crypto.CannotOpen:
                missing += 1
    return missing, total


def _master_keys() -> list[str]:
    """The numbers of the master keys that will be needed; never the keys."""
    return [key.partition(":")[0] for key in settings.KEY_ENCRYPTION_KEYS]


def _refuse_if_lived_in() -> None:
    if "accounts_user" in connection.introspection.table_names() and apps.get_model("accounts.User").objects.exists():
        raise CannotArchive(
            "There are people in this database already. Restore into an empty one: another DATA_DIR or DATABASE_URL."
        )
    connection.close()


def _add_uploads(archive: tarfile.TarFile) -> int:
    number = 0
    for path in _upload_files():
        try:
            archive.add(path, f"{UPLOADS}/{path.relative_to(folder())}", recursive=False)
            number += 1
        except FileNotFoundError:
            continue  # it was deleted meanwhile
    return number


def _upload_files() -> Iterator[Path]:
    for path in sorted(folder().rglob("*")):
        if path.is_file() and not path.name.startswith(INCOMING):
            yield path


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


def _move_uploads(source: Path) -> None:
    for path in source.rglob("*") if source.is_dir() else ():
        if path.is_file():
            place = folder() / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _address() -> str:
    """The database for Postgres's own programs, of several the one that the site takes (`fail_over`).

    A password goes by the environment, which others cannot read.
    """
    place = settings.DATABASES["default"]
    connection.ensure_connection()
    taken = connection.connection.info
    words = {"dbname": place["NAME"], "host": taken.host, "port": taken.port, "user": place["USER"]}
    passed = ("ssl", "target_session_attrs")
    words |= {name: value for name, value in place["OPTIONS"].items() if name.startswith(passed)}
    return " ".join(f"{name}='{value}'" for name, value in words.items() if value)


def _run(program: str, *arguments: str) -> None:
    environment = {**os.environ, "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD") or ""}
    ended = subprocess.run(  # noqa: S603  a program of Postgres, no word of which is somebody's
        [str(postgres.programs() / program), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        reason = " ".join((ended.stderr.strip().splitlines() or ["no reason"])[-1].split())
        raise CannotArchive(f"{program} failed: {reason}")
