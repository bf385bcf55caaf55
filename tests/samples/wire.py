"""The sample that is a request as it stands on the wire, put onto one: line ends, the key and the files are filled in."""

import re
import socket
from collections.abc import Mapping
from http.client import HTTPResponse


def answer_to(code: str, files: Mapping[str, bytes], key: str) -> bytes:
    """What the host that the request names answers to it."""
    [host, port] = re.search(r"^Host: (.+):(\d+)$", code, re.MULTILINE).groups()
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(on_the_wire(code, files, key))
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.read()


def on_the_wire(code: str, files: Mapping[str, bytes], key: str) -> bytes:
    """The bytes of the request."""
    head, _, rest = code.replace("$GATEWAY_KEY", key, 1).partition("\n\n")
    lines = head.split("\n")
    if boundary := re.search(r"^Content-Type: multipart/form-data; boundary=(\S+)$", head, re.MULTILINE):
        content = _form(rest, boundary[1], files)
        lines.append(f"Content-Length: {len(content)}")
    else:
        length = re.search(r"^Content-Length: (\d+)$", head, re.MULTILINE)
        content = rest.encode()[: int(length[1]) if length else 0]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode() + content


def _form(text: str, boundary: str, files: Mapping[str, bytes]) -> bytes:
    parts = f"\n{text}".split(f"\n--{boundary}")[1:-1]
    return b"".join(_part(part.removeprefix("\n"), boundary, files) for part in parts) + f"--{boundary}--\r\n".encode()


def _part(part: str, boundary: str, files: Mapping[str, bytes]) -> bytes:
    head, _, text = part.partition("\n\n")
    content = files[text.removeprefix("< ./")] if text.startswith("< ./") else text.encode()
    lines = [f"--{boundary}", *head.split("\n"), ""]
    return "".join(f"{line}\r\n" for line in lines).encode() + content + b"\r\n"
