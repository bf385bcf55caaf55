"""A Postgres and gateways that several processes of the site share."""

from tests.faults.conftest import counting, data, database, history, postgres_server  # noqa: F401
