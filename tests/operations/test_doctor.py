"""`manage.py doctor` looks at everything, and says of what is wrong how to mend it."""

import os
import subprocess
import sys

import pytest

from playground.management.commands.doctor import LOOKS, WAYS, examined
from tests.operations.test_backup import manage
from tests.server import ROOT, served


def findings() -> dict[str, tuple[str, str]]:
    return {name: (finding.state, finding.what) for name, finding in examined()}


def test_a_site_that_runs_is_found_well(data_folder):
    with served(data_folder):
        told = manage(data_folder, "doctor")

    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.splitlines()[-1] == "The site can work."
    for name in (
        "database",
        "migrations",
        "keys",
        "clock",
        "static files",
        "texts",
        "jobs",
        "debug",
        "disk",
        "data folder",
    ):
        assert f"good {name}: " in told.stdout
    for name in ("redis", "mail", "address"):
        assert f"odd  {name}: " in told.stdout


def test_a_site_without_tables_and_with_an_open_secret_is_found_ill(tmp_path):
    manage(tmp_path, "check")
    (tmp_path / "secret_key").chmod(0o644)

    told = manage(tmp_path, "doctor", DEBUG="1", SITE_URL="http://play.example")

    assert told.returncode == 1
    assert "bad  migrations: " in told.stdout and "Run: manage.py migrate" in told.stdout
    assert f"chmod 600 {tmp_path}/secret_key" in told.stdout
    assert "bad  debug: " in told.stdout
    assert "bad  address: SITE_URL is not https" in told.stdout
    assert "to mend." in told.stdout.splitlines()[-1]
    assert "Traceback" not in told.stdout + told.stderr


def test_a_redis_and_a_mail_server_that_do_not_answer_are_bad(db, settings):
    settings.REDIS_URL = "redis://user:hidden-word@127.0.0.1:9/0"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    settings.GATEWAY_URL = "https://127.0.0.1:9"

    found = findings()

    assert {name: found[name][0] for name in ("redis", "mail", "gateway")} == {
        "redis": "bad",
        "mail": "bad",
        "gateway": "bad",
    }
    assert "hidden-word" not in str(found)
    assert "correct REDIS_URL" in found["redis"][1]
    assert "correct EMAIL_URL" in found["mail"][1]
    assert "Correct GATEWAY_URL" in found["gateway"][1]


def test_a_redis_that_answers_is_good(db, settings, redis_server):
    settings.REDIS_URL = redis_server

    assert findings()["redis"][0] == "good"


def test_secrets_that_no_master_key_opens_are_counted(db, settings):
    import base64

    from accounts.demo import make_demo
    from tests.people import PASSWORD

    make_demo(PASSWORD)
    assert findings()["keys"][0] == "good"
    settings.KEY_ENCRYPTION_KEYS = ["9:" + base64.b64encode(os.urandom(32)).decode()]

    state, what = findings()["keys"]

    assert state == "bad"
    assert "cannot be opened with master key 9" in what


def test_what_cannot_be_looked_at_at_all_is_told_with_the_way_on(db, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "folder"
    settings.KEY_ENCRYPTION_KEYS = ["no key"]
    settings.BREACHED_PASSWORDS = str(tmp_path / "missing")

    found = findings()

    assert [name for name, (state, _what) in found.items() if state == "bad"] == [
        "data folder",
        "disk",
        "keys",
        "passwords",
    ]
    assert "choose another with DATA_DIR" in found["data folder"][1]
    assert found["disk"][1].endswith("Mend this first: data folder.")
    assert "KEY_ENCRYPTION_KEYS are `number:base64" in found["keys"][1]
    assert found["passwords"][1].endswith("Correct BREACHED_PASSWORDS.")
    assert set(WAYS) == set(LOOKS)


@pytest.mark.parametrize("name", LOOKS)
def test_every_look_comes_to_an_end_with_a_sentence(db, name):
    finding = dict(examined())[name]

    assert finding.state in ("good", "odd", "bad")
    assert finding.what


def test_a_database_that_is_away_is_told_in_one_sentence(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://u:hidden-word@127.0.0.1:9/x",
        "DATABASE_WAIT_SECONDS": "1",
    }

    told = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )

    assert told.returncode == 1
    assert "bad  database: No database server listens at 127.0.0.1:9: start it or correct DATABASE_URL." in told.stdout
    assert told.stdout.count("cannot be looked at before the database is mended.") == 4
    assert "hidden-word" not in told.stdout
    assert told.stderr == ""
