"""Dialects: the bytes of an answer become frames, wherever the network happened to cut them.

    decoder = open_decoder("openai-chat", 200, "text/event-stream")
    frames = [*decoder.decode(b'data: {"choices": [{"delta": {"con'), *decoder.decode(…), *decoder.flush()]

Pure: no Django, no network, no clock. Model text keeps what JSON can carry, NUL and lone surrogates included: the log
takes care of storing them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ..frames import Frame
from .answer import Answer
from .anthropic_messages import MessagesReader
from .bodies import ErrorBody, MediaBody, NoBody, is_media
from .envelope import Envelope, Outcome
from .framing import BODY_LIMIT, Body, RawBytes, RawEvents
from .gemini import GeminiReader
from .openai_chat import ChatReader
from .openai_responses import ResponsesReader
from .problems import PROBLEMS, Problem
from .reader import Reader
from .sse import EVENT_LIMIT, Event
from .task import MidjourneyReader, VideoReader
from .whole import WholeReader

__all__ = ["PROBLEMS", "Decoder", "Event", "EventReader", "Outcome", "Problem", "open_decoder", "open_events"]

READERS: dict[str, type[Reader]] = {
    "openai-chat": ChatReader,
    "openai-completions": ChatReader,
    "openai-responses": ResponsesReader,
    "anthropic-messages": MessagesReader,
    "gemini": GeminiReader,
    "sora-video": VideoReader,
    "midjourney": MidjourneyReader,
}

TALKS = frozenset(READERS) - {"sora-video"}
WITHOUT_BODY = frozenset((204, 205))


class Decoder(Protocol):
    """Reads one answer's body.

    `outcome` is None while the body goes on; an answer past one of our limits ends itself early, with its problem told,
    and the reader of the body may stop. After `flush` every other outcome than succeeded has its problem among the frames.
    After `abort` (the body broke) `outcome` tells what the dialect saw: succeeded if an end mark had come.
    """

    @property
    def outcome(self) -> Outcome | None: ...

    @property
    def finished(self) -> bool:
        """Whether an end mark has been seen."""

    @property
    def closed(self) -> bool:
        """Whether a mark has been seen after which nothing of an answer comes, so that nobody need wait for more."""

    @property
    def end_reason(self) -> str | None:
        """The vendor's word for why the answer ended (`stop`, `length`, `max_tokens`, `SAFETY` …)."""

    @property
    def unreadable(self) -> int:
        """Broken events skipped so far."""

    @property
    def undecodable(self) -> int:
        """Events so far in which bad UTF-8 was replaced."""

    def decode(self, data: bytes) -> list[Frame]:
        """The frames these bytes make certain."""

    def flush(self) -> list[Frame]:
        """The body ended cleanly: what is left, and a problem if the answer is not whole."""

    def abort(self) -> list[Frame]:
        """The body broke: what was pending, without a problem of its own."""


class EventReader(Protocol):
    """Reads a body's raw events: what arrived, before anybody asks what it means."""

    def decode(self, data: bytes) -> list[Event]:
        """The events that end within these bytes."""

    def flush(self) -> list[Event]:
        """What the end of the body makes complete."""


def open_decoder(
    dialect: str,
    status: int,
    content_type: str,
    path: str = "",
    headers: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
    event_limit: int = EVENT_LIMIT,
    body_limit: int = BODY_LIMIT,
) -> Decoder:
    """The decoder for an answer, chosen by its status and content type, then by the catalogue's name of the dialect.

    `headers` tell request id and waiting times; `now` is needed only where Retry-After is a date and no Date came with it.
    """
    small = {name.lower(): value for name, value in (headers or {}).items()}
    envelope = Envelope(status, content_type, path, small, now)
    if status >= 300:
        return ErrorBody(envelope)
    if status in WITHOUT_BODY:
        return NoBody(envelope)
    if is_media(content_type, is_talk=dialect in TALKS):
        return MediaBody(envelope, limit=event_limit)
    reader = _reader_for(dialect, envelope)
    return Answer(reader, _body_for(reader, content_type, event_limit, body_limit), envelope)


def open_events(dialect: str, status: int, content_type: str) -> EventReader:
    """The reader of an answer's raw events, cut as `open_decoder` cuts them."""
    if is_media(content_type, is_talk=dialect in TALKS):
        return RawBytes(content_type)
    reader = _reader_for(dialect, Envelope(status, content_type))
    return RawEvents(_body_for(reader, content_type, EVENT_LIMIT, BODY_LIMIT))


def _reader_for(dialect: str, envelope: Envelope) -> Reader:
    if dialect in READERS:
        return READERS[dialect](envelope)
    return WholeReader(envelope, takes_plain_text=dialect == "openai-audio")


def _body_for(reader: Reader, content_type: str, event_limit: int, body_limit: int) -> Body:
    return Body(
        content_type,
        values=reader.values,
        plain_text=reader.takes_plain_text,
        event_limit=event_limit,
        body_limit=body_limit,
    )
