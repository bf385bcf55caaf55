"""Keys at gateways that answer by a table, and their shelves."""

from tests.readings.conftest import *  # noqa: F403
