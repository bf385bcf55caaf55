"""Attachments: files of a team that are kept by us, those that people uploaded and those that answers brought."""

import hashlib
import os
import re
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.models import Membership

LONGEST_NAME = 150
INCOMING = ".incoming-"
# Shown in place by browsers without being able to run anything; all else is only ever saved.
SHOWN = re.compile(r"(?:image/(?:png|jpeg|gif|webp|avif)|(?:audio|video)/[\w.+-]+)")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Many attachments, spoken of together."""

    def visible_to(self, person: Any) -> "AttachmentQuerySet":
        """Those of runs are seen by their whole team, others by the one who uploaded them, while they belong to it."""
        of_runs = Q(run__isnull=False) | Exists(_links_of(OuterRef("pk")))
        member = Membership.objects.unlocked().filter(team=OuterRef("team"), user=person)
        return self.filter(of_runs | Q(owner=person), Exists(member))

    def unused(self) -> "AttachmentQuerySet":
        """Uploads that no run was started with, and no draft and no saved request refers to."""
        mark = Concat(Value("@file:"), Cast(OuterRef("pk"), models.TextField()))
        drafts = apps.get_model("playground", "Draft").objects.filter(team=OuterRef("team"), call__contains=mark)
        versions = apps.get_model("playground", "SavedVersion").objects
        saved = versions.filter(request__team=OuterRef("team"), call__contains=mark)
        free = self.filter(kind=Attachment.Kind.UPLOAD, run__isnull=True)
        return free.exclude(Exists(_links_of(OuterRef("pk"))) | Exists(drafts) | Exists(saved))

    def results(self) -> "AttachmentQuerySet":
        """What answers brought, in the order in which it came."""
        return self.filter(kind=Attachment.Kind.RESULT).order_by("created", "id")


class Attachment(models.Model):
    """A file. Its bytes lie in `DATA_DIR/uploads` under its id; names and types are what somebody said of them."""

    class Kind(models.TextChoices):
        UPLOAD = "upload"
        RESULT = "result"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="attachments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="attachments")
    # The run that brought it. Uploads are linked to all `runs` that were started with them.
    run = models.ForeignKey("playground.Run", models.CASCADE, null=True, related_name="attachments")
    runs = models.ManyToManyField("playground.Run", related_name="uploads")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.UPLOAD)
    name = models.CharField(max_length=LONGEST_NAME)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # A digest of where a result came from (addresses may hold secrets): the same thing is kept once.
    source = models.CharField(max_length=64, default="")
    created = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "source"], condition=Q(kind="result"), name="one_attachment_per_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.mime}, {self.size})"

    @property
    def path(self) -> Path:
        """Where its bytes lie."""
        return folder() / self.id.hex[:2] / self.id.hex

    @property
    def url(self) -> str:
        """Where members of its team get it."""
        return f"/attachments/{self.id}/"

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it in place."""
        return SHOWN.fullmatch(self.mime) is not None

    def open(self) -> BinaryIO:
        """Its bytes, for reading."""
        return self.path.open("rb")


def _links_of(attachment: Any) -> models.QuerySet[Any]:
    """The links between one attachment and the runs that were started with it."""
    return Attachment.runs.through._default_manager.filter(attachment=attachment)


class Incoming:
    """Bytes on their way to become an attachment; nothing is left of them when they do not."""

    def __init__(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), prefix=INCOMING)
        self._file, self._place = os.fdopen(handle, "wb"), Path(name)
        self._digest = hashlib.sha256()
        self.size = 0
        self.start = b""

    def write(self, data: bytes) -> None:
        """Take some more."""
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        if len(self.start) < 64:
            self.start = (self.start + data)[:64]

    def keep(self, attachment: Attachment) -> Attachment | None:
        """Make `attachment` the owner of these bytes and store it. None when the same result is kept already."""
        attachment.size, attachment.sha256 = self.size, self._digest.hexdigest()
        attachment.name = file_name(attachment.name)
        self._file.flush()
        self._file.close()
        attachment.path.parent.mkdir(exist_ok=True)
        self._place.replace(attachment.path)
        try:
            with transaction.atomic():
                kept = Attachment.objects.bulk_create([attachment], ignore_conflicts=True)[0]
                if Attachment.objects.filter(pk=kept.pk).exists():
                    return kept
        except BaseException:
            attachment.path.unlink(missing_ok=True)
            raise
        attachment.path.unlink(missing_ok=True)
        return None

    def drop(self) -> None:
        """Forget these bytes; after `keep` this does nothing."""
        with suppress(OSError):  # a full disk refuses the last of them again
            self._file.close()
        self._place.unlink(missing_ok=True)


def folder() -> Path:
    """Where the bytes of attachments lie."""
    return Path(settings.DATA_DIR) / "uploads"


def file_name(wished: str) -> str:
    """A name that no file system and no header stumbles over."""
    stem, dot, ending = wished.replace("/", " ").replace("\\", " ").strip(" .").rpartition(".")
    stem = stem if dot else ending
    try:
        stem = get_valid_filename(stem or "file")
    except ValueError:
        stem = "file"
    ending = re.sub(r"[^\w]", "", ending)[:10] if dot else ""
    return f"{stem[: LONGEST_NAME - 12]}.{ending}" if ending else stem[:LONGEST_NAME]


@receiver(post_delete, sender=Attachment)
def remove_bytes(instance: Attachment, **_: Any) -> None:
    """A deleted attachment leaves no bytes behind, once its deletion holds."""
    path = instance.path
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
