"""Sound to text and text to sound."""

import io
import re
from base64 import b64decode
from typing import Any

import av
import httpx
import openai
import pytest

from .conftest import leftovers

FORMATS = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
}
OLD, NEW = "whisper-1:fast", "gpt-4o-mini-transcribe:fast"


def decoded(data: bytes) -> tuple[str, int]:
    """Codec and number of samples."""
    with av.open(io.BytesIO(data)) as sound:
        return sound.streams.audio[0].codec_context.name, sum(frame.samples for frame in sound.decode(audio=0))


@pytest.fixture(scope="session")
def sound(sandbox: str) -> tuple[str, bytes]:
    body = {"model": "tts-1:fast", "input": "one two three four five six seven", "voice": "alloy"}
    answer = httpx.post(f"{sandbox}/v1/audio/speech", json=body, headers={"authorization": "Bearer sk-a"})
    return "speech.mp3", answer.content


@pytest.mark.parametrize("form", FORMATS)
def test_speech_is_a_sound_of_the_kind_that_was_asked_for(http: httpx.Client, form: str) -> None:
    body = {"model": "tts-1:fast", "input": "你好，欢迎", "voice": "alloy", "response_format": form}

    answer = http.post("/v1/audio/speech", json=body)

    codec, samples = decoded(answer.content)
    assert answer.headers["content-type"] == FORMATS[form]
    assert codec.startswith({"wav": "pcm_s16le", "mp3": "mp3", "opus": "opus"}.get(form, form)) and samples > 8000


def test_raw_speech_is_samples_and_faster_speech_is_shorter(http: httpx.Client) -> None:
    body = {"model": "tts-1:fast", "input": "one two three four", "voice": "alloy", "response_format": "pcm"}

    usual = http.post("/v1/audio/speech", json=body).content
    quick = http.post("/v1/audio/speech", json={**body, "speed": 2.0}).content

    assert 0.4 < len(quick) / len(usual) < 0.6


def test_speech_by_events_is_the_same_sound(gpt: openai.OpenAI, http: httpx.Client) -> None:
    asked = {"model": "gpt-4o-mini-tts:fast", "input": "hello there", "voice": "alloy"}

    whole = gpt.audio.speech.create(**asked).content
    events = http.post("/v1/audio/speech", json={**asked, "stream_format": "sse"}).text

    pieces = re.findall(r'"audio":"([^"]+)"', events)
    assert b"".join(b64decode(piece) for piece in pieces) == whole
    assert '"type":"speech.audio.done","usage":{"input_tokens":' in events


@pytest.mark.parametrize(("form", "kind"), [("json", "Transcription"), ("verbose_json", "TranscriptionVerbose")])
def test_a_transcript_has_the_vendors_type(gpt: openai.OpenAI, sound: Any, form: Any, kind: str) -> None:
    told = gpt.audio.transcriptions.create(
        model=OLD, file=sound, response_format=form, timestamp_granularities=["word", "segment"]
    )

    assert type(told).__name__ == kind and "audio/mpeg" in told.text and leftovers(told) in ([], [".task"])
    if form == "verbose_json":
        assert 0.5 < told.duration < 2 and told.segments[-1].end == pytest.approx(told.duration, abs=0.02)
        assert "".join(word.word for word in told.words) == told.text.replace(" ", "")


def test_chinese_is_heard_in_chinese_and_translated_to_english(gpt: openai.OpenAI, sound: Any) -> None:
    heard = gpt.audio.transcriptions.create(model=NEW, file=sound, language="zh").text
    translated = gpt.audio.translations.create(model=OLD, file=sound).text

    assert heard.startswith("这里是沙盒") and translated.startswith("This is the sandbox")


def test_subtitles_count_up(gpt: openai.OpenAI, sound: Any) -> None:
    srt = gpt.audio.transcriptions.create(model=OLD, file=sound, response_format="srt")
    vtt = gpt.audio.transcriptions.create(model=OLD, file=sound, response_format="vtt")

    assert srt.startswith("1\n00:00:00,000 --> 00:00:00,") and vtt.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:00.")
    assert len(re.findall(r"-->", srt)) == len(re.findall(r"-->", vtt)) == 4


def test_a_transcript_streams_its_text(gpt: openai.OpenAI, sound: Any) -> None:
    *deltas, done = gpt.audio.transcriptions.create(model=NEW, file=sound, stream=True)

    assert "".join(event.delta for event in deltas) == done.text and len(deltas) > 3
    assert done.usage.total_tokens > 0 and leftovers(done) == []


def test_speakers_are_told_apart(gpt: openai.OpenAI, sound: Any) -> None:
    asked = {"model": "gpt-4o-transcribe-diarize:fast", "file": sound, "chunking_strategy": "auto"}

    whole = gpt.audio.transcriptions.create(**asked, response_format="diarized_json")
    events = list(gpt.audio.transcriptions.create(**asked, stream=True))

    assert len({segment.speaker for segment in whole.segments}) == 2 and leftovers(whole) == []
    assert [event.text for event in events if event.type == "transcript.text.segment"] == [
        segment.text for segment in whole.segments
    ]


def test_whisper_ignores_stream(http: httpx.Client, sound: Any) -> None:
    answer = http.post("/v1/audio/transcriptions", data={"model": OLD, "stream": "true"}, files={"file": sound})

    assert answer.headers["content-type"] == "application/json" and answer.json()["usage"]["type"] == "duration"


def test_a_transcript_needs_a_file(http: httpx.Client) -> None:
    answer = http.post("/v1/audio/transcriptions", data={"model": OLD}, files={"other": ("a", b"")})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "file")


def test_strictness_refuses_a_file_that_is_no_sound(http: httpx.Client) -> None:
    files = {"file": ("a.mp3", b"this is no sound", "audio/mpeg")}

    strict = http.post("/v1/audio/transcriptions", data={"model": OLD}, files=files, headers={"x-sandbox-strict": "1"})
    usual = http.post("/v1/audio/transcriptions", data={"model": OLD}, files=files)

    assert (strict.status_code, usual.status_code) == (400, 200)
