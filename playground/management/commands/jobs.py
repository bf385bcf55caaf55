"""`manage.py jobs`: a process that works off what pages and the clock leave to be done, beside servers with `JOBS=off`."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Work until told to end."""

    help = "Works jobs off until it is told to end."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; SIGTERM and Ctrl+C end it in order."""
        asyncio.run(self.work())

    async def work(self) -> None:
        """Work jobs off until a signal comes."""
        from playground.jobs import working

        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        async with working():
            self.stdout.write("Working jobs off.")
            self.stdout.flush()
            await ended.wait()
