"""The drill: back up while runs go on, restore elsewhere; keys open with the master keys and not without them."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest

from playground import postgres
from tests.people import chat, start, watch_until_end
from tests.server import ROOT, served
from tests.upstream import chat as streams
from tests.upstream import upstream

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
SECRET = "sk-drill0123456789abcdef"


def manage(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **more}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory):
    """A site with a person, a key, a finished run and a file; backed up while another run streams."""
    data, file = tmp_path_factory.mktemp("lived-in"), tmp_path_factory.mktemp("away") / "site.tar"
    slow = upstream(streams(*"abcdefghij" * 40, pause=0.05))
    with slow as there, served(data, GATEWAY_URL=there.url, GATEWAY_KEY=SECRET) as server:
        person = server.person()
        token = person.http.cookies["csrftoken"]
        headers = {"X-CSRFToken": token, "Referer": server.url}
        uploaded = person.http.post("/attachments/", files={"file": ("cat.png", PNG, "image/png")}, headers=headers)
        assert uploaded.status_code == 201, uploaded.text
        with person.socket() as socket:
            run = start(socket, "chat-stream", chat("remember the lighthouse"))
            watch_until_end(socket, run, until=lambda seen: seen.text() != "")
            made = manage(data, "backup", str(file))
            rest = watch_until_end(socket, run)
        assert made.returncode == 0, made.stderr
        assert rest.state == "succeeded", "the backup disturbed a run"
        yield data, file, made.stdout, uploaded.json()


def test_a_backup_holds_everything_but_what_opens_the_keys(drill):
    data, file, said, uploaded = drill
    with tarfile.open(file) as archive:
        names = archive.getnames()
        text = b"".join(archive.extractfile(name).read() for name in names)

    assert {"database.dump", "backup.json", f"uploads/{uploaded['id'][:2]}/{uploaded['id'].replace('-', '')}"} <= set(
        names
    )
    assert PNG in text
    assert SECRET.encode() not in text
    assert (data / "key_encryption_keys").read_text().partition(":")[2].strip().encode() not in text
    assert (data / "secret_key").read_bytes().strip() not in text
    assert "which are not in it" in said
    assert oct(file.stat().st_mode & 0o777) == "0o600"


def test_restored_elsewhere_with_the_master_keys_everything_works(drill, tmp_path):
    data, file, _said, uploaded = drill
    shutil.copy(data / "key_encryption_keys", tmp_path / "key_encryption_keys")

    told = manage(tmp_path, "restore", str(file))

    assert told.returncode == 0, told.stderr
    assert "stored secrets can be opened." in told.stdout
    with upstream(streams("hello again")) as there, served(tmp_path, GATEWAY_URL=there.url, DEMO="0") as server:
        person = server.person()
        assert person.http.get(uploaded["url"]).content == PNG
        assert "lighthouse" in person.http.get("/history/").text
        assert person.run("chat-stream", chat()).text() == "hello again"
        assert there.requests[-1].headers["authorization"] == f"Bearer {SECRET}"


def test_restored_without_the_master_keys_no_key_opens_and_the_command_says_what_is_missing(drill, tmp_path):
    _data, file, _said, _uploaded = drill

    told = manage(tmp_path, "restore", str(file))

    assert told.returncode == 1
    assert "cannot be opened: put the master keys number 1 into KEY_ENCRYPTION_KEYS" in told.stderr
    assert SECRET not in told.stdout + told.stderr


def test_a_site_whose_secrets_are_its_environments_is_restored_into_a_folder_that_is_not_there(
    drill, tmp_path, postgres_server
):
    data, file, _said, _uploaded = drill
    keys = (data / "key_encryption_keys").read_text().strip()
    settings = {"DATABASE_URL": postgres_server.empty().url, "SECRET_KEY": "another", "KEY_ENCRYPTION_KEYS": keys}

    told = manage(tmp_path / "new" / "folder", "restore", str(file), **settings)

    assert (told.returncode, "stored secrets can be opened." in told.stdout) == (0, True), told.stderr
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["uploads"]


def test_nothing_is_restored_over_people_who_are_there(drill):
    data, file, _said, _uploaded = drill

    told = manage(data, "restore", str(file))

    assert (told.returncode, "There are people in this database already" in told.stderr) == (1, True)


def test_what_is_no_backup_changes_nothing(tmp_path):
    wrong = tmp_path / "wrong.tar"
    with tarfile.open(wrong, "w"):
        pass

    assert manage(tmp_path, "restore", str(wrong)).returncode == 1
    assert manage(tmp_path, "restore", str(tmp_path / "missing.tar")).returncode == 1
    with (
        postgres.joined(tmp_path),
        psycopg.connect(
            f"host={postgres.socket_folder(tmp_path)} user={postgres.USER} dbname={postgres.DATABASE}"
        ) as database,
    ):
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
