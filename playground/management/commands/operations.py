"""`manage.py operations`: the catalogue for eyes, or with --json for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from playground import catalogue
from playground.catalogue import Operation


class Command(BaseCommand):
    help = "List the operations, guides and data models of the catalogue in document order."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = catalogue.operations()
        if options["json"]:
            self.stdout.write(json.dumps([_entry(row) for row in rows], ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_table(rows))


def _entry(row: Operation) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "method": row.method,
        "path": row.path,
        "dialect": row.dialect,
        "title": row.title,
        "section": row.section,
        "streaming": row.streaming,
    }


def _table(rows: tuple[Operation, ...]) -> str:
    lines = [(row.id, row.method or row.kind, row.streaming, row.path or "", row.title["en"]) for row in rows]
    head = ("ID", "METHOD", "STREAMS", "PATH", "TITLE")
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head) - 1)]
    return "\n".join(_aligned(line, widths) for line in (head, *lines))


def _aligned(line: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]])
