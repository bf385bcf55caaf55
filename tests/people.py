"""A person at the site, by the doors people use: the sign-in form, pages, the websocket."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

OWNER, MEMBER, STRANGER = "owner@example.com", "member@example.com", "stranger@example.com"
PASSWORD = "correct horse battery staple 9"


@dataclass
class Seen:
    """What a watcher of one run was told."""

    run: str
    state: str = ""
    frames: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)

    def text(self, kind: str = "text") -> str:
        return "".join(frame.get("text", "") for frame in self.frames if frame["kind"] == kind)

    @property
    def problem(self) -> dict[str, Any]:
        return next((frame for frame in self.frames if frame["kind"] == "problem"), {})

    @property
    def last(self) -> int:
        return self.frames[-1]["seq"] if self.frames else 0

    def is_whole(self) -> bool:
        """Whether the numbers rise by one from 1."""
        return [frame["seq"] for frame in self.frames] == list(range(1, len(self.frames) + 1))


class Person:
    """Somebody signed in at `url`."""

    def __init__(self, url: str, email: str = OWNER, password: str = PASSWORD) -> None:
        self.url, self.email = url, email
        self.http = httpx.Client(base_url=url, follow_redirects=True, timeout=30)
        page = self.http.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token}
        answer = self.http.post(
            "/accounts/login/", data=form, headers={"Referer": url + "/accounts/login/"}, follow_redirects=False
        )
        assert answer.status_code == 302, answer.text[:300]
        assert "sessionid" in self.http.cookies, f"{email} could not sign in"

    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)

    @contextmanager
    def socket(self, **more: Any) -> Iterator[ClientConnection]:
        address = self.url.replace("http", "ws", 1) + "/ws/runs/"
        # Who leaves with more unread than the client takes in would wait in vain for the other end's goodbye.
        more = {"origin": self.url, "max_size": 2**26, "close_timeout": 1, **more}
        with connect(address, additional_headers={"Cookie": self.cookies()}, **more) as socket:
            yield socket

    def run(
        self,
        operation: str,
        call: dict[str, Any],
        *,
        run: str = "",
        key: str | None = None,
        seconds: float = 30,
        **more: Any,
    ) -> Seen:
        """Start a run and watch it to its end."""
        with self.socket() as socket:
            name = start(socket, operation, call, run=run, key=key, **more)
            return watch_until_end(socket, name, seconds)

    def watch(self, run: str, after: int = 0, seconds: float = 30, **more: Any) -> Seen:
        with self.socket() as socket:
            tell(socket, type="watch", run=run, after=after, **more)
            return watch_until_end(socket, run, seconds)


def chat(prompt: str = "Hello", model: str = "gpt-4o-mini:fast", **more: Any) -> dict[str, Any]:
    """A call of a streamed chat."""
    return {"body": {"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}], **more}}


def tell(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def start(
    socket: ClientConnection,
    operation: str,
    call: dict[str, Any],
    *,
    run: str = "",
    key: str | None = None,
    **more: Any,
) -> str:
    """Send a start; the run's name."""
    name = run or str(uuid.uuid4())
    tell(socket, type="start", run=name, operation=operation, key=key, call=call, **more)
    return name


def watch_until_end(
    socket: ClientConnection, run: str, seconds: float = 30, until: Callable[[Seen], bool] = lambda seen: False
) -> Seen:
    """What the socket tells of `run`, to its end, a refusal, or what `until` waits for."""
    seen, limit = Seen(run), time.monotonic() + seconds
    while not until(seen):
        message = json.loads(socket.recv(timeout=max(0.01, limit - time.monotonic())))
        if message.get("run") not in (None, run):
            continue
        match message["type"]:
            case "frames":
                seen.frames += message["frames"]
            case "events":
                seen.events += message["events"]
            case "end":
                seen.state, seen.metrics = message["state"], message["metrics"]
                return seen
            case "error":
                seen.state, seen.error = "refused", message
                return seen
    return seen


def next_error(socket: ClientConnection, seconds: float = 5) -> dict[str, Any]:
    """The next error message."""
    limit = time.monotonic() + seconds
    while True:
        message = json.loads(socket.recv(timeout=max(0.01, limit - time.monotonic())))
        if message["type"] == "error":
            return message
