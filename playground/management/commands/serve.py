"""`manage.py serve`: everything between an installed project and its first page, in one process."""

import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts import demo
from accounts.gateways import operators_gateway
from playground import postgres
from playground.patience import patient
from playground.server import Server
from playground.starting import allow_many_files, check_data_folder, check_database, open_door

MIGRATION_LOCK = 0x706C6179  # any number that nobody else locks: two servers may start at once


class Command(BaseCommand):
    """Start the database where it is ours, bring its tables up to date, serve until told to end."""

    help = "Serves the site, with everything it needs."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; SIGTERM and Ctrl+C end it in order."""
        signal.signal(signal.SIGTERM, leave)
        allow_many_files()
        check_data_folder(settings.DATA_DIR)
        door = open_door(settings.HOST, settings.PORT)
        with door, database():
            migrate()
            password = make_demo()
            try:
                Server(announce=lambda: self.announce(password)).run(sockets=[door])
            except KeyboardInterrupt:
                pass
            finally:
                for used in connections.all(initialized_only=True):
                    used.close_pool()  # type: ignore[attr-defined]

    def announce(self, password: str | None) -> None:
        """Tell where the site is and, once, how to get in."""
        address = settings.SITE_URL or f"http://{_host()}:{settings.PORT}"
        self.stdout.write(f"Team Playground: {address}/")
        if password and not settings.DEMO_PASSWORD:
            self.stdout.write(f"Sign in as {demo.OWNER} with the password {password} at {address}/accounts/login/")
            self.stdout.write("This password is shown once. Choose your own with DEMO_PASSWORD=….")
        self.stdout.flush()


def database() -> AbstractContextManager[None]:
    """The database for as long as the site is served: that of `DATABASE_URL`, else the embedded one."""
    if settings.DATABASE_URL:
        check_database(settings.DATABASE_URL)
        return nullcontext()
    return postgres.joined(settings.DATA_DIR)


def migrate() -> None:
    """Bring the tables up to date; of several servers that start at once, one does it."""
    # Whoever comes second waits for as long as the first one needs.
    with patient(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    connection.close()


def make_demo() -> str | None:
    """The operator's gateway, and the demo team where it is wanted; its password when it was made just now."""
    operators_gateway(settings)
    password = demo.make_demo(settings.DEMO_PASSWORD or None) if demo.demo_wanted(settings) else None
    connection.close()
    return password


def leave(number: int, frame: Any) -> NoReturn:
    """End in order on SIGTERM also before and after the web server listens to it; a second one changes nothing."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def _host() -> str:
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::", "") else settings.HOST  # noqa: S104
    return f"[{host}]" if ":" in host else host
