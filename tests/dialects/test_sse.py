"""Events out of bytes, by themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.dialects import open_events
from playground.dialects.sse import Decoder, Event, EventTooLarge

from .recordings import EVENT_STREAM, JSON


def read(*parts: bytes, limit: int = 1000) -> list[Event]:
    decoder = Decoder(limit)
    return [event for part in parts for event in decoder.decode(part)] + decoder.flush()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_may_end_in_any_way(end: str) -> None:
    stream = f"event: a{end}data: 1{end}data:2{end}{end}: note{end}{end}data: 3{end}{end}".encode()

    assert read(stream) == [Event("a", "1\n2"), Event(None, "3")]
    assert read(*(bytes([byte]) for byte in stream)) == read(stream)


def test_one_byte_order_mark_is_dropped_and_no_more() -> None:
    assert read(b"\xef\xbb\xbfdata: 1\n\n\xef\xbb\xbfdata: 2\n\n") == [Event(None, "1")]
    assert read(b"\xef", b"\xbb", b"\xbfdata: 1\n\n") == [Event(None, "1")]


def test_one_space_after_the_colon_is_dropped_and_no_more() -> None:
    assert read(b"data:  1\n\ndata:1\n\ndata\n\n") == [Event(None, " 1"), Event(None, "1"), Event(None, "")]


def test_a_name_counts_for_its_own_event_only() -> None:
    assert read(b"event: a\ndata: 1\n\ndata: 2\n\nevent: b\n\ndata: 3\n\n") == [
        Event("a", "1"),
        Event(None, "2"),
        Event(None, "3"),
    ]


def test_the_last_event_needs_no_blank_line() -> None:
    assert read(b"data: 1\n\ndata: 2") == [Event(None, "1"), Event(None, "2")]
    assert read(b"data: 1\n\ndata: 2\n") == [Event(None, "1"), Event(None, "2")]


def test_bad_utf8_is_replaced_and_counted() -> None:
    decoder = Decoder()

    assert decoder.decode(b"data: a\xff\n\ndata: b\n\n") == [Event(None, "a\ufffd"), Event(None, "b")]
    assert decoder.undecodable == 1


def test_past_an_event_over_the_limit_nothing_is_given() -> None:
    decoder = Decoder(limit=20)

    assert decoder.decode(b"data: 1\n\ndata: " + b"x" * 30 + b"\n\ndata: 2\n\n") == [Event(None, "1")]
    assert decoder.decode(b"data: 3\n\n") + decoder.flush() == []
    with pytest.raises(EventTooLarge):
        decoder.check()


def test_the_limit_is_for_one_event_not_for_a_read() -> None:
    decoder = Decoder(limit=20)

    assert len(decoder.decode(b"data: 12345\n\n" * 50)) == 50
    decoder.check()


lines = st.sampled_from(
    (
        b"data: {}",
        b"data:x",
        b"data",
        b"event: a",
        b": note",
        b"id: 1",
        b"junk",
        b"",
        b"",
        b"data: " + b"y" * 40,
        b"\xff",
    )
)


@given(st.lists(st.tuples(lines, st.sampled_from((b"\n", b"\r", b"\r\n"))), max_size=20), st.data())
@settings(deadline=None, max_examples=1000)
def test_any_stream_reads_the_same_however_it_is_cut(rows: list, data: st.DataObject) -> None:
    stream = b"".join(line + end for line, end in rows)
    limit = data.draw(st.sampled_from((25, 60, 1000)))
    cut = data.draw(st.integers(0, len(stream)))

    whole = read(stream, limit=limit)
    assert read(stream[:cut], stream[cut:], limit=limit) == whole
    assert read(*(bytes([byte]) for byte in stream), limit=limit) == whole


def raw(dialect: str, content_type: str, body: bytes, status: int = 200) -> list[Event]:
    reader = open_events(dialect, status, content_type)
    return [*reader.decode(body[:7]), *reader.decode(body[7:]), *reader.flush()]


def test_raw_events_of_a_stream_are_its_events_the_end_mark_too() -> None:
    body = b'event: a\ndata: {"x": 1}\n\ndata: [DONE]\n\n'

    assert raw("openai-chat", EVENT_STREAM, body) == [Event("a", '{"x": 1}'), Event(None, "[DONE]")]


def test_raw_events_of_a_whole_answer_are_one() -> None:
    assert raw("openai-chat", JSON, b'{"a":\n 1}\n') == [Event(None, '{"a":\n 1}')]
    assert raw("openai-chat", EVENT_STREAM, b'{"error":\n 1}\n') == [Event(None, '{"error":\n 1}')]
    assert raw("openai-chat", "text/html", b"<html>\n</html>", 502) == [Event(None, "<html>\n</html>")]


def test_raw_events_of_a_gemini_array_are_its_objects() -> None:
    assert raw("gemini", JSON, b'[{"a": "}"}\n,\n{"b": {}}]') == [Event(None, '{"a": "}"}'), Event(None, '{"b": {}}')]


def test_raw_events_of_sound_tell_how_much_it_was() -> None:
    assert raw("openai-audio", "audio/mpeg", b"ID3" + bytes(97)) == [Event("binary", "100 bytes of audio/mpeg")]
