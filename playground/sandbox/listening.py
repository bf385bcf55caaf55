"""POST /v1/audio/transcriptions and /v1/audio/translations: sound to text, in every format and as a stream."""

import asyncio
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from . import answers, attachments, strict_media
from .answers import Answer, Body, Event, Stream
from .logprobs import openai_tokens
from .quotas import units, units_per_call
from .refusals import Refused
from .request import Request
from .routes import route
from .sound import seconds
from .transcripts import Transcript, heard, speaker, spoken_words, srt, vtt
from .words import tokens, words

_TOKENS_A_SECOND = 10
_LETTERS = "text/plain; charset=utf-8"


@route("POST", "/v1/audio/transcriptions")
async def transcriptions(request: Request) -> Answer:
    """What was said, in the language it was said in."""
    transcript = await _heard(request, chinese=request.given.text("language").lower().startswith(("zh", "yue")))
    if request.given.flag("stream") and not _old(request):
        return Stream(_events(request, transcript), units=_cost(request, transcript))
    return _written(request, transcript, task="transcribe")


@route("POST", "/v1/audio/translations")
async def translations(request: Request) -> Answer:
    """What was said, in English."""
    return _written(request, await _heard(request, chinese=False), task="translate")


async def _heard(request: Request, chinese: bool) -> Transcript:
    if request.strict:
        strict_media.transcription(request.given)
    name, mime, content = _sound(request)
    described = attachments.from_file("audio", mime, content, name)
    length = await asyncio.to_thread(seconds, content)
    if length is None and request.strict:
        raise Refused(400, "Audio file might be corrupted or unsupported", code="invalid_value", param="file")
    return heard(described, length or max(1.0, len(content) / 16_000), chinese)


def _sound(request: Request) -> tuple[str, str, memoryview]:
    for file in request.given.files_named("file"):
        return file.name, file.mime, file.content
    inline = request.given.text("file")
    if not inline:
        raise Refused(400, "Missing required parameter: 'file'.", code="missing_required_parameter", param="file")
    head, _, data = inline.rpartition(",")
    try:
        content = b64decode(data, validate=True)
    except ValueError:
        raise Refused(400, "'file' must be a file or base64.", code="invalid_value", param="file") from None
    return "", head.removeprefix("data:").partition(";")[0], memoryview(content)


def _old(request: Request) -> bool:
    return request.model.base.startswith("whisper")


def _written(request: Request, transcript: Transcript, task: str) -> Body:
    cost, length = _cost(request, transcript), len(words(transcript.text))
    match request.given.text("response_format"):
        case "text":
            return Body(f"{transcript.text}\n".encode(), _LETTERS, words=length, units=cost)
        case "srt":
            return Body(srt(transcript).encode(), _LETTERS, words=length, units=cost)
        case "vtt":
            return Body(vtt(transcript).encode(), _LETTERS, words=length, units=cost)
        case "verbose_json":
            told = _verbose(request, transcript, task)
        case "diarized_json":
            told = _diarized(request, transcript)
        case _:
            told = {"text": transcript.text, "usage": _usage(request, transcript), **_logprobs(request, transcript)}
    return answers.json(told, words=length, units=cost)


def _verbose(request: Request, transcript: Transcript, task: str) -> dict[str, Any]:
    segments = [
        {
            "id": segment.number,
            "seek": 0,
            "start": segment.start,
            "end": segment.end,
            "text": segment.text,
            "tokens": [50364 + letter % 1000 for letter in segment.text.encode()[:16]],
            "temperature": request.given.number("temperature") or 0.0,
            "avg_logprob": -0.28,
            "compression_ratio": 1.2,
            "no_speech_prob": 0.01,
        }
        for segment in transcript.segments
    ]
    told: dict[str, Any] = {"task": task, "language": transcript.language, "duration": transcript.seconds}
    told |= {"text": transcript.text, "segments": segments}
    if "word" in request.given.texts("timestamp_granularities"):
        told["words"] = [word for segment in transcript.segments for word in spoken_words(segment)]
    return told if task == "translate" else {**told, "usage": _by_duration(transcript)}


def _diarized(request: Request, transcript: Transcript) -> dict[str, Any]:
    head = {"task": "transcribe", "duration": transcript.seconds, "text": transcript.text}
    return {**head, "segments": list(_spoken(request, transcript)), "usage": _usage(request, transcript)}


def _spoken(request: Request, transcript: Transcript) -> Iterator[dict[str, Any]]:
    names = request.given.texts("known_speaker_names")
    for segment in transcript.segments:
        yield {
            "type": "transcript.text.segment",
            "id": f"seg_{segment.number + 1}",
            "start": segment.start,
            "end": segment.end,
            "text": segment.text,
            "speaker": speaker(segment, names, request.seed),
        }


def _usage(request: Request, transcript: Transcript) -> dict[str, Any]:
    if _old(request):
        return _by_duration(transcript)
    sound, said = max(1, round(transcript.seconds * _TOKENS_A_SECOND)), tokens(transcript.text)
    hint = tokens(request.given.text("prompt"))
    details = {"text_tokens": hint, "audio_tokens": sound}
    count = {"input_tokens": sound + hint, "output_tokens": said, "total_tokens": sound + hint + said}
    return {"type": "tokens", **count, "input_token_details": details}


def _by_duration(transcript: Transcript) -> dict[str, Any]:
    return {"type": "duration", "seconds": round(transcript.seconds)}


def _cost(request: Request, transcript: Transcript) -> int:
    if _old(request):
        return units_per_call(request.model.base)
    usage = _usage(request, transcript)
    return units(request.model.base, usage["input_tokens"], usage["output_tokens"])


def _logprobs(request: Request, transcript: Transcript) -> dict[str, Any]:
    if "logprobs" not in request.given.texts("include"):
        return {}
    likely = openai_tokens(words(transcript.text), 0, request.seed)
    return {"logprobs": [{name: each[name] for name in ("token", "logprob", "bytes")} for each in likely]}


def _events(request: Request, transcript: Transcript) -> Iterator[Event]:
    """The text in pieces; with the model that tells speakers apart, each sentence again when it is whole."""
    diarizes = "diarize" in request.model.base
    separator = "" if transcript.language == "chinese" else " "
    for told in _spoken(request, transcript):
        sentence = told["text"] if told["id"] == "seg_1" else separator + told["text"]
        for piece in words(sentence):
            delta = {"type": "transcript.text.delta", "delta": piece}
            yield Event({**delta, **({"segment_id": told["id"]} if diarizes else {})}, words=1, text=piece)
        if diarizes:
            yield Event(told)
    usage = {} if _old(request) else {"usage": _usage(request, transcript)}
    yield Event(
        {"type": "transcript.text.done", "text": transcript.text, **_logprobs(request, transcript), **usage}, ends=True
    )
