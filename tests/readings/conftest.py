"""Teams, keys, and gateways that answer by a table."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts.models import Gateway, Key, Team
from accounts.teams import make_team
from tests.accounts.conftest import *  # noqa: F403
from tests.balances.gateways import answered
from tests.upstream import Request, Upstream, upstream


@dataclass
class Scripted:
    """A gateway on a port of this machine; `site` may be changed at any time."""

    site: dict[str, Any]
    there: Upstream = field(default=None)  # type: ignore[assignment]
    row: Gateway = field(default=None)  # type: ignore[assignment]
    most_at_once: int = 0
    pause: float = 0
    headers: str = ""
    _now: int = 0

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.there.requests]

    async def script(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(self.pause)
            answer = answered(self.site.get(request.path, (404, "404 page not found")))
            head = f"HTTP/1.1 {answer.status} X\r\nContent-Length: {len(answer.body)}\r\n{self.headers}Connection: close\r\n\r\n"
            writer.write(head.encode() + answer.body)
            await writer.drain()
        finally:
            self._now -= 1


@pytest.fixture
def scripted(transactional_db: None) -> Iterator[Callable[..., Scripted]]:
    """Makes a gateway: `scripted({"/api/usage/token/": usage()}, kind="new-api")`."""
    with ExitStack() as stack:

        def _scripted(site: dict[str, Any], kind: str = "unknown", **more: Any) -> Scripted:
            made = Scripted(site, **more)
            made.there = stack.enter_context(upstream(made.script))
            made.row = Gateway.objects.create(name=f"Scripted {kind}", base_url=made.there.url, trusted=True, kind=kind)
            return made

        yield _scripted


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def other_team(stranger: Any) -> Team:
    return make_team("Others", stranger).team


@pytest.fixture
def key_at(make_key: Callable[..., Key]) -> Callable[..., Key]:
    """A key at a scripted gateway."""
    return lambda gateway, **more: make_key(gateway=gateway.row, **more)
