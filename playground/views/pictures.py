"""Pictures, sounds and films that an answer only points to: kept here or fetched by the site, never by a person's browser."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import unquote
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from accounts.requests import MemberRequest
from playground import gateway
from playground.addresses import BadAddress, parted
from playground.calls import Call
from playground.dialects.media import mime_of_bytes
from playground.gateway import GatewayError, Limits, Route
from playground.models import Attachment, Run
from playground.models.attachments import SHOWN
from playground.runs.start import own_address
from playground.tasks.media import keep_bytes, kept_of
from playground.views.attachments import GUARDS
from playground.views.streaming import PIECE, Streamed

LARGEST = 32 * 2**20
SECONDS = 30


class NotShown(Exception):
    """What lies at an address is nothing that a page may show; the text is one sentence."""


@require_POST
@member_required
def picture(request: MemberRequest, uuid: UUID) -> HttpResponseBase:
    """What lies at the address that was pressed in the answer of a run."""
    run = Run.objects.filter(team=request.team, uuid=uuid).select_related("key__gateway").first()
    if run is None:
        raise Http404
    try:
        url = _url(request)
        if (kept := kept_of(run, url)) and kept.is_shown and kept.path.is_file():
            headers = {**GUARDS, "Content-Length": str(kept.size)}
            return Streamed(_pieces(kept), content_type=kept.mime, headers=headers)
        content, mime = async_to_sync(_fetched)(*_place(request, run, url))
        with suppress(OSError):  # a full disk is no reason not to show it
            keep_bytes(run, url, content, mime)
    except NotShown as error:
        return JsonResponse({"message": str(error)}, status=422)
    except GatewayError:
        return JsonResponse({"message": _("It could not be fetched from there.")}, status=502)
    return HttpResponse(content, content_type=mime, headers=GUARDS)


def _pieces(kept: Attachment) -> Iterator[bytes]:
    with kept.open() as file:
        yield from iter(partial(file.read, PIECE), b"")


def _url(request: MemberRequest) -> str:
    try:
        return str(json.loads(request.body)["url"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotShown(_("This is no address that can be fetched.")) from None


def _place(request: MemberRequest, run: Run, url: str) -> tuple[str, Route]:
    """The path of an address and the route to it."""
    try:
        origin, path = parted(url)
    except ValueError:
        raise NotShown(_("This is no address that can be fetched.")) from None
    return path, _own_route(request, run, origin, path) or Route(origin, "", trusted=False)


def _own_route(request: MemberRequest, run: Run, origin: str, path: str) -> Route | None:
    """The way to a trusted gateway's own files, which may be fetched wherever it stands; every other address is checked."""
    if run.key is None:
        return None
    home = run.key.gateway
    if home.is_sandbox:
        own = own_address(getattr(request, "scope", {}))
        is_inside = path.startswith("/sandbox/") and ".." not in unquote(path)
        is_here = origin in (own, f"{request.scheme}://{request.get_host()}")
        # It is asked where this server really stands: a request may claim any name for its own.
        return Route(own, "", trusted=True) if settings.SANDBOX and is_inside and is_here else None
    return Route(origin, "", trusted=True) if home.trusted and origin == _origin_of(home.base_url) else None


def _origin_of(base_url: str) -> str:
    try:
        return parted(base_url)[0]
    except BadAddress:
        return ""


async def _fetched(path: str, route: Route) -> tuple[bytes, str]:
    """The bytes and what they are by how they begin. Raises NotShown, GatewayError."""
    call = Call(operation="", dialect="", auth="none", method="GET", path=path, streaming=True)
    limits = Limits(first_byte=SECONDS, silence=SECONDS, total=2 * SECONDS, run_bytes=LARGEST)
    door = gateway.Door(transport=settings.CALL_TRANSPORT, allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
    try:
        async with gateway.send(call, route, limits, door) as answer:
            if answer.status != 200:
                raise NotShown(_("It answered with status %(status)s.") % {"status": answer.status})
            content = b"".join([data async for data in answer.reads()])
    finally:
        await door.close()
    mime = mime_of_bytes(content[:64], "")
    if not SHOWN.fullmatch(mime):
        raise NotShown(_("What lies there is no picture, sound or film."))
    return content, mime
