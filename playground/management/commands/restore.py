"""`manage.py restore FILE`: an empty site becomes what it was when the backup was made."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from playground.management import archives


class Command(BaseCommand):
    help = "Fills an empty site from a backup, brings its tables up to date and tries every key."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Restore, then count and try."""
        try:
            told = archives.take_back(file.absolute())
        except (archives.CannotArchive, OSError) as error:
            raise CommandError(str(error)) from error
        # Sessions of back then may have been ended since.
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
        found = archives.counts()
        missing = {name: (count, found[name]) for name, count in told["counts"].items() if found[name] < count}
        if missing:
            raise CommandError(f"Less came back than there was: {missing}.")
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(
            f"Restored what was there on {told['made']}: {found['playground.Run']} runs, {found['accounts.Key']} keys."
        )
        closed, total = archives.unopened()
        if closed:
            raise CommandError(
                f"{closed} of {total} stored secrets cannot be opened: put the master keys number "
                f"{', '.join(told['master_keys'])} into KEY_ENCRYPTION_KEYS (or DATA_DIR/key_encryption_keys)."
            )
        self.stdout.write(f"All {total} stored secrets can be opened.")
