"""Files behind addresses that the sandbox gives out. Nothing is kept: the address says what the file is."""

import asyncio
import re

from .answers import Answer, Body
from .film import film
from .pictures import MIMES, Wish, drawn
from .refusals import Refused
from .request import Request
from .routes import route

_NAME = re.compile(r"([0-9a-f]{8,40})-(\d{1,4})x(\d{1,4})(?:-(\d{1,2})s)?\.(png|jpeg|webp|gif|svg|mp4)")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_LARGEST_SIDE = 4096
_WEEK = ("cache-control", "public, max-age=604800, immutable")


def picture_address(request: Request, number: str, width: int, height: int, form: str = "png") -> str:
    """Where a picture can be had without a key."""
    return f"{request.origin}/files/{number}-{width}x{height}.{form}"


def film_address(request: Request, number: str, width: int, height: int, seconds: int) -> str:
    """Where a film can be had without a key."""
    return f"{request.origin}/files/{number}-{width}x{height}-{seconds}s.mp4"


@route("GET", "/files/{name}", open=True)
async def file(request: Request) -> Answer:
    """A picture or a film."""
    found = _NAME.fullmatch(request.values["name"])
    if not found or not all(0 < int(side) <= _LARGEST_SIDE for side in found.group(2, 3)):
        raise Refused(404, "There is no such file.", code="not_found")
    number, width, height, form = found[1], int(found[2]), int(found[3]), found[5]
    if form == "mp4":
        seconds = min(max(int(found[4] or 4), 1), 20)
        return ranged(request, await asyncio.to_thread(film, number, width, height, seconds), "video/mp4")
    data = await asyncio.to_thread(drawn, number, Wish(width, height, form))
    return ranged(request, data, MIMES[form])


def ranged(request: Request, data: bytes, mime: str) -> Body:
    """A file, or the part of it that was asked for."""
    headers = (("accept-ranges", "bytes"), _WEEK)
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if not asked or not (asked[1] or asked[2]):
        return Body(data, mime, headers=headers)
    start = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
    end = min(int(asked[2]), len(data) - 1) if asked[1] and asked[2] else len(data) - 1
    if start > end:
        return Body(b"", mime, 416, headers=(*headers, ("content-range", f"bytes */{len(data)}")))
    told = ("content-range", f"bytes {start}-{end}/{len(data)}")
    return Body(data[start : end + 1], mime, 206, headers=(*headers, told))
