"""`manage.py backup FILE`: everything but the master keys in one file, while the site goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from playground.management import archives


class Command(BaseCommand):
    help = "Writes database and uploads into one file. The master keys are not in it: keep them apart."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write it and tell what is in it."""
        try:
            told = archives.make(file.absolute())
        except (archives.CannotArchive, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file}: {told['counts']['playground.Run']} runs, {told['counts']['accounts.Key']} keys, {told['uploads']} files."
        )
        self.stdout.write(
            f"To read its keys again you need the master keys number {', '.join(told['master_keys'])}, which are not in it."
        )
