"""`manage.py serve`: from an installed project to its first page, and back; each fault of the set-up is told in a sentence."""

import os
import signal
import socket
from pathlib import Path

import pytest

from playground import postgres
from tests.people import OWNER, Person
from tests.setup.joining import ask, is_running
from tests.setup.serving import password_in, refusal, serving


def test_the_first_start_tells_where_the_site_is_and_how_to_get_in(tmp_path):
    with serving(tmp_path) as site:
        code, said = site.end()

    password = password_in(said)
    assert said.splitlines() == [
        f"Team Playground: {site.url}/",
        f"Sign in as {OWNER} with the password {password} at {site.url}/accounts/login/",
        "This password is shown once. Choose your own with DEMO_PASSWORD=….",
    ]
    assert code == 0
    assert not is_running(tmp_path)


def unlogged(said: str) -> str:
    """What is said without the log's line on who came in."""
    return "".join(line for line in said.splitlines(keepends=True) if " accounts.door_log signed in: " not in line)


def test_a_later_start_keeps_the_password_and_does_not_tell_it(tmp_path):
    with serving(tmp_path) as site:
        password = password_in(site.end()[1])

    with serving(tmp_path) as site:
        Person(site.url, OWNER, password)
        said = site.end()[1]

    assert unlogged(said) == f"Team Playground: {site.url}/\n"
    assert password not in said


def test_a_chosen_password_works_and_is_never_told(tmp_path):
    with serving(tmp_path, DEMO_PASSWORD="chosen by somebody 7") as site:
        Person(site.url, OWNER, "chosen by somebody 7")
        said = site.end()[1]

    assert unlogged(said) == f"Team Playground: {site.url}/\n"
    assert "chosen by somebody 7" not in said


def test_a_site_that_was_killed_starts_again(tmp_path):
    with serving(tmp_path) as site:
        password = password_in(site.process.stdout.readline() + site.process.stdout.readline())
        site.end(signal.SIGKILL)
    assert is_running(tmp_path)

    with serving(tmp_path) as site:
        Person(site.url, OWNER, password)
        assert site.end()[0] == 0

    assert not is_running(tmp_path)


def test_of_two_sites_over_one_folder_the_last_ends_the_database(tmp_path):
    with serving(tmp_path) as first, serving(tmp_path) as second:
        first.end()
        assert second.get("/healthz").status_code == 200

    assert not is_running(tmp_path)


def test_a_database_of_ones_own_gets_no_demo_unless_asked(own_database, tmp_path):
    with serving(tmp_path, DATABASE_URL=own_database("guest:right@", "own")) as site:
        said = site.end()[1]

    assert password_in(said) is None


def test_a_database_of_ones_own_gets_the_demo_when_asked(own_database, tmp_path):
    with serving(tmp_path, DATABASE_URL=own_database("guest:right@", "own"), DEMO="1") as site:
        said = site.end()[1]

    assert password_in(said)


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        told = refusal(tmp_path, PORT=str(port))

    assert told == (
        1,
        f"Port {port} at 127.0.0.1 is taken: stop what listens there or choose another with PORT=….\n",
    )


def test_a_host_of_another_machine_is_named(tmp_path):
    assert refusal(tmp_path, HOST="192.0.2.1") == (
        1,
        "HOST=192.0.2.1 is no address of this machine: choose another, for example HOST=127.0.0.1.\n",
    )


def test_a_port_that_is_no_number_is_told(tmp_path):
    code, said = refusal(tmp_path, PORT="eighty")

    assert (code, said.count("\n"), "PORT" in said) == (1, 1, True)


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    folder = tmp_path / "file" / "data"

    assert refusal(folder) == (
        1,
        f"The data folder {folder} cannot be used (Not a directory): correct it or choose another with DATA_DIR=….\n",
    )


def test_a_database_url_that_is_none_is_told(tmp_path):
    assert refusal(tmp_path, DATABASE_URL="mysql://root@localhost/site") == (
        1,
        "DATABASE_URL is not of the form postgres://user:password@host:port/name.\n",
    )


def test_a_database_server_that_does_not_listen_is_named(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]

        told = refusal(tmp_path, DATABASE_URL=f"postgres://guest:right@127.0.0.1:{port}/own")

    assert told == (1, f"No database server listens at 127.0.0.1:{port}: start it or correct DATABASE_URL.\n")


def test_a_wrong_database_password_is_told_without_repeating_it(own_database, tmp_path):
    code, said = refusal(tmp_path, DATABASE_URL=own_database("guest:wr0ng-one@", "own"))

    assert code == 1
    assert said.startswith("The database server at ") and said.endswith(
        " refuses the user or the password of DATABASE_URL.\n"
    )
    assert "wr0ng-one" not in said


def test_a_database_that_does_not_exist_is_named(own_database, tmp_path):
    code, said = refusal(tmp_path, DATABASE_URL=own_database("guest:right@", "nothing"))

    assert code == 1
    assert said.endswith(" has no database 'nothing': create it or correct DATABASE_URL.\n")


@pytest.fixture
def own_database(tmp_path_factory: pytest.TempPathFactory):
    """A database server that asks for a password; makes addresses of it."""
    folder = tmp_path_factory.mktemp("own")
    with postgres.joined(folder):
        ask(folder, "CREATE ROLE guest LOGIN PASSWORD 'right'")
        ask(folder, "CREATE DATABASE own OWNER guest")
        rules = folder / "pg" / "pg_hba.conf"
        rules.write_text("local all guest scram-sha-256\n" + rules.read_text())
        ask(folder, "SELECT pg_reload_conf()")
        place = _quoted(postgres.socket_folder(folder))
        yield lambda who, name: f"postgres://{who}/{name}?host={place}"


def _quoted(path: Path) -> str:
    return os.fspath(path).replace("/", "%2F")
