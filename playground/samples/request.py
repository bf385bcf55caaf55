"""A call spelled out for whoever writes it down: its whole address, every header, its body or form, what comes back."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from playground import catalogue
from playground.calls import Call, with_key

KEY = "gateway-key-stands-here"
FILE_MARK = re.compile(r'"@file:((?:[^"\\]|\\.)+)"')

# What a sound is called by the format that was asked for; anything else is an MP3, as in the document.
SOUNDS = {"wav", "opus", "aac", "flac", "pcm"}
SOUND_ASKED = re.compile(rb'"response_format"\s*:\s*"(\w+)"')
BOUNDARY = re.compile(r"boundary=(\S+)")
PART_HEAD = re.compile(r'name="(?P<name>[^"]*)"(?:; filename="(?P<file>[^"]*)")?(?:\r\nContent-Type: (?P<mime>.+))?')


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form: a text, or the file of that name."""

    name: str
    text: str = ""
    file: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a sample has to say. The key is not in it: its header is a name, what stands before the key, and a variable.

    `body` is None where none is sent; `form` holds the parts of a multipart body, whose content type is then left to
    the language. `saves_to` names the file of an answer that is no text.
    """

    call: Call
    base_url: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    key_header: tuple[str, str]
    key_variable: str
    body: str | None = None
    form: tuple[Part, ...] = ()
    streaming: bool = False
    saves_to: str = ""

    @property
    def target(self) -> str:
        """Path and query, as the first line of a raw request has them."""
        address = urlsplit(self.url)
        return address.path + (f"?{address.query}" if address.query else "")

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def text(self) -> str:
        """The body's text, empty where there is none."""
        return self.body or ""

    @property
    def missing_files(self) -> tuple[str, ...]:
        """Files whose place in the JSON is still marked, because only the site holds them."""
        return tuple(dict.fromkeys(FILE_MARK.findall(self.text)))


def request_of(call: Call, base_url: str, key_variable: str) -> Request:
    """The request that goes out for a call, its key replaced by the name of a variable."""
    *headers, (key_name, key_value) = with_key(call, KEY)
    form = _parts(call)
    return Request(
        call=call,
        base_url=base_url.rstrip("/"),
        method=call.method,
        url=address_of(call, base_url),
        headers=tuple(pair for pair in headers if not (form and pair[0] == "Content-Type")),
        key_header=(key_name, key_value.removesuffix(KEY)),
        key_variable=key_variable,
        body=call.body.decode() if call.body and not form else None,
        form=form,
        streaming=call.streaming,
        saves_to=_file_of(call),
    )


def address_of(call: Call, base_url: str) -> str:
    """Where a call goes, its query encoded as the gateway's client encodes it."""
    query = f"?{urlencode(call.query)}" if call.query else ""
    return base_url.rstrip("/") + call.path + query


def _parts(call: Call) -> tuple[Part, ...]:
    boundary = BOUNDARY.search(call.content_type)
    if boundary is None or not call.content_type.startswith("multipart/"):
        return ()
    between = b"--" + boundary[1].encode()
    pieces = (b"\r\n" + call.body).split(b"\r\n" + between)[1:-1]
    return tuple(_part(piece.removeprefix(b"\r\n")) for piece in pieces)


def _part(piece: bytes) -> Part:
    head, _, content = piece.partition(b"\r\n\r\n")
    found = PART_HEAD.search(head.decode())
    if found is None:
        raise ValueError("a part without a name")
    name = _unquoted(found["name"])
    if found["file"] is None:
        return Part(name, content.decode())
    return Part(name, file=_unquoted(found["file"]), mime=found["mime"] or "application/octet-stream")


def _unquoted(name: str) -> str:
    return name.replace("%0D", "\r").replace("%0A", "\n").replace("%22", '"')


def _file_of(call: Call) -> str:
    """The name of the file that an answer is saved to; empty where the answer is text."""
    operation = catalogue.find(call.operation)
    kinds = operation.result_kinds if operation else ()
    if kinds == ("video",):
        return "video.mp4"
    if kinds == ("audio",) and call.dialect == "openai-audio" and not call.streaming:
        asked = SOUND_ASKED.search(call.body)
        ending = asked[1].decode() if asked else "mp3"
        return f"speech.{ending if ending in SOUNDS else 'mp3'}"
    return ""
