"""POST /v1/images/generations and /v1/images/edits: real pictures, by base64, by address or as a stream with previews."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from . import answers, attachments, strict_media
from .answers import Answer, Event, Stream
from .files import picture_address
from .forms import Given
from .pictures import MIMES, Wish, drawn
from .quotas import units_per_call
from .reading import string, strings, table, tables
from .refusals import Refused
from .request import Request
from .routes import route
from .words import tokens

_USUAL = 1024
_MOST = 10
_LARGEST_SIDE = 4096
_DETAIL = {"low": 272, "medium": 1056, "high": 4160, "xhigh": 6000, "max": 8000}
_WORDS_A_PICTURE = 40


@route("POST", "/v1/images/generations")
async def generations(request: Request) -> Answer:
    """Pictures from a description."""
    if request.strict:
        strict_media.images(request.given)
    return await _answered(request, "image_generation")


@route("POST", "/v1/images/edits")
async def edits(request: Request) -> Answer:
    """Pictures from pictures and a description."""
    if request.strict:
        strict_media.image_edits(request.given)
    return await _answered(request, "image_edit")


async def _answered(request: Request, event: str) -> Answer:
    given = request.given
    wish, count = _wish(given), given.whole("n", 1, _MOST, 1)
    numbers = [request.seed.hex(f"picture {index}") for index in range(count)]
    told = _told(request, wish, count)
    cost = units_per_call(request.model.base or "gpt-image-1", count)
    if given.flag("stream"):
        return await _streamed(request, event, wish, numbers, told, cost)
    data = [await _picture(request, wish, number) for number in numbers]
    answer = {"created": request.seed.created, "data": data, **told}
    return answers.json(answer, words=_WORDS_A_PICTURE * count, units=cost)


def _wish(given: Given) -> Wish:
    form = given.text("output_format")
    form = form if form in MIMES else "png"
    width, height = _size(given.text("size") or string(table(given.fields, "parameters").get("size")))
    return Wish(
        width,
        height,
        form,
        compression=given.whole("output_compression", 1, 100, 90) if form in ("jpeg", "webp") else 90,
        transparent=given.text("background") == "transparent" and form in ("png", "webp"),
        frames=given.whole("frame_count", 2, 16, 9) if form == "gif" else 4,
        frame_ms=given.whole("frame_duration_ms", 20, 5000, 200) if form == "gif" else 200,
    )


def _size(asked: str) -> tuple[int, int]:
    width, _, height = asked.lower().replace("*", "x").partition("x")
    if width.isdigit() and height.isdigit() and 0 < int(width) <= _LARGEST_SIDE and 0 < int(height) <= _LARGEST_SIDE:
        return int(width), int(height)
    if asked and asked != "auto" and "x" in asked:
        raise Refused(400, f"Invalid size: '{asked[:40]}'.", code="invalid_value", param="size")
    return _USUAL, _USUAL


async def _picture(request: Request, wish: Wish, number: str) -> dict[str, Any]:
    told: dict[str, Any] = {} if _by_tokens(request) else {"revised_prompt": _prompt(request.given)[:2000]}
    if _by_address(request):
        return {"url": picture_address(request, number, wish.width, wish.height, wish.form), **told}
    return {"b64_json": await _encoded(number, wish), **told}


def _by_tokens(request: Request) -> bool:
    return request.model.base.startswith(("gpt-image", "chatgpt-image"))


def _by_address(request: Request) -> bool:
    return not _by_tokens(request) and request.given.text("response_format") != "b64_json"


async def _encoded(number: str, wish: Wish) -> str:
    return b64encode(await asyncio.to_thread(drawn, number, wish)).decode()


def _told(request: Request, wish: Wish, count: int) -> dict[str, Any]:
    """What models that are paid by tokens tell besides."""
    if not _by_tokens(request):
        return {}
    quality = request.given.text("quality")
    return {
        "background": "transparent" if wish.transparent else "opaque",
        "output_format": wish.form,
        "quality": quality if quality in _DETAIL else "medium",
        "size": f"{wish.width}x{wish.height}",
        "usage": _usage(request.given, quality, count),
    }


def _usage(given: Given, quality: str, count: int) -> dict[str, Any]:
    text, seen = tokens(_prompt(given)), 323 * len(_sent_along(given))
    drawn_tokens = _DETAIL.get(quality, _DETAIL["medium"]) * count
    return {
        "input_tokens": text + seen,
        "output_tokens": drawn_tokens,
        "total_tokens": text + seen + drawn_tokens,
        "input_tokens_details": {"text_tokens": text, "image_tokens": seen},
    }


def _prompt(given: Given) -> str:
    """The description, described pictures included; also in the shape of qwen-image."""
    messages = tables(table(given.fields, "input").get("messages"))
    parts = [string(part.get("text")) for message in messages for part in tables(message.get("content"))]
    seen = [each.described(chinese=False) for each in _sent_along(given)]
    return "\n".join(text for text in (given.text("prompt"), *parts, *seen) if text)


def _sent_along(given: Given) -> list[attachments.Attachment]:
    files = [
        attachments.from_file("image", file.mime, file.content, file.name)
        for file in given.files_named("image", "mask", "markup")
    ]
    inline = [text for name in ("image", "images", "mask") for text in strings(given.fields.get(name))]
    return files + [attachments.from_address("image", text) for text in inline]


async def _streamed(
    request: Request, event: str, wish: Wish, numbers: list[str], told: dict[str, Any], cost: int
) -> Stream:
    if wish.form in ("gif", "svg"):
        raise Refused(400, f"{wish.form} pictures cannot be streamed.", code="invalid_value", param="stream")
    previews = request.given.whole("partial_images", 0, 3, 0)
    usage = told.pop("usage", None) or _usage(request.given, "medium", 1)
    usage = usage if len(numbers) == 1 else _usage(request.given, request.given.text("quality"), 1)
    wishes = [*(replace(wish, draft=place) for place in range(previews)), wish]
    drawn_all = [[await _encoded(number, each) for each in wishes] for number in numbers]
    return Stream(_events(request, event, drawn_all, _facts(wish, told), usage), units=cost)


def _facts(wish: Wish, told: dict[str, Any]) -> dict[str, Any]:
    usual = {"background": "opaque", "output_format": wish.form, "quality": "medium"}
    return {"size": f"{wish.width}x{wish.height}", **usual, **told}


def _events(
    request: Request, event: str, pictures: list[list[str]], facts: dict[str, Any], usage: dict[str, Any]
) -> Iterator[Event]:
    created = request.seed.created
    for *previews, whole in pictures:
        for place, data in enumerate(previews):
            kind = f"{event}.partial_image"
            told = {"type": kind, "b64_json": data, "created_at": created, **facts, "partial_image_index": place}
            yield Event(told, name=kind, words=_WORDS_A_PICTURE)
        kind = f"{event}.completed"
        told = {"type": kind, "b64_json": whole, "created_at": created + 9, **facts, "usage": usage}
        yield Event(told, name=kind, words=_WORDS_A_PICTURE, ends=True)
