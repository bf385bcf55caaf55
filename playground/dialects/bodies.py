"""Bodies that are told as one thing at their end: error bodies, redirects, web pages, and sound or film as bytes."""

import base64
import html
import re
from urllib.parse import urlsplit

from .. import frames as pieces
from ..frames import Frame
from . import json_text, media
from .complaints import LONGEST_MESSAGE, Complaint, complaint_in, problem_of
from .envelope import Envelope, Outcome
from .framing import Body, Framing, mime_of
from .problems import problem
from .task import midjourney_complaint

ERROR_LIMIT = 1024 * 1024
MEDIA_LIMIT = 32 * 1024 * 1024
TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)


class GatheredBody:
    """A body that is gathered and told at its end, whole or broken off."""

    def __init__(self, envelope: Envelope, limit: int) -> None:
        self.outcome: Outcome | None = None
        self.unreadable = 0
        self.undecodable = 0
        self.end_reason: str | None = None
        self.finished = False
        self.closed = False
        self._envelope = envelope
        self._limit = limit
        self._gathered = bytearray()
        self._size = 0

    def decode(self, data: bytes) -> list[Frame]:
        """Nothing yet; what is over the limit is counted and dropped."""
        self._size += len(data)
        if len(self._gathered) < self._limit:
            self._gathered += data[: self._limit - len(self._gathered)]
        return []

    def flush(self) -> list[Frame]:
        """The body ended."""
        return self._told(broken=False)

    def abort(self) -> list[Frame]:
        """The body broke off."""
        return self._told(broken=True)

    def _told(self, broken: bool) -> list[Frame]:
        raise NotImplementedError


class ErrorBody(GatheredBody):
    """What comes with a status that is no success: exactly one problem, from whatever shape the body has."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope, ERROR_LIMIT)

    def _told(self, broken: bool) -> list[Frame]:
        self.outcome, self.finished = "failed", not broken
        if 300 <= self._envelope.status < 400:
            return [redirect_problem(self._envelope)]
        body = bytes(self._gathered).strip()
        if is_web_page(body, self._envelope.content_type):
            return [web_page_problem(body, self._envelope)]
        value = self._value(body)
        if known := midjourney_complaint(value):
            return [problem_of(known[1], self._envelope, code=known[0])]
        complaint = complaint_in(value, failed=True) if value is not None else None
        return [problem_of(complaint or Complaint(message=_plain(body)), self._envelope)]

    def _value(self, body: bytes) -> object:
        """The JSON value of the body, or of the first readable event if it is a stream; None where there is none."""
        cut = Body(self._envelope.content_type)
        for _name, data in [*cut.pieces(body), *cut.rest()]:
            if cut.framing is Framing.WHOLE and data[:1] not in (b"{", b"["):
                return None
            try:
                return json_text.value_of(data)
            except json_text.Unreadable:
                self.unreadable += 1
        return None


class MediaBody(GatheredBody):
    """Sound, a picture or a film as bytes: one media frame. Past the limit none of it is kept, only what it was."""

    def __init__(self, envelope: Envelope, limit: int = MEDIA_LIMIT) -> None:
        super().__init__(envelope, limit)

    def _told(self, broken: bool) -> list[Frame]:
        self.finished = not broken
        if not self._size:
            self.outcome = "failed"
            return [] if broken else [problem("empty_answer", status=self._envelope.status)]
        mime = self._mime()
        if self._size > self._limit:
            self.outcome = "cut_short"
            told = problem("over_limit", limit="media", limit_bytes=self._limit, size=self._size)
            return [{**pieces.media(mime), "size": self._size}, told]
        self.outcome = "cut_short" if broken else "succeeded"
        return [pieces.media(mime, data=base64.b64encode(self._gathered).decode())]

    def _mime(self) -> str:
        named = mime_of(self._envelope.content_type)
        if named and named not in VAGUE_TYPES:
            return named
        return media.mime_of_bytes(bytes(self._gathered[:16]))


class NoBody(GatheredBody):
    """The answer that says itself that it has no body."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope, 0)

    def _told(self, broken: bool) -> list[Frame]:
        self.outcome, self.finished = "succeeded", True
        return []


VAGUE_TYPES = frozenset(("application/octet-stream", "binary/octet-stream"))


def is_media(content_type: str, is_talk: bool = False) -> bool:
    """Whether a body is sound, picture or film as bytes. `is_talk`: the dialect never sends them under a vague label."""
    mime = mime_of(content_type)
    return mime.startswith(("audio/", "video/", "image/")) or (mime in VAGUE_TYPES and not is_talk)


def is_web_page(body: bytes, content_type: str) -> bool:
    """Whether a body is a web page, by its label or by how it begins."""
    start = body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return mime_of(content_type) in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype", b"<html"))


def web_page_problem(body: bytes, envelope: Envelope) -> Frame:
    """The problem of an answer that is a web page; its title often says what it is."""
    title = TITLE.search(body)
    words = html.unescape(title[1].decode("utf-8", "replace")).strip() if title else None
    busy = envelope.status in (429, 503) or envelope.status >= 500
    return problem(
        "html",
        retry=busy if envelope.should_retry is None else envelope.should_retry,
        retry_after_ms=envelope.retry_after_ms,
        status=envelope.status,
        title=words or None,
        request_id=envelope.request_id,
    )


def redirect_problem(envelope: Envelope) -> Frame:
    """The problem of an answer that points elsewhere."""
    host = _host_of(envelope.headers.get("location", ""))
    where = f" to {host}" if host else ""
    return problem(
        "redirect",
        f"The gateway answered with a redirect{where}, and redirects are never followed.",
        status=envelope.status,
        host=host or None,
        request_id=envelope.request_id,
    )


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def _plain(body: bytes) -> str:
    return body[:LONGEST_MESSAGE].decode("utf-8", "replace").strip()
