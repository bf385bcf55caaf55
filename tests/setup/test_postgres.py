"""The embedded database: made, joined, adopted, and never in the way of the next start."""

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from playground import postgres
from playground.starting import CannotStart
from tests.setup import joining
from tests.setup.joining import ask, is_running, server_number


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database was made before, and rests."""
    folder = tmp_path_factory.mktemp("made")
    with postgres.joined(folder):
        pass
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    subprocess.run(["cp", "-a", str(made), str(tmp_path / "data")], check=True)
    return tmp_path / "data"


def test_the_first_to_join_finds_a_database(tmp_path):
    with postgres.joined(tmp_path):
        found = ask(tmp_path, "SELECT current_database(), current_setting('server_version_num')::int / 10000")

    assert found == [("playground", 18)]


def test_it_is_set_as_the_site_needs_it(folder):
    with postgres.joined(folder):
        found = ask(
            folder,
            "SELECT current_setting('listen_addresses'), current_setting('synchronous_commit'), datcollate, "
            "pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()",
        )

    assert found == [("", "on", "C.UTF-8", "UTF8")]


def test_nobody_else_may_enter_its_folders(folder):
    with postgres.joined(folder):
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder / "pg", postgres.socket_folder(folder))]

    assert modes == [0o700, 0o700]


def test_what_was_written_is_there_at_the_next_start(folder):
    with postgres.joined(folder):
        ask(folder, "CREATE TABLE kept AS SELECT 7 AS number")

    with postgres.joined(folder):
        assert ask(folder, "SELECT number FROM kept") == [(7,)]


def test_it_ends_with_the_last_who_uses_it_and_leaves_no_socket_behind(folder):
    with postgres.joined(folder):
        with postgres.joined(folder):
            pass
        assert is_running(folder)

    assert not is_running(folder)
    assert not postgres.socket_folder(folder).exists()


def test_it_stays_while_another_process_uses_it(folder):
    with joining.joined(folder):
        with postgres.joined(folder):
            pass
        assert ask(folder, "SELECT 1") == [(1,)]

    assert not is_running(folder)


def test_many_that_start_at_once_make_one_database_and_share_one_server(tmp_path):
    processes = [joining.start(tmp_path) for _ in range(4)]
    said = [process.stdout.readline() for process in processes]
    number = server_number(tmp_path)

    with postgres.joined(tmp_path):
        assert server_number(tmp_path) == number
    complaints = [process.communicate("leave\n")[1] for process in processes]

    assert said == ["joined\n"] * 4
    assert complaints == [""] * 4
    assert not is_running(tmp_path)


def test_a_server_whose_user_was_killed_is_adopted_and_ended(folder):
    with joining.joined(folder) as process:
        number = server_number(folder)
        process.kill()

    with postgres.joined(folder):
        assert server_number(folder) == number

    assert not is_running(folder)


def test_a_killed_server_starts_again_with_every_committed_row(folder):
    with joining.joined(folder) as process:
        ask(folder, "CREATE TABLE kept AS SELECT 7 AS number")
        process.kill()
        os.kill(server_number(folder), signal.SIGKILL)

    with postgres.joined(folder):
        assert ask(folder, "SELECT number FROM kept") == [(7,)]


def test_a_server_killed_under_its_user_starts_again_for_the_next(folder):
    with joining.joined(folder):
        os.kill(server_number(folder), signal.SIGKILL)

        with postgres.joined(folder):
            assert ask(folder, "SELECT 1") == [(1,)]


def test_a_mark_with_the_number_of_another_program_is_no_obstacle(folder):
    with joining.joined(folder) as process:
        mark = (folder / "pg" / "postmaster.pid").read_text()
        process.kill()
        os.kill(server_number(folder), signal.SIGKILL)
    (folder / "pg" / "postmaster.pid").write_text(mark.replace(mark.split()[0], str(os.getpid()), 1))

    with postgres.joined(folder):
        assert ask(folder, "SELECT 1") == [(1,)]


def test_a_server_whose_socket_was_swept_away_is_found_again(folder):
    with joining.joined(folder):
        shutil.rmtree(postgres.socket_folder(folder))

        with postgres.joined(folder):
            assert ask(folder, "SELECT 1") == [(1,)]


def test_a_set_up_cut_short_is_begun_anew(tmp_path):
    (tmp_path / "pg.new").mkdir()
    (tmp_path / "pg.new" / "PG_VERSION").write_text("18\n")

    with postgres.joined(tmp_path):
        assert ask(tmp_path, "SELECT 1") == [(1,)]


def test_a_long_path_with_odd_letters_will_do(tmp_path):
    folder = tmp_path / ("long " * 30) / 'it\'s "$HOME" 数据'
    folder.mkdir(parents=True)

    with postgres.joined(folder):
        assert ask(folder, "SELECT 1") == [(1,)]


def test_a_closed_parent_stays_closed(tmp_path):
    closed = tmp_path / "closed"
    folder = closed / "data"
    folder.mkdir(parents=True)
    closed.chmod(0o700)
    before = [(path.stat().st_mode, path.stat().st_uid) for path in (closed, folder)]

    with postgres.joined(folder):
        assert ask(folder, "SELECT 1") == [(1,)]

    assert [(path.stat().st_mode, path.stat().st_uid) for path in (closed, folder)] == before


def test_a_socket_folder_that_leads_elsewhere_is_refused(folder, tmp_path):
    place = postgres.socket_folder(folder)
    place.symlink_to(tmp_path)

    try:
        with pytest.raises(CannotStart, match=r"so the database cannot listen there: remove it or choose another"):
            postgres.Cluster(folder).start()
    finally:
        place.unlink()


def test_a_database_of_another_version_is_refused(folder):
    with postgres.joined(folder):
        pass
    (folder / "pg" / "PG_VERSION").write_text("16\n")

    with pytest.raises(CannotStart, match=r"was made by Postgres 16, this is 18\."):
        postgres.Cluster(folder).start()


if os.getuid() == 0:
    # Only root can become somebody else; who is not root runs every test above as an ordinary user.

    def test_an_ordinary_user_runs_it_as_themselves(tmp_path):
        shutil.chown(tmp_path, "daemon", "daemon")

        with joining.joined(tmp_path, user="daemon"):
            owners = {(tmp_path / "pg").owner(), _owner_of(server_number(tmp_path))}

        assert owners == {"daemon"}
        assert not is_running(tmp_path)

    def test_root_never_runs_it_as_root(folder):
        with postgres.joined(folder):
            assert _owner_of(server_number(folder)) == "nobody"

    def test_a_database_of_somebody_else_is_refused(folder):
        with postgres.joined(folder):
            pass
        shutil.chown(folder, "daemon", "daemon")
        for path in folder.glob("pg.*"):
            path.unlink()

        said = joining.start(folder, user="daemon").communicate()[1]

        assert said == (
            f"The database in {folder}/pg belongs to the user nobody: run as that user or choose another folder with DATA_DIR=….\n"
        )

    def test_a_socket_folder_of_somebody_else_is_refused(folder):
        place = postgres.socket_folder(folder)
        place.mkdir(mode=0o700)
        shutil.chown(place, "daemon", "daemon")

        try:
            with pytest.raises(CannotStart, match=r"belongs to the user daemon, so the database cannot listen there"):
                postgres.Cluster(folder).start()
        finally:
            place.rmdir()


def _owner_of(number: int) -> str:
    return subprocess.run(["ps", "-o", "user=", "-p", str(number)], capture_output=True, text=True).stdout.strip()
