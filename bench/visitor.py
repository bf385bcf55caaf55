"""A person at the site without a browser: signs in by the form, asks for pages, opens sockets."""

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.sockets import Hear, RunsSocket


@dataclass(frozen=True)
class Page:
    """One answer: its status, its bytes, and how long it took from the request to its last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Visitor:
    """One browser's cookies and one kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {"django_language": "en"}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def sign_in(self, email: str, password: str) -> "Visitor":
        """By the form of the sign-in page."""
        form = self.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        if not token:
            raise RuntimeError("the sign-in page has no form")
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        answer = self._ask("POST", "/accounts/login/", urlencode(fields).encode())
        if "sessionid" not in self.cookies:
            raise RuntimeError(f"signing in as {email} failed with status {answer.status}")
        return self

    def get(self, path: str, *, htmx: bool = False) -> Page:
        """Ask for a page, or for the part of it that htmx would ask for."""
        return self._ask("GET", path, more={"HX-Request": "true"} if htmx else None)

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def socket(self, hear: Hear = lambda message, at, size: None) -> RunsSocket:
        """Open a socket to the runs."""
        return await RunsSocket.open(self.port, self.cookie, hear)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None) -> Page:
        headers = {"Cookie": self.cookie, "Accept": "text/html", "Referer": f"http://127.0.0.1:{self.port}/"} | (
            more or {}
        )
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        began = time.perf_counter()
        answer = self._answer(method, path, body, headers)
        text = answer.read()
        seconds = time.perf_counter() - began
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text, seconds)

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Over the kept connection; anew where the server has closed it, for it keeps one that rests for seconds only."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if method != "GET":
                raise
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
