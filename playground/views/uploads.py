"""Uploads: a file comes in piece by piece, is known by its first bytes, and waits to be named in a call."""

import errno
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required
from playground.calls.attachments import MARK
from playground.models import Attachment, Incoming
from playground.models.kinds import kind_of
from playground.runs.away import storage_full

LONGEST_SAID = 400
AROUND_FILE = 2**16
FULL = (errno.ENOSPC, errno.EDQUOT)


class Refused(Exception):
    """A file that is not taken: the status of the answer, a code, one sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Receiving(FileUploadHandler):
    """Takes the first file of a form into the uploads' folder as it comes; what follows it is not read."""

    def __init__(self) -> None:
        super().__init__()
        self.incoming: Incoming | None = None
        self.name = self.said = ""
        self.is_too_large = False

    def new_file(self, field_name: str, file_name: str, content_type: str, *rest: Any) -> None:
        super().new_file(field_name, file_name, content_type, *rest)
        if self.incoming:
            raise StopUpload(connection_reset=True)
        self.name, self.said = file_name[-LONGEST_SAID:], content_type or ""
        self.incoming = Incoming()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.incoming
        if self.incoming.size + len(raw_data) > settings.UPLOAD_BYTES:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)
        self.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Nothing goes to `request.FILES`: the bytes are where they belong."""

    def drop(self) -> None:
        """Forget what came and was not kept."""
        if self.incoming:
            self.incoming.drop()

    @cached_property
    def mime(self) -> str:
        """What the file is. Raises Refused for what nobody can send anywhere."""
        if self.is_too_large:
            raise too_large()
        if self.incoming is None:
            raise Refused(400, "no_file", _("No file came. Choose one whose name has letters or digits in it."))
        if not self.incoming.size:
            raise Refused(400, "empty", _("The file is empty. Choose another one."))
        mime = kind_of(self.incoming.start, self.said)
        if mime is None:
            raise Refused(
                415,
                "wrong_kind",
                _(
                    "This kind of file cannot be sent. Choose PNG, JPEG, GIF, WebP, PDF, MP3, WAV, OGG, FLAC, M4A, WebM or MP4."
                ),
            )
        return mime


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file of a form. Where it goes is settled before anything, the check of the token too, reads the form."""
    receiving = Receiving()
    request.upload_handlers = [receiving]
    try:
        return _upload(request, receiving)
    except Refused as refused:
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=refused.status)
    except MultiPartParserError:
        message = _("The upload broke off or is no form. Try again.")
        return JsonResponse({"code": "bad_form", "message": message}, status=400)
    except OSError as error:
        if error.errno not in FULL:
            raise
        code, message = storage_full()
        return JsonResponse({"code": code, "message": message}, status=507)
    finally:
        receiving.drop()


@require_POST
@csrf_protect
def _upload(request: HttpRequest, receiving: Receiving) -> HttpResponse:
    _check_right(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_BYTES + AROUND_FILE:
        raise too_large()
    return JsonResponse(facts(_kept(request, receiving)), status=201)


def _check_right(request: HttpRequest) -> None:
    team, membership = request.team, request.membership  # type: ignore[attr-defined]
    if not request.user.is_authenticated or team is None:
        raise Refused(401, "signed_out", _("Sign in again to upload this file."))
    if not may(membership, "run", team):
        raise Refused(403, "forbidden", _("Your role in this team may look at files but not upload them."))


def _kept(request: HttpRequest, receiving: Receiving) -> Attachment:
    # Looking at the form's fields reads the form, where the check of the token has not done so.
    request.POST  # noqa: B018
    mime = receiving.mime
    assert receiving.incoming
    new = Attachment(team=request.team, owner=request.user, name=receiving.name, mime=mime)  # type: ignore[attr-defined,misc]
    receiving.incoming.keep(new)
    return new


def too_large() -> Refused:
    """The refusal of a file past the limit."""
    limit = {"limit": settings.UPLOAD_BYTES >> 20}
    return Refused(
        413, "too_large", _("The file is larger than %(limit)s MiB. Give it by its address, or a smaller one.") % limit
    )


@never_cache
@require_safe
@member_required
def about(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """What is known of one file, for a page that found its mark in a request."""
    found = Attachment.objects.visible_to(request.user).filter(pk=uuid).first()
    if found is None or not found.path.is_file():
        return JsonResponse({"code": "not_found", "message": _("This file is not kept here any more.")}, status=404)
    return JsonResponse(facts(found))


def facts(attachment: Attachment) -> dict[str, Any]:
    """A file as pages know it."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "mime": attachment.mime,
        "size": attachment.size,
        "url": attachment.url,
        "mark": f"{MARK}{attachment.pk}",
    }
