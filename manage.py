#!/usr/bin/env python
"""Django's commands, with the embedded database running where they need one."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# `serve` looks at the port and the folder first and joins the database itself.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "operations",
    "serve",
    "startapp",
    "version",
}

# Pages and jobs give up a statement that takes too long. Whoever types a command waits for it, or ends it by Ctrl+C.
IN_A_HURRY = {"serve", "jobs"}


def main() -> None:
    """Run the command named on the command line; what keeps it from starting is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    from environs import EnvError

    from playground.starting import CannotStart

    try:
        run(sys.argv)
    except (CannotStart, EnvError) as fault:
        sys.exit(str(fault))


def run(words: list[str]) -> None:
    """Run Django's command `words`."""
    from django.core.management import execute_from_command_line
    from django.db import connections

    if words[1:2] and words[1] not in IN_A_HURRY:
        os.environ["DATABASE_STATEMENT_SECONDS"] = "0"
    with database_for(words):
        try:
            execute_from_command_line(words)
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close_pool()


def database_for(words: list[str]) -> AbstractContextManager[None]:
    """What the command needs around it: the embedded database, or nothing."""
    from django.conf import settings

    command = words[1] if len(words) > 1 else "help"
    if command in WITHOUT_DATABASE or {"-h", "--help"} & set(words) or settings.DATABASE_URL:
        return nullcontext()
    from playground import postgres

    return postgres.joined(settings.DATA_DIR)


if __name__ == "__main__":
    main()
