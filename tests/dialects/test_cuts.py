"""Wherever the network cuts an answer, the same is read from it; and nothing in it makes a decoder fall."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import catalogue
from playground.dialects import PROBLEMS, open_decoder, open_events
from playground.frames import FAULTS, KINDS

from .joining import play
from .recordings import ALL, EVENT_STREAM, JSON, Recording

SHORT = 700
DIALECTS = sorted({recording.dialect for recording in ALL})

recordings = pytest.mark.parametrize("recording", ALL, ids=str)


@recordings
def test_an_answer_gives_its_frames(recording: Recording) -> None:
    played = play(recording)

    problems = [frame for frame in played.frames if frame["kind"] == "problem"]
    assert [frame for frame in played.frames if frame["kind"] != "problem"] == recording.frames
    assert [frame["code"] for frame in problems] == ([recording.problem] if recording.problem else [])
    assert (played.outcome, played.unreadable) == (recording.outcome, recording.unreadable)


@recordings
def test_every_single_cut_changes_nothing(recording: Recording) -> None:
    whole, size = play(recording), len(recording.body)
    places = range(1, size) if size <= SHORT else random.Random(size).sample(range(1, size), 300)

    assert [place for place in places if play(recording, [place]) != whole] == []


def test_every_dialect_of_the_catalogue_has_answers_that_are_cut_at_every_byte() -> None:
    spoken = {operation.dialect for operation in catalogue.operations() if operation.kind == "operation"}

    assert spoken - {recording.dialect for recording in ALL if len(recording.body) <= SHORT} == set()


@recordings
def test_byte_by_byte_changes_nothing(recording: Recording) -> None:
    assert play(recording, range(len(recording.body))) == play(recording)


@given(st.sampled_from(ALL), st.data())
@settings(deadline=None, max_examples=400)
def test_many_cuts_change_nothing(recording: Recording, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(recording.body)), max_size=12))

    assert play(recording, cuts) == play(recording)


def test_the_corpus_is_large_and_names_each_recording_once() -> None:
    names = [str(recording) for recording in ALL]

    assert len(names) >= 60
    assert len(set(names)) == len(names)


@given(
    st.binary(max_size=200) | st.sampled_from(ALL).map(lambda recording: recording.body[:3000]),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=6)), max_size=8),
    st.sampled_from(DIALECTS),
    st.sampled_from((EVENT_STREAM, JSON, "text/html", "text/plain", "audio/mpeg", "")),
    st.sampled_from((200, 204, 302, 401, 500)),
    st.booleans(),
)
@settings(deadline=None, max_examples=1500)
def test_no_bytes_make_a_decoder_fall(
    body: bytes, bites: list, dialect: str, content_type: str, status: int, broken: bool
) -> None:
    for place, bite in bites:
        body = body[:place] + bite + body[place + len(bite) :]
    decoder = open_decoder(dialect, status, content_type)

    frames = [*decoder.decode(body[:50]), *decoder.decode(body[50:]), *(decoder.abort() if broken else decoder.flush())]

    assert decoder.outcome in ("succeeded", "failed", "cut_short")
    for frame in frames:
        assert_is_a_frame(frame)
    if decoder.outcome != "succeeded" and not broken:
        assert next(frame["code"] for frame in frames if frame["kind"] == "problem") in PROBLEMS
    raw = open_events(dialect, status, content_type)
    raw.decode(body)
    raw.flush()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([each for each in ALL if each.body[:1] in b"{[de"]), st.data())
@settings(deadline=None, max_examples=1500)
def test_no_value_in_a_wrong_place_makes_a_decoder_fall(recording: Recording, data: st.DataObject) -> None:
    piece = json.dumps(data.draw(values)).encode()
    marks = [place for place in range(len(recording.body)) if recording.body[place : place + 2] in (b": ", b'":')]
    if not marks:
        return
    place = data.draw(st.sampled_from(marks)) + 2
    end = data.draw(st.integers(place, place + 20))
    body = recording.body[:place] + piece + recording.body[end:]

    decoder = open_decoder(recording.dialect, recording.status, recording.content_type)

    for frame in [*decoder.decode(body), *decoder.flush()]:
        assert_is_a_frame(frame)


def assert_is_a_frame(frame: dict) -> None:
    """A frame of a known kind whose fields have the types that readers count on."""
    assert frame["kind"] in KINDS
    for name in ("text", "arguments", "mime", "code", "message"):
        assert isinstance(frame.get(name, ""), str), frame
    for name in ("id", "name", "url", "title", "quote", "data"):
        assert isinstance(frame.get(name), str | None), frame
    for name in ("index", "input_tokens", "output_tokens", "reasoning_tokens", "cached_tokens", "retry_after_ms"):
        assert isinstance(frame.get(name), int | None), frame
    if frame["kind"] == "problem":
        assert frame["fault"] in FAULTS
        assert isinstance(frame["retry"], bool)
        assert all(isinstance(remedy["action"], str) for remedy in frame["remedies"])
