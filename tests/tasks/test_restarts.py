"""Tasks over restarts and several processes: nothing is lost, nothing is submitted or kept twice."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people import start
from tests.server import ROOT, served
from tests.tasks.following import VIDEO, follow, watched

QUICK = {"TASK_POLL_SECONDS": "0.3", "TASK_LOOK_SECONDS": "0.2"}
FILM = {"body": {**VIDEO["body"], "model": "sora-2"}}


@pytest.fixture(autouse=True)
def quick() -> None:
    """These servers are processes of their own, set by their environment."""


def test_a_server_that_was_killed_goes_on_following_when_it_is_back(data_folder: Path) -> None:
    with served(data_folder, **QUICK) as server, server.person().socket() as socket:
        run = start(socket, "video-create", FILM)
        before = follow(socket, run, until=lambda told: bool(told.tasks))
        server.kill()
    with served(data_folder, **QUICK) as server:
        person = server.person()
        after = watched(person, run, seconds=120)
        [result] = after.task["results"]

        assert (before.task["over"], after.task["state"]) == (False, "succeeded")
        assert person.http.get(result["url"]).headers["content-type"] == "video/mp4"


def test_a_process_beside_the_server_follows_and_the_servers_watchers_hear_of_it(data_folder: Path) -> None:
    with served(data_folder, **QUICK, JOBS="off") as server, server.person().socket() as socket:
        port = server.url.rpartition(":")[2]
        environment = {
            "DATA_DIR": str(data_folder),
            "PATH": "/usr/bin:/bin",
            "HOST": "127.0.0.1",
            "PORT": port,
            **QUICK,
        }
        jobs = subprocess.Popen([sys.executable, "manage.py", "jobs"], cwd=ROOT, env=environment)
        try:
            told = follow(socket, start(socket, "video-create", FILM), seconds=120)
        finally:
            jobs.send_signal(signal.SIGTERM)
            jobs.wait(20)

    assert told.tasks[0]["state"] == "queued"
    assert (told.task["state"], len(told.task["results"])) == ("succeeded", 1)
