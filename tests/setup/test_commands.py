"""`manage.py`: commands find the database running or start it, and their output stays their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground import postgres
from tests.setup.joining import is_running

SITE = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(tmp_path):
    """Runs a command on a data folder of its own."""

    def run(*words):
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=SITE, env=environment, capture_output=True, text=True)

    return run


def test_the_catalogue_needs_no_database_and_is_alone_on_stdout(manage, tmp_path):
    told = manage("operations", "--json")

    assert [row["id"] for row in json.loads(told.stdout)]
    assert told.stderr == ""
    assert not (tmp_path / "pg").exists()


def test_a_command_starts_the_database_and_ends_it(manage, tmp_path):
    told = manage("migrate", "--verbosity=0")

    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert not is_running(tmp_path)


def test_a_command_uses_the_database_that_runs_and_leaves_it(manage, tmp_path):
    with postgres.joined(tmp_path):
        told = manage("migrate", "--verbosity=0")

        assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
        assert is_running(tmp_path)


def test_a_command_that_fails_still_ends_the_database(manage, tmp_path):
    told = manage("migrate", "no_such_app")

    assert told.returncode == 1
    assert not is_running(tmp_path)
