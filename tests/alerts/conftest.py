"""Keys at gateways that answer by a table, a receiver of webhooks, a mail server."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal as D
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection

from accounts.models import Key, Team
from playground.alerts import webhooks
from playground.jobs import worker, working
from playground.models import AlertRule, Webhook
from tests.alerts.told import POOR, at
from tests.readings.conftest import *  # noqa: F403
from tests.upstream import Request, Upstream, upstream


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> None:
    """Jobs are no rows of Django's, so that other tests leave them behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(autouse=True)
def looked_for_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again at once is not waited for."""
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.2)


@contextmanager
def worked_off() -> Iterator[None]:
    """A worker in a thread, while the block lasts."""
    up, ended = threading.Event(), threading.Event()

    async def work() -> None:
        async with working():
            up.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    assert up.wait(30)
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


@pytest.fixture
def below_two(team: Team) -> AlertRule:
    """The team wants to know when less than two dollars are left."""
    return AlertRule.objects.create(team=team, low_amount=D(2))


@pytest.fixture
def poor(scripted: Any, key_at: Any, below_two: AlertRule) -> Key:
    """A key that is told to have one dollar."""
    return key_at(scripted(at(POOR), kind="new-api"), shared_with="team")


@dataclass
class Receiver:
    """A webhook's other end. `says` are its answers, one after the other; the last one stays."""

    says: list[str] = field(default_factory=lambda: ["200 OK"])
    there: Upstream = field(default=None)  # type: ignore[assignment]
    row: Webhook = field(default=None)  # type: ignore[assignment]

    async def script(self, request: Request, writer: asyncio.StreamWriter) -> None:
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        writer.write(f"HTTP/1.1 {said}\r\nContent-Length: 4\r\nConnection: close\r\n\r\nseen".encode())
        await writer.drain()

    @property
    def got(self) -> list[Request]:
        return self.there.requests


@pytest.fixture
def receiver(team: Team, settings: object) -> Iterator[Receiver]:
    """A webhook of the team, on this machine, which the operator allows."""
    settings.GATEWAY_ALLOWED_NETWORKS = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    made = Receiver()
    with upstream(made.script) as made.there:
        made.row = Webhook(team=team, url=f"{made.there.url}/hook?team=1")
        made.row.secret = webhooks.new_secret()
        made.row.save()
        yield made


@dataclass
class MailServer:
    """What arrived by SMTP."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    # Cleared, it takes connections and says nothing.
    speaks: threading.Event = field(default_factory=threading.Event)

    refused: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, count: int, seconds: float = 180) -> list[EmailMessage]:
        """What has arrived, once it is so many."""
        limit = time.monotonic() + seconds
        while len(self.messages) < count and time.monotonic() < limit:
            time.sleep(0.05)
        return self.messages


@pytest.fixture
def mail_server(settings: object) -> Iterator[MailServer]:
    """A small mail server; the site sends by it while the test lasts."""
    door = socket.create_server(("127.0.0.1", 0))
    server = MailServer(door.getsockname()[1])
    server.speaks.set()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
    threading.Thread(target=_accept, args=(door, server), daemon=True).start()
    yield server
    server.speaks.set()
    door.close()


def _accept(door: socket.socket, server: MailServer) -> None:
    while True:
        try:
            connection, _where = door.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(connection, server), daemon=True).start()


def _converse(connection: socket.socket, server: MailServer) -> None:
    with connection, connection.makefile("rwb") as talk:

        def say(line: str) -> None:
            talk.write(line.encode() + b"\r\n")
            talk.flush()

        server.speaks.wait()
        say("220 here")
        while line := talk.readline():
            match line[:4].upper():
                case b"DATA":
                    say("354 go on")
                    lines = iter(talk.readline, b".\r\n")
                    server.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    say("250 kept")
                case b"MAIL" if server.refuses:
                    say("451 later")
                    server.refused.set()
                case b"QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 yes")
