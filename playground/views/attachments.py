"""Attachments by their address: whole or in parts, never able to run, for members of their team."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.doors import member_required
from playground.models import Attachment

PIECE = 1 << 18
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
GUARDS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
    "Accept-Ranges": "bytes",
}


@require_safe
@member_required
def attachment(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One file, or the part of it that was asked for."""
    found = Attachment.objects.visible_to(request.user).filter(pk=uuid).first()
    if found is None or not found.path.is_file():
        raise Http404
    asked = _range(request, found)
    if asked is None:
        return _guarded(HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"}), found)
    start, end = asked
    is_part = (start, end) != (0, found.size)
    answer = StreamingHttpResponse(_pieces(found, start, end - start), status=206 if is_part else 200)
    if is_part:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    answer["Content-Length"] = str(end - start)
    saved = not found.is_shown or "download" in request.GET
    answer["Content-Disposition"] = content_disposition_header(saved, found.name) or "attachment"
    return _guarded(answer, found)


def _guarded(answer: HttpResponseBase, found: Attachment) -> HttpResponseBase:
    for name, value in GUARDS.items():
        answer[name] = value
    answer["Content-Type"] = found.mime if found.is_shown else "application/octet-stream"
    answer["ETag"] = _etag(found)
    return answer


def _range(request: HttpRequest, found: Attachment) -> tuple[int, int] | None:
    """The first byte asked for and the one after the last; None where there are no such bytes."""
    asked = ONE_RANGE.fullmatch(request.headers.get("range", ""))
    unchanged = request.headers.get("if-range") in (None, _etag(found))
    if not asked or not unchanged or not (asked[1] or asked[2]):
        return 0, found.size
    if not asked[1]:
        return max(0, found.size - int(asked[2][:18])), found.size
    start = int(asked[1][:18])
    end = min(int(asked[2][:18]) + 1, found.size) if asked[2] else found.size
    return (start, end) if start < end else None


def _etag(found: Attachment) -> str:
    return f'"{found.sha256[:32]}"'


async def _pieces(found: Attachment, start: int, length: int) -> AsyncIterator[bytes]:
    """Some bytes of a file, read off the event loop piece by piece."""
    file = await asyncio.to_thread(found.open)
    try:
        await asyncio.to_thread(file.seek, start)
        while length > 0:
            data = await asyncio.to_thread(file.read, min(PIECE, length))
            if not data:
                return
            length -= len(data)
            yield data
    finally:
        file.close()
