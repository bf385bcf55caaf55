"""`setup/tests.sh` runs what failed once more, and believes the second time only."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

UNSTEADY = """
from pathlib import Path

def test_unsteady():
    seen = Path(__file__).with_suffix(".seen")
    was_there = seen.exists()
    seen.touch()
    assert was_there
"""


def _run(folder: Path, tests: str) -> tuple[int, str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_some.py").write_text(tests)
    command = [
        "sh",
        str(ROOT / "setup/tests.sh"),
        "-q",
        "-p",
        "no:django",
        "--rootdir",
        str(folder),
        "-c",
        "pytest.ini",
        ".",
    ]
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_what_passes_the_second_time_is_told_as_unsteady(tmp_path: Path) -> None:
    code, told = _run(tmp_path, UNSTEADY + "\ndef test_well(): pass\n")

    assert code == 0, told
    assert "UNSTEADY" in told
    assert "test_some.py::test_unsteady" in told
    assert "test_some.py::test_well" not in told


def test_what_fails_twice_has_failed(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "def test_wrong(): assert False\n")

    assert code == 1
    assert told.count("1 failed") == 2
    assert "UNSTEADY" not in told


def test_many_failures_are_believed_at_once(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "".join(f"def test_{number}(): assert False\n" for number in range(6)))

    assert code == 1
    assert told.count("6 failed") == 1


def test_what_cannot_be_read_is_not_tried_again(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "def test_wrong(:\n")

    assert code != 0
    assert "Once more" not in told


def test_nothing_is_said_where_all_is_well(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "def test_well(): pass\n")

    assert code == 0
    assert "UNSTEADY" not in told
