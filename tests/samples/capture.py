"""A server that keeps what it was asked, and answers by the case that stands in the address."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SOUND = bytes(range(256)) * 40
FIRST, SECOND = b'data: {"text": "first"}\n\n', b'data: {"text": "second"}\n\n'
TELLS_NOTHING = {"accept", "accept-encoding", "accept-language", "connection", "content-length", "host", "user-agent"}


@dataclass(frozen=True)
class Captured:
    """One request as it arrived; its target without the prefix that named case and sender."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        """What the query says; a quote may be percent-encoded in it or not."""
        return parse_qsl(urlsplit(self.target).query)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def chosen_headers(self) -> dict[str, str]:
        """The headers a person or the dialect chose; a form's boundary differs every time."""
        told = {name: value for name, value in self.headers.items() if name not in TELLS_NOTHING}
        told.pop("sec-fetch-mode", None)
        if told.get("content-type", "").startswith("multipart/form-data"):
            told["content-type"] = "multipart/form-data"
        return told

    @property
    def content(self) -> object:
        """The body: its bytes, or of a form every part with its name, its file and its bytes."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return self.body
        boundary = re.search(r'boundary="?([^";]+)', kind)[1].encode()
        pieces = (b"\r\n" + self.body).split(b"\r\n--" + boundary)[1:-1]
        return [_part(piece.removeprefix(b"\r\n")) for piece in pieces]


def _part(piece: bytes) -> tuple[str, str | None, bytes]:
    head, _, content = piece.partition(b"\r\n\r\n")
    name = re.search(r'[; ]name="([^"]*)"', head.decode())[1]
    file = re.search(r'filename="([^"]*)"', head.decode())
    return name, file and file[1], content


@dataclass
class Capture:
    """Where it listens and what came, by the prefix of the address: `shell/chat`."""

    url: str
    requests: dict[str, list[Captured]] = field(default_factory=dict)
    seen: dict[str, threading.Event] = field(default_factory=dict)

    def only(self, prefix: str) -> Captured:
        """The one request that came under a prefix."""
        [request] = self.requests.get(prefix, [])
        return request

    def first_was_seen(self, prefix: str) -> threading.Event:
        """Until it is set, a stream holds back its second piece."""
        return self.seen.setdefault(prefix, threading.Event())


@contextmanager
def capturing() -> Iterator[Capture]:
    """Serve on a free port. Cases: `stream` waits between two pieces, `speech` is sound, all else is a short JSON."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            _, sender, case, target = self.path.split("/", 3)
            prefix = f"{sender}/{case}"
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = (
                self.rfile.read(int(headers.get("content-length", 0)))
                if "transfer-encoding" not in headers
                else self.chunks()
            )
            kept.requests.setdefault(prefix, []).append(Captured(self.command, f"/{target}", headers, body))
            if case == "stream":
                self.stream(prefix)
            elif case == "speech":
                self.whole("audio/mpeg", SOUND)
            else:
                self.whole("application/json", b'{"ok": true}')

        do_GET = do_POST = answer

        def chunks(self) -> bytes:
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def whole(self, kind: str, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def stream(self, prefix: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(FIRST)
            self.wfile.flush()
            # Nobody who reads only whole answers ever sets it: then the second piece never comes.
            if kept.first_was_seen(prefix).wait(60):
                self.wfile.write(SECOND)
            self.close_connection = True

        def log_message(self, *told: object) -> None:
            """Tests print what they need themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    kept = Capture(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
