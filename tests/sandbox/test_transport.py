"""The server's connection is reached under any loop, any HTTP parser, and through wrappings."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from playground.sandbox import application

from .conftest import KEY
from .test_faults import STREAMS, raw


async def wrapped(scope: Any, receive: Any, send: Any) -> None:
    """The sandbox behind a middleware that watches what is sent."""
    seen: list[str] = []

    async def watching(message: Any) -> None:
        seen.append(message["type"])
        await send(message)

    await application(scope, receive, watching)


@pytest.fixture(params=[("asyncio", "h11"), ("asyncio", "httptools"), ("uvloop", "h11"), ("uvloop", "httptools")])
def behind_a_middleware(request: pytest.FixtureRequest) -> Iterator[str]:
    loop, http = request.param
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(wrapped, log_level="warning", loop=loop, http=http))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{door.getsockname()[1]}/sandbox"
        server.should_exit = True
        thread.join()


def test_f08_connections_are_refused_and_reset_under_every_server(
    behind_a_middleware: str, caplog: pytest.LogCaptureFixture
) -> None:
    refused = raw(behind_a_middleware, *STREAMS[0], "refuse")
    got, broken = raw(behind_a_middleware, *STREAMS[0], "reset")

    assert refused == (b"", None)
    assert isinstance(broken, ConnectionResetError) and got.startswith(b"HTTP/1.1 200")
    assert KEY not in caplog.text and [record.message for record in caplog.records if record.levelname == "ERROR"] == []
