"""The site with its demo team, following tasks quickly."""

from typing import Any

import pytest

from tests.runs.conftest import demo, gateway, member, owner, stranger  # noqa: F401


@pytest.fixture(autouse=True)
def quick(settings: Any, tmp_path: Any) -> None:
    """Jobs are worked off in the server, and tasks are asked for often."""
    settings.JOBS = "inside"
    settings.TASK_POLL_SECONDS, settings.TASK_LOOK_SECONDS = 0.2, 0.1
    settings.DATA_DIR = tmp_path
